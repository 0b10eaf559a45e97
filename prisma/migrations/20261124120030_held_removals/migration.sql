-- CreateEnum
CREATE TYPE "RemovalCause" AS ENUM ('IMPORT', 'MAPPING', 'AUDIT');

-- CreateEnum
CREATE TYPE "RemovalResolution" AS ENUM ('RELEASED', 'DROPPED', 'OVERTAKEN');

-- AlterEnum
ALTER TYPE "IntegrationProblemCode" ADD VALUE 'REMOVALS_HELD';

-- AlterTable
ALTER TABLE "location" ADD COLUMN     "guardLeastPeople" INTEGER NOT NULL DEFAULT 20,
ADD COLUMN     "guardSharePercent" INTEGER NOT NULL DEFAULT 50;

-- AlterTable
ALTER TABLE "access_right" ADD COLUMN     "heldGiven" BOOLEAN,
ADD COLUMN     "heldRemovalId" UUID,
ADD COLUMN     "heldWhy" TEXT;

-- CreateTable
CREATE TABLE "held_removal" (
    "id" UUID NOT NULL,
    "orgId" TEXT NOT NULL,
    "locationId" UUID NOT NULL,
    "integrationId" UUID NOT NULL,
    "accessGroupId" UUID NOT NULL,
    "changeId" UUID NOT NULL,
    "cause" "RemovalCause" NOT NULL,
    "detail" TEXT NOT NULL,
    "actor" TEXT NOT NULL,
    "startedAt" TIMESTAMPTZ(3) NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL,
    "judgedAt" TIMESTAMPTZ(3),
    "people" INTEGER NOT NULL DEFAULT 0,
    "inGroup" INTEGER NOT NULL DEFAULT 0,
    "resolution" "RemovalResolution",
    "resolvedAt" TIMESTAMPTZ(3),
    "resolvedBy" TEXT,

    CONSTRAINT "held_removal_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "held_removal_integrationId_id_idx" ON "held_removal"("integrationId", "id");

-- CreateIndex
CREATE UNIQUE INDEX "held_removal_changeId_accessGroupId_key" ON "held_removal"("changeId", "accessGroupId");

-- AddForeignKey
ALTER TABLE "access_right" ADD CONSTRAINT "access_right_heldRemovalId_fkey" FOREIGN KEY ("heldRemovalId") REFERENCES "held_removal"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "held_removal" ADD CONSTRAINT "held_removal_locationId_fkey" FOREIGN KEY ("locationId") REFERENCES "location"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "held_removal" ADD CONSTRAINT "held_removal_integrationId_fkey" FOREIGN KEY ("integrationId") REFERENCES "integration"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "held_removal" ADD CONSTRAINT "held_removal_accessGroupId_fkey" FOREIGN KEY ("accessGroupId") REFERENCES "access_group"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- What Prisma cannot express.

-- A right whose withdrawal is held makes room for another of the same source, person and group.
DROP INDEX "access_right_open_item";
CREATE UNIQUE INDEX "access_right_open_item" ON "access_right" ("subscriptionItemId", "memberId", "accessGroupId")
  WHERE "closedAt" IS NULL AND "subscriptionItemId" IS NOT NULL AND "heldRemovalId" IS NULL;
DROP INDEX "access_right_open_booking";
CREATE UNIQUE INDEX "access_right_open_booking" ON "access_right" ("bookingId", "memberId", "accessGroupId")
  WHERE "closedAt" IS NULL AND "bookingId" IS NOT NULL AND "heldRemovalId" IS NULL;

-- Few rights are ever held; the others must not pay for it.
CREATE INDEX "access_right_held" ON "access_right" ("heldRemovalId") WHERE "heldRemovalId" IS NOT NULL;
-- What the sweep looks through.
CREATE INDEX "held_removal_open" ON "held_removal" ("orgId", "id") WHERE "resolvedAt" IS NULL;

ALTER TABLE "access_right" ADD CONSTRAINT "access_right_held_why"
  CHECK ("heldRemovalId" IS NULL OR ("heldWhy" IS NOT NULL AND "heldGiven" IS NOT NULL));
ALTER TABLE "held_removal" ADD CONSTRAINT "held_removal_resolved" CHECK (("resolution" IS NULL) = ("resolvedAt" IS NULL));
ALTER TABLE "location" ADD CONSTRAINT "location_guard"
  CHECK ("guardSharePercent" BETWEEN 0 AND 100 AND "guardLeastPeople" >= 1);

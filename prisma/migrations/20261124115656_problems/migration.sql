-- AlterEnum
ALTER TYPE "IntegrationProblemCode" ADD VALUE 'ACCESS_AT_RISK';

-- AlterTable
ALTER TABLE "integration" ADD COLUMN     "authorizedAt" TIMESTAMPTZ(3);

-- AlterTable
ALTER TABLE "site" ADD COLUMN     "seatsReadAt" TIMESTAMPTZ(3);

-- AlterTable
ALTER TABLE "integration_problem" ADD COLUMN     "accessGroupId" UUID,
ADD COLUMN     "checkedAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP;

-- AlterTable
ALTER TABLE "access_group" ADD COLUMN     "schedules" JSONB NOT NULL DEFAULT '[]';

-- AlterTable
ALTER TABLE "provider_user" ADD COLUMN     "seatAwaited" BOOLEAN NOT NULL DEFAULT false;

-- AlterTable
ALTER TABLE "group_membership" ADD COLUMN     "provenFor" TIMESTAMPTZ(3);

-- CreateTable
CREATE TABLE "stranger" (
    "id" UUID NOT NULL,
    "orgId" TEXT NOT NULL,
    "accessGroupId" UUID NOT NULL,
    "platformUserId" TEXT NOT NULL,
    "memberId" UUID,
    "since" TIMESTAMPTZ(3) NOT NULL,
    "toldAt" TIMESTAMPTZ(3),

    CONSTRAINT "stranger_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "leaver" (
    "id" UUID NOT NULL,
    "orgId" TEXT NOT NULL,
    "accessGroupId" UUID NOT NULL,
    "memberId" UUID NOT NULL,
    "platformUserId" TEXT NOT NULL,
    "createdThereAt" TIMESTAMPTZ(3),
    "retryAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "leaver_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "stranger_accessGroupId_platformUserId_key" ON "stranger"("accessGroupId", "platformUserId");

-- CreateIndex
CREATE INDEX "leaver_retryAt_idx" ON "leaver"("retryAt");

-- CreateIndex
CREATE UNIQUE INDEX "leaver_accessGroupId_platformUserId_key" ON "leaver"("accessGroupId", "platformUserId");

-- AddForeignKey
ALTER TABLE "integration_problem" ADD CONSTRAINT "integration_problem_accessGroupId_fkey" FOREIGN KEY ("accessGroupId") REFERENCES "access_group"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "stranger" ADD CONSTRAINT "stranger_accessGroupId_fkey" FOREIGN KEY ("accessGroupId") REFERENCES "access_group"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "stranger" ADD CONSTRAINT "stranger_memberId_fkey" FOREIGN KEY ("memberId") REFERENCES "member"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "leaver" ADD CONSTRAINT "leaver_accessGroupId_fkey" FOREIGN KEY ("accessGroupId") REFERENCES "access_group"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "leaver" ADD CONSTRAINT "leaver_memberId_fkey" FOREIGN KEY ("memberId") REFERENCES "member"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- What Prisma cannot express.

-- One open problem of a kind, and of each group where it is about one.
DROP INDEX "integration_problem_open";
CREATE UNIQUE INDEX "integration_problem_open" ON "integration_problem"
  ("integrationId", "code", coalesce("accessGroupId", '00000000-0000-0000-0000-000000000000'))
  WHERE "closedAt" IS NULL;

-- The tokens of connections there are were consented to when these were connected.
UPDATE "integration" SET "authorizedAt" = "connectedAt";

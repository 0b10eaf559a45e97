-- DropIndex
DROP INDEX "booking_locationId_startsAt_id_idx";

-- DropIndex
DROP INDEX "booking_memberId_idx";

-- DropIndex
DROP INDEX "group_membership_accessGroupId_dueAt_idx";

-- DropIndex
DROP INDEX "group_membership_dueAt_idx";

-- DropIndex
DROP INDEX "mobile_key_renewAt_idx";

-- CreateTable
CREATE TABLE "activity_archive" (
    "id" UUID NOT NULL,
    "orgId" TEXT NOT NULL,
    "locationId" UUID NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "type" "ActivityType" NOT NULL,
    "memberId" UUID,
    "accessGroupId" UUID,
    "actor" TEXT NOT NULL,
    "detail" TEXT NOT NULL,
    "onceKey" TEXT,
    "archivedAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "activity_archive_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "member_orgId_id_idx" ON "member"("orgId", "id");

-- CreateIndex
CREATE INDEX "booking_locationId_startsAt_id_endsAt_idx" ON "booking"("locationId", "startsAt", "id", "endsAt");

-- CreateIndex
CREATE INDEX "booking_locationId_endsAt_idx" ON "booking"("locationId", "endsAt");

-- CreateIndex
CREATE INDEX "booking_memberId_endsAt_idx" ON "booking"("memberId", "endsAt");

-- CreateIndex
CREATE INDEX "group_membership_accessGroupId_id_idx" ON "group_membership"("accessGroupId", "id");

-- CreateIndex
CREATE INDEX "group_membership_integrationId_id_idx" ON "group_membership"("integrationId", "id");

-- CreateIndex
CREATE INDEX "activity_locationId_type_at_id_idx" ON "activity"("locationId", "type", "at" DESC, "id" DESC);

-- What Prisma cannot express: indexes of the few rows that somebody waits for, among the many that are at rest.

-- What is due in a group, the earliest first.
CREATE INDEX "group_membership_due" ON "group_membership" ("accessGroupId", "dueAt", "id") WHERE "managed" AND "dueAt" IS NOT NULL;

-- Rights that ended and are to be closed, and those of a location that hold or are to come.
CREATE INDEX "access_right_open_end" ON "access_right" ("endsAt") WHERE "closedAt" IS NULL AND "endsAt" IS NOT NULL;
CREATE INDEX "access_right_open_location" ON "access_right" ("locationId", "id") WHERE "closedAt" IS NULL;

-- Keys that ran out with their member's tokens are never renewed.
CREATE INDEX "mobile_key_to_renew" ON "mobile_key" ("renewAt") WHERE "sealedTokens" IS NOT NULL;

-- What is to be archived, the oldest first. KEY_AVAILABLE stays.
CREATE INDEX "activity_to_archive" ON "activity" ("at") WHERE "type" <> 'KEY_AVAILABLE';

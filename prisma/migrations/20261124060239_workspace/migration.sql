-- CreateSchema
CREATE SCHEMA IF NOT EXISTS "public";

-- CreateEnum
CREATE TYPE "UserRole" AS ENUM ('ADMIN', 'MEMBER', 'GUEST');

-- CreateEnum
CREATE TYPE "ResourceKind" AS ENUM ('ROOM', 'DESK', 'OFFICE', 'EQUIPMENT', 'PARKING');

-- CreateEnum
CREATE TYPE "LockProvider" AS ENUM ('SALTO_KS');

-- CreateEnum
CREATE TYPE "IntegrationStatus" AS ENUM ('AUTHORIZING', 'SELECTING_SITE', 'CONNECTED', 'NEEDS_REAUTHORIZATION', 'DISCONNECTED');

-- CreateEnum
CREATE TYPE "IntegrationProblemCode" AS ENUM ('REAUTHORIZATION_NEEDED', 'PROVIDER_UNAVAILABLE', 'SEATS_ALMOST_FULL', 'SEATS_FULL', 'SITE_NOT_RELEASED', 'CLOCK_OR_ZONE_MISMATCH');

-- CreateEnum
CREATE TYPE "AccessReason" AS ENUM ('SUBSCRIPTION', 'ROOM_BOOKING', 'ROOM_INVITATION', 'DESK_BOOKING', 'OFFICE_BOOKING', 'EQUIPMENT_BOOKING', 'PARKING_BOOKING');

-- CreateEnum
CREATE TYPE "MembershipState" AS ENUM ('ABSENT', 'GRANTING', 'ACTIVE', 'REVOKING', 'UNKNOWN', 'BLOCKED');

-- CreateEnum
CREATE TYPE "BlockedCause" AS ENUM ('NO_SEAT', 'REFUSED', 'UNKNOWN_AT_PROVIDER', 'PERSON_BLOCKED', 'GROUP_MISSING');

-- CreateEnum
CREATE TYPE "ActivationStatus" AS ENUM ('ACTIVATING', 'SIGNED_IN', 'DONE', 'FAILED');

-- CreateEnum
CREATE TYPE "UnlockStatus" AS ENUM ('WAITING_FOR_BLUETOOTH_PERMISSION', 'READY', 'SIGNAL_SENT', 'REFUSED', 'NO_LOCK_FOUND', 'FAILED', 'CANCELED');

-- CreateEnum
CREATE TYPE "ActivityType" AS ENUM ('ACCESS_GRANTED', 'ACCESS_REVOKED', 'ACCESS_FAILED', 'ACCESS_DRIFT_FOUND', 'KEY_AVAILABLE', 'KEY_ACTIVATING', 'KEY_ACTIVATED', 'KEY_FAILED', 'UNLOCK_REPORTED', 'INTEGRATION_CONNECTED', 'SITE_SELECTED', 'INTEGRATION_DISCONNECTED', 'INTEGRATION_PROBLEM', 'SETTINGS_CHANGED');

-- CreateTable
CREATE TABLE "location" (
    "id" UUID NOT NULL,
    "orgId" TEXT NOT NULL,
    "externalId" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "timeZone" TEXT NOT NULL,
    "graceBeforeMinutes" INTEGER NOT NULL DEFAULT 30,
    "graceAfterMinutes" INTEGER NOT NULL DEFAULT 30,
    "asOf" TIMESTAMPTZ(3),
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "location_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "company" (
    "id" UUID NOT NULL,
    "orgId" TEXT NOT NULL,
    "externalId" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "asOf" TIMESTAMPTZ(3),
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "company_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "member" (
    "id" UUID NOT NULL,
    "orgId" TEXT NOT NULL,
    "externalId" TEXT NOT NULL,
    "email" TEXT NOT NULL,
    "emailKey" TEXT NOT NULL,
    "firstName" TEXT NOT NULL,
    "lastName" TEXT NOT NULL,
    "role" "UserRole" NOT NULL DEFAULT 'MEMBER',
    "companyId" UUID,
    "companySince" TIMESTAMPTZ(3),
    "removedAt" TIMESTAMPTZ(3),
    "asOf" TIMESTAMPTZ(3),
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "member_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "plan" (
    "id" UUID NOT NULL,
    "orgId" TEXT NOT NULL,
    "externalId" TEXT NOT NULL,
    "locationId" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "dayPassesPerMonth" INTEGER NOT NULL DEFAULT 0,
    "accessGroupId" UUID,
    "asOf" TIMESTAMPTZ(3),
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "plan_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "resource" (
    "id" UUID NOT NULL,
    "orgId" TEXT NOT NULL,
    "externalId" TEXT NOT NULL,
    "locationId" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "kind" "ResourceKind" NOT NULL,
    "accessGroupId" UUID,
    "asOf" TIMESTAMPTZ(3),
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "resource_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "member_subscription" (
    "id" UUID NOT NULL,
    "orgId" TEXT NOT NULL,
    "externalId" TEXT NOT NULL,
    "locationId" UUID NOT NULL,
    "memberId" UUID,
    "companyId" UUID,
    "startsOn" DATE NOT NULL,
    "endsOn" DATE,
    "canceledAt" TIMESTAMPTZ(3),
    "asOf" TIMESTAMPTZ(3),
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "member_subscription_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "subscription_item" (
    "id" UUID NOT NULL,
    "orgId" TEXT NOT NULL,
    "externalId" TEXT NOT NULL,
    "subscriptionId" UUID NOT NULL,
    "planId" UUID,
    "resourceId" UUID,
    "accessGroupId" UUID,
    "endedAt" TIMESTAMPTZ(3),
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "subscription_item_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "booking" (
    "id" UUID NOT NULL,
    "orgId" TEXT NOT NULL,
    "externalId" TEXT NOT NULL,
    "locationId" UUID NOT NULL,
    "resourceId" UUID NOT NULL,
    "memberId" UUID NOT NULL,
    "startsAt" TIMESTAMPTZ(3) NOT NULL,
    "endsAt" TIMESTAMPTZ(3) NOT NULL,
    "paidWithDayPass" BOOLEAN NOT NULL DEFAULT false,
    "canceledAt" TIMESTAMPTZ(3),
    "asOf" TIMESTAMPTZ(3),
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "booking_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "booking_invitee" (
    "bookingId" UUID NOT NULL,
    "memberId" UUID NOT NULL,
    "orgId" TEXT NOT NULL,
    "invitedAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "booking_invitee_pkey" PRIMARY KEY ("bookingId","memberId")
);

-- CreateTable
CREATE TABLE "day_pass_use" (
    "id" UUID NOT NULL,
    "orgId" TEXT NOT NULL,
    "locationId" UUID NOT NULL,
    "bookingId" UUID NOT NULL,
    "memberId" UUID,
    "companyId" UUID,
    "pool" TEXT NOT NULL,
    "month" TEXT NOT NULL,
    "day" DATE NOT NULL,
    "slot" INTEGER NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "day_pass_use_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "integration" (
    "id" UUID NOT NULL,
    "orgId" TEXT NOT NULL,
    "locationId" UUID NOT NULL,
    "provider" "LockProvider" NOT NULL DEFAULT 'SALTO_KS',
    "status" "IntegrationStatus" NOT NULL,
    "statusBefore" "IntegrationStatus",
    "siteExternalId" TEXT,
    "siteHeld" BOOLEAN NOT NULL DEFAULT false,
    "digitalKeyVisibility" "UserRole"[] DEFAULT ARRAY['ADMIN', 'MEMBER', 'GUEST']::"UserRole"[],
    "pausedUntil" TIMESTAMPTZ(3),
    "unavailableSince" TIMESTAMPTZ(3),
    "entriesCursorAt" TIMESTAMPTZ(3),
    "entriesCursorId" TEXT,
    "lastSyncedAt" TIMESTAMPTZ(3),
    "connectedAt" TIMESTAMPTZ(3),
    "disconnectedAt" TIMESTAMPTZ(3),
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "integration_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "integration_token" (
    "integrationId" UUID NOT NULL,
    "orgId" TEXT NOT NULL,
    "accessToken" TEXT NOT NULL,
    "refreshToken" TEXT,
    "expiresAt" TIMESTAMPTZ(3) NOT NULL,
    "refusedAt" TIMESTAMPTZ(3),
    "updatedAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "integration_token_pkey" PRIMARY KEY ("integrationId")
);

-- CreateTable
CREATE TABLE "consent" (
    "stateHash" TEXT NOT NULL,
    "orgId" TEXT NOT NULL,
    "locationId" UUID NOT NULL,
    "startedBy" TEXT NOT NULL,
    "cookieHash" TEXT,
    "verifier" TEXT NOT NULL,
    "expiresAt" TIMESTAMPTZ(3) NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "consent_pkey" PRIMARY KEY ("stateHash")
);

-- CreateTable
CREATE TABLE "site" (
    "id" UUID NOT NULL,
    "orgId" TEXT NOT NULL,
    "integrationId" UUID NOT NULL,
    "externalId" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "timeZone" TEXT,
    "digitalKeysSupported" BOOLEAN NOT NULL,
    "released" BOOLEAN NOT NULL DEFAULT true,
    "seatsTotal" INTEGER,
    "seatsUsed" INTEGER,

    CONSTRAINT "site_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "integration_problem" (
    "id" UUID NOT NULL,
    "orgId" TEXT NOT NULL,
    "integrationId" UUID NOT NULL,
    "code" "IntegrationProblemCode" NOT NULL,
    "message" TEXT NOT NULL,
    "since" TIMESTAMPTZ(3) NOT NULL,
    "closedAt" TIMESTAMPTZ(3),

    CONSTRAINT "integration_problem_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "access_group" (
    "id" UUID NOT NULL,
    "orgId" TEXT NOT NULL,
    "locationId" UUID NOT NULL,
    "integrationId" UUID NOT NULL,
    "siteExternalId" TEXT NOT NULL,
    "externalId" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "scheduled" BOOLEAN NOT NULL DEFAULT false,
    "alwaysOpen" BOOLEAN NOT NULL DEFAULT false,
    "strangers" INTEGER NOT NULL DEFAULT 0,
    "missingSince" TIMESTAMPTZ(3),
    "auditedAt" TIMESTAMPTZ(3),
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "access_group_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "lock" (
    "id" UUID NOT NULL,
    "orgId" TEXT NOT NULL,
    "integrationId" UUID NOT NULL,
    "siteExternalId" TEXT NOT NULL,
    "externalId" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "online" BOOLEAN,

    CONSTRAINT "lock_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "access_group_lock" (
    "accessGroupId" UUID NOT NULL,
    "lockId" UUID NOT NULL,
    "orgId" TEXT NOT NULL,

    CONSTRAINT "access_group_lock_pkey" PRIMARY KEY ("accessGroupId","lockId")
);

-- CreateTable
CREATE TABLE "provider_user" (
    "id" UUID NOT NULL,
    "orgId" TEXT NOT NULL,
    "integrationId" UUID NOT NULL,
    "siteExternalId" TEXT NOT NULL,
    "memberId" UUID NOT NULL,
    "email" TEXT NOT NULL,
    "siteUserId" TEXT,
    "platformUserId" TEXT,
    "createdThereAt" TIMESTAMPTZ(3),
    "settledAt" TIMESTAMPTZ(3),
    "subscriptionState" TEXT,
    "blocked" BOOLEAN NOT NULL DEFAULT false,
    "checkedAt" TIMESTAMPTZ(3),
    "claimToken" TEXT,
    "claimedUntil" TIMESTAMPTZ(3),

    CONSTRAINT "provider_user_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "access_right" (
    "id" UUID NOT NULL,
    "orgId" TEXT NOT NULL,
    "locationId" UUID NOT NULL,
    "memberId" UUID NOT NULL,
    "accessGroupId" UUID NOT NULL,
    "reason" "AccessReason" NOT NULL,
    "subscriptionItemId" UUID,
    "bookingId" UUID,
    "startsAt" TIMESTAMPTZ(3) NOT NULL,
    "endsAt" TIMESTAMPTZ(3),
    "createdAt" TIMESTAMPTZ(3) NOT NULL,
    "withdrawnAt" TIMESTAMPTZ(3),
    "withdrawnWhy" TEXT,
    "closedAt" TIMESTAMPTZ(3),

    CONSTRAINT "access_right_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "group_membership" (
    "id" UUID NOT NULL,
    "orgId" TEXT NOT NULL,
    "locationId" UUID NOT NULL,
    "integrationId" UUID NOT NULL,
    "memberId" UUID NOT NULL,
    "accessGroupId" UUID NOT NULL,
    "wanted" BOOLEAN NOT NULL DEFAULT false,
    "state" "MembershipState" NOT NULL DEFAULT 'ABSENT',
    "blockedCause" "BlockedCause",
    "held" BOOLEAN NOT NULL DEFAULT false,
    "managed" BOOLEAN NOT NULL DEFAULT true,
    "windowFrom" TIMESTAMPTZ(3),
    "windowUntil" TIMESTAMPTZ(3),
    "nextChangeAt" TIMESTAMPTZ(3),
    "dueAt" TIMESTAMPTZ(3),
    "retryAt" TIMESTAMPTZ(3),
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "lastError" TEXT,
    "failing" BOOLEAN NOT NULL DEFAULT false,
    "preparedFor" TIMESTAMPTZ(3),
    "version" INTEGER NOT NULL DEFAULT 0,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "group_membership_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "group_claim" (
    "accessGroupId" UUID NOT NULL,
    "orgId" TEXT NOT NULL,
    "token" UUID NOT NULL,
    "until" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "group_claim_pkey" PRIMARY KEY ("accessGroupId")
);

-- CreateTable
CREATE TABLE "device" (
    "id" UUID NOT NULL,
    "orgId" TEXT NOT NULL,
    "memberId" UUID NOT NULL,
    "uid" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "publicKey" TEXT NOT NULL,
    "bluetoothAllowedAt" TIMESTAMPTZ(3),
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "device_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "mobile_key" (
    "id" UUID NOT NULL,
    "orgId" TEXT NOT NULL,
    "memberId" UUID NOT NULL,
    "locationId" UUID NOT NULL,
    "integrationId" UUID NOT NULL,
    "siteExternalId" TEXT NOT NULL,
    "deviceId" UUID NOT NULL,
    "providerDeviceId" TEXT NOT NULL,
    "providerKeyId" TEXT,
    "sealedKey" TEXT NOT NULL,
    "issuedAt" TIMESTAMPTZ(3) NOT NULL,
    "expiresAt" TIMESTAMPTZ(3) NOT NULL,
    "renewAt" TIMESTAMPTZ(3) NOT NULL,
    "cancelledAt" TIMESTAMPTZ(3),
    "sealedTokens" TEXT,
    "tokensExpireAt" TIMESTAMPTZ(3),
    "activatedAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "mobile_key_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "activation" (
    "id" UUID NOT NULL,
    "orgId" TEXT NOT NULL,
    "memberId" UUID NOT NULL,
    "locationId" UUID NOT NULL,
    "integrationId" UUID NOT NULL,
    "deviceId" UUID NOT NULL,
    "status" "ActivationStatus" NOT NULL,
    "ticketHash" TEXT NOT NULL,
    "ticketExpiresAt" TIMESTAMPTZ(3) NOT NULL,
    "ticketUsedAt" TIMESTAMPTZ(3),
    "stateHash" TEXT,
    "verifier" TEXT,
    "sealedTokens" TEXT,
    "tokensExpireAt" TIMESTAMPTZ(3),
    "startedAt" TIMESTAMPTZ(3) NOT NULL,
    "deadline" TIMESTAMPTZ(3) NOT NULL,
    "finishedAt" TIMESTAMPTZ(3),
    "failureMessage" TEXT,

    CONSTRAINT "activation_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "unlock" (
    "id" UUID NOT NULL,
    "orgId" TEXT NOT NULL,
    "memberId" UUID NOT NULL,
    "locationId" UUID NOT NULL,
    "deviceId" UUID NOT NULL,
    "status" "UnlockStatus" NOT NULL,
    "outcome" TEXT,
    "startedAt" TIMESTAMPTZ(3) NOT NULL,
    "finishedAt" TIMESTAMPTZ(3),

    CONSTRAINT "unlock_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "oidc_record" (
    "model" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "payload" JSONB NOT NULL,
    "grantId" TEXT,
    "expiresAt" TIMESTAMPTZ(3) NOT NULL,
    "consumedAt" TIMESTAMPTZ(3),

    CONSTRAINT "oidc_record_pkey" PRIMARY KEY ("model","id")
);

-- CreateTable
CREATE TABLE "signing_key" (
    "id" TEXT NOT NULL,
    "sealedKey" TEXT NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "signing_key_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "activity" (
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

    CONSTRAINT "activity_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "location_orgId_externalId_key" ON "location"("orgId", "externalId");

-- CreateIndex
CREATE UNIQUE INDEX "company_orgId_externalId_key" ON "company"("orgId", "externalId");

-- CreateIndex
CREATE INDEX "member_companyId_idx" ON "member"("companyId");

-- CreateIndex
CREATE UNIQUE INDEX "member_orgId_externalId_key" ON "member"("orgId", "externalId");

-- CreateIndex
CREATE INDEX "plan_locationId_id_idx" ON "plan"("locationId", "id");

-- CreateIndex
CREATE INDEX "plan_accessGroupId_idx" ON "plan"("accessGroupId");

-- CreateIndex
CREATE UNIQUE INDEX "plan_orgId_externalId_key" ON "plan"("orgId", "externalId");

-- CreateIndex
CREATE INDEX "resource_locationId_id_idx" ON "resource"("locationId", "id");

-- CreateIndex
CREATE INDEX "resource_accessGroupId_idx" ON "resource"("accessGroupId");

-- CreateIndex
CREATE UNIQUE INDEX "resource_orgId_externalId_key" ON "resource"("orgId", "externalId");

-- CreateIndex
CREATE INDEX "member_subscription_locationId_id_idx" ON "member_subscription"("locationId", "id");

-- CreateIndex
CREATE INDEX "member_subscription_memberId_idx" ON "member_subscription"("memberId");

-- CreateIndex
CREATE INDEX "member_subscription_companyId_idx" ON "member_subscription"("companyId");

-- CreateIndex
CREATE UNIQUE INDEX "member_subscription_orgId_externalId_key" ON "member_subscription"("orgId", "externalId");

-- CreateIndex
CREATE INDEX "subscription_item_subscriptionId_idx" ON "subscription_item"("subscriptionId");

-- CreateIndex
CREATE INDEX "subscription_item_planId_idx" ON "subscription_item"("planId");

-- CreateIndex
CREATE INDEX "subscription_item_resourceId_idx" ON "subscription_item"("resourceId");

-- CreateIndex
CREATE INDEX "subscription_item_accessGroupId_idx" ON "subscription_item"("accessGroupId");

-- CreateIndex
CREATE UNIQUE INDEX "subscription_item_orgId_externalId_key" ON "subscription_item"("orgId", "externalId");

-- CreateIndex
CREATE INDEX "booking_locationId_startsAt_id_idx" ON "booking"("locationId", "startsAt", "id");

-- CreateIndex
CREATE INDEX "booking_resourceId_endsAt_idx" ON "booking"("resourceId", "endsAt");

-- CreateIndex
CREATE INDEX "booking_memberId_idx" ON "booking"("memberId");

-- CreateIndex
CREATE UNIQUE INDEX "booking_orgId_externalId_key" ON "booking"("orgId", "externalId");

-- CreateIndex
CREATE INDEX "booking_invitee_memberId_idx" ON "booking_invitee"("memberId");

-- CreateIndex
CREATE UNIQUE INDEX "day_pass_use_locationId_pool_month_slot_key" ON "day_pass_use"("locationId", "pool", "month", "slot");

-- CreateIndex
CREATE UNIQUE INDEX "day_pass_use_bookingId_day_key" ON "day_pass_use"("bookingId", "day");

-- CreateIndex
CREATE UNIQUE INDEX "integration_locationId_key" ON "integration"("locationId");

-- CreateIndex
CREATE INDEX "integration_orgId_idx" ON "integration"("orgId");

-- CreateIndex
CREATE INDEX "consent_locationId_idx" ON "consent"("locationId");

-- CreateIndex
CREATE UNIQUE INDEX "site_integrationId_externalId_key" ON "site"("integrationId", "externalId");

-- CreateIndex
CREATE INDEX "integration_problem_integrationId_closedAt_idx" ON "integration_problem"("integrationId", "closedAt");

-- CreateIndex
CREATE INDEX "access_group_locationId_idx" ON "access_group"("locationId");

-- CreateIndex
CREATE UNIQUE INDEX "access_group_integrationId_siteExternalId_externalId_key" ON "access_group"("integrationId", "siteExternalId", "externalId");

-- CreateIndex
CREATE UNIQUE INDEX "lock_integrationId_siteExternalId_externalId_key" ON "lock"("integrationId", "siteExternalId", "externalId");

-- CreateIndex
CREATE INDEX "access_group_lock_lockId_idx" ON "access_group_lock"("lockId");

-- CreateIndex
CREATE INDEX "provider_user_integrationId_platformUserId_idx" ON "provider_user"("integrationId", "platformUserId");

-- CreateIndex
CREATE INDEX "provider_user_memberId_idx" ON "provider_user"("memberId");

-- CreateIndex
CREATE UNIQUE INDEX "provider_user_integrationId_siteExternalId_memberId_key" ON "provider_user"("integrationId", "siteExternalId", "memberId");

-- CreateIndex
CREATE INDEX "access_right_memberId_locationId_startsAt_idx" ON "access_right"("memberId", "locationId", "startsAt");

-- CreateIndex
CREATE INDEX "access_right_locationId_id_idx" ON "access_right"("locationId", "id");

-- CreateIndex
CREATE INDEX "access_right_subscriptionItemId_idx" ON "access_right"("subscriptionItemId");

-- CreateIndex
CREATE INDEX "access_right_bookingId_idx" ON "access_right"("bookingId");

-- CreateIndex
CREATE INDEX "group_membership_accessGroupId_dueAt_idx" ON "group_membership"("accessGroupId", "dueAt");

-- CreateIndex
CREATE INDEX "group_membership_integrationId_state_idx" ON "group_membership"("integrationId", "state");

-- CreateIndex
CREATE INDEX "group_membership_dueAt_idx" ON "group_membership"("dueAt");

-- CreateIndex
CREATE UNIQUE INDEX "group_membership_memberId_accessGroupId_key" ON "group_membership"("memberId", "accessGroupId");

-- CreateIndex
CREATE UNIQUE INDEX "device_memberId_uid_key" ON "device"("memberId", "uid");

-- CreateIndex
CREATE INDEX "mobile_key_memberId_locationId_idx" ON "mobile_key"("memberId", "locationId");

-- CreateIndex
CREATE INDEX "mobile_key_renewAt_idx" ON "mobile_key"("renewAt");

-- CreateIndex
CREATE UNIQUE INDEX "mobile_key_deviceId_integrationId_key" ON "mobile_key"("deviceId", "integrationId");

-- CreateIndex
CREATE UNIQUE INDEX "activation_ticketHash_key" ON "activation"("ticketHash");

-- CreateIndex
CREATE UNIQUE INDEX "activation_stateHash_key" ON "activation"("stateHash");

-- CreateIndex
CREATE INDEX "activation_memberId_locationId_startedAt_idx" ON "activation"("memberId", "locationId", "startedAt");

-- CreateIndex
CREATE INDEX "activation_status_deadline_idx" ON "activation"("status", "deadline");

-- CreateIndex
CREATE INDEX "unlock_memberId_startedAt_idx" ON "unlock"("memberId", "startedAt");

-- CreateIndex
CREATE INDEX "oidc_record_grantId_idx" ON "oidc_record"("grantId");

-- CreateIndex
CREATE INDEX "oidc_record_expiresAt_idx" ON "oidc_record"("expiresAt");

-- CreateIndex
CREATE INDEX "activity_locationId_at_id_idx" ON "activity"("locationId", "at" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "activity_memberId_at_idx" ON "activity"("memberId", "at" DESC);

-- CreateIndex
CREATE UNIQUE INDEX "activity_locationId_onceKey_key" ON "activity"("locationId", "onceKey");

-- AddForeignKey
ALTER TABLE "member" ADD CONSTRAINT "member_companyId_fkey" FOREIGN KEY ("companyId") REFERENCES "company"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "plan" ADD CONSTRAINT "plan_locationId_fkey" FOREIGN KEY ("locationId") REFERENCES "location"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "plan" ADD CONSTRAINT "plan_accessGroupId_fkey" FOREIGN KEY ("accessGroupId") REFERENCES "access_group"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "resource" ADD CONSTRAINT "resource_locationId_fkey" FOREIGN KEY ("locationId") REFERENCES "location"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "resource" ADD CONSTRAINT "resource_accessGroupId_fkey" FOREIGN KEY ("accessGroupId") REFERENCES "access_group"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "member_subscription" ADD CONSTRAINT "member_subscription_locationId_fkey" FOREIGN KEY ("locationId") REFERENCES "location"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "member_subscription" ADD CONSTRAINT "member_subscription_memberId_fkey" FOREIGN KEY ("memberId") REFERENCES "member"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "member_subscription" ADD CONSTRAINT "member_subscription_companyId_fkey" FOREIGN KEY ("companyId") REFERENCES "company"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "subscription_item" ADD CONSTRAINT "subscription_item_subscriptionId_fkey" FOREIGN KEY ("subscriptionId") REFERENCES "member_subscription"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "subscription_item" ADD CONSTRAINT "subscription_item_planId_fkey" FOREIGN KEY ("planId") REFERENCES "plan"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "subscription_item" ADD CONSTRAINT "subscription_item_resourceId_fkey" FOREIGN KEY ("resourceId") REFERENCES "resource"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "subscription_item" ADD CONSTRAINT "subscription_item_accessGroupId_fkey" FOREIGN KEY ("accessGroupId") REFERENCES "access_group"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "booking" ADD CONSTRAINT "booking_locationId_fkey" FOREIGN KEY ("locationId") REFERENCES "location"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "booking" ADD CONSTRAINT "booking_resourceId_fkey" FOREIGN KEY ("resourceId") REFERENCES "resource"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "booking" ADD CONSTRAINT "booking_memberId_fkey" FOREIGN KEY ("memberId") REFERENCES "member"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "booking_invitee" ADD CONSTRAINT "booking_invitee_bookingId_fkey" FOREIGN KEY ("bookingId") REFERENCES "booking"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "booking_invitee" ADD CONSTRAINT "booking_invitee_memberId_fkey" FOREIGN KEY ("memberId") REFERENCES "member"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "day_pass_use" ADD CONSTRAINT "day_pass_use_bookingId_fkey" FOREIGN KEY ("bookingId") REFERENCES "booking"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "day_pass_use" ADD CONSTRAINT "day_pass_use_memberId_fkey" FOREIGN KEY ("memberId") REFERENCES "member"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "day_pass_use" ADD CONSTRAINT "day_pass_use_companyId_fkey" FOREIGN KEY ("companyId") REFERENCES "company"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "integration" ADD CONSTRAINT "integration_locationId_fkey" FOREIGN KEY ("locationId") REFERENCES "location"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "integration_token" ADD CONSTRAINT "integration_token_integrationId_fkey" FOREIGN KEY ("integrationId") REFERENCES "integration"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "site" ADD CONSTRAINT "site_integrationId_fkey" FOREIGN KEY ("integrationId") REFERENCES "integration"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "integration_problem" ADD CONSTRAINT "integration_problem_integrationId_fkey" FOREIGN KEY ("integrationId") REFERENCES "integration"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "access_group" ADD CONSTRAINT "access_group_locationId_fkey" FOREIGN KEY ("locationId") REFERENCES "location"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "access_group" ADD CONSTRAINT "access_group_integrationId_fkey" FOREIGN KEY ("integrationId") REFERENCES "integration"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "lock" ADD CONSTRAINT "lock_integrationId_fkey" FOREIGN KEY ("integrationId") REFERENCES "integration"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "access_group_lock" ADD CONSTRAINT "access_group_lock_accessGroupId_fkey" FOREIGN KEY ("accessGroupId") REFERENCES "access_group"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "access_group_lock" ADD CONSTRAINT "access_group_lock_lockId_fkey" FOREIGN KEY ("lockId") REFERENCES "lock"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "provider_user" ADD CONSTRAINT "provider_user_integrationId_fkey" FOREIGN KEY ("integrationId") REFERENCES "integration"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "provider_user" ADD CONSTRAINT "provider_user_memberId_fkey" FOREIGN KEY ("memberId") REFERENCES "member"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "access_right" ADD CONSTRAINT "access_right_locationId_fkey" FOREIGN KEY ("locationId") REFERENCES "location"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "access_right" ADD CONSTRAINT "access_right_memberId_fkey" FOREIGN KEY ("memberId") REFERENCES "member"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "access_right" ADD CONSTRAINT "access_right_accessGroupId_fkey" FOREIGN KEY ("accessGroupId") REFERENCES "access_group"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "access_right" ADD CONSTRAINT "access_right_subscriptionItemId_fkey" FOREIGN KEY ("subscriptionItemId") REFERENCES "subscription_item"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "access_right" ADD CONSTRAINT "access_right_bookingId_fkey" FOREIGN KEY ("bookingId") REFERENCES "booking"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "group_membership" ADD CONSTRAINT "group_membership_locationId_fkey" FOREIGN KEY ("locationId") REFERENCES "location"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "group_membership" ADD CONSTRAINT "group_membership_integrationId_fkey" FOREIGN KEY ("integrationId") REFERENCES "integration"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "group_membership" ADD CONSTRAINT "group_membership_memberId_fkey" FOREIGN KEY ("memberId") REFERENCES "member"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "group_membership" ADD CONSTRAINT "group_membership_accessGroupId_fkey" FOREIGN KEY ("accessGroupId") REFERENCES "access_group"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "device" ADD CONSTRAINT "device_memberId_fkey" FOREIGN KEY ("memberId") REFERENCES "member"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "mobile_key" ADD CONSTRAINT "mobile_key_integrationId_fkey" FOREIGN KEY ("integrationId") REFERENCES "integration"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "mobile_key" ADD CONSTRAINT "mobile_key_deviceId_fkey" FOREIGN KEY ("deviceId") REFERENCES "device"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "activation" ADD CONSTRAINT "activation_memberId_fkey" FOREIGN KEY ("memberId") REFERENCES "member"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "activation" ADD CONSTRAINT "activation_integrationId_fkey" FOREIGN KEY ("integrationId") REFERENCES "integration"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "activation" ADD CONSTRAINT "activation_deviceId_fkey" FOREIGN KEY ("deviceId") REFERENCES "device"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "unlock" ADD CONSTRAINT "unlock_memberId_fkey" FOREIGN KEY ("memberId") REFERENCES "member"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "unlock" ADD CONSTRAINT "unlock_deviceId_fkey" FOREIGN KEY ("deviceId") REFERENCES "device"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "activity" ADD CONSTRAINT "activity_locationId_fkey" FOREIGN KEY ("locationId") REFERENCES "location"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "activity" ADD CONSTRAINT "activity_memberId_fkey" FOREIGN KEY ("memberId") REFERENCES "member"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "activity" ADD CONSTRAINT "activity_accessGroupId_fkey" FOREIGN KEY ("accessGroupId") REFERENCES "access_group"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- What Prisma cannot express.

-- One person per e-mail address in an organisation; an address is free again once its member is removed.
CREATE UNIQUE INDEX "member_email_key" ON "member" ("orgId", "emailKey") WHERE "removedAt" IS NULL;

-- An open right is one reason for one person in one group.
CREATE UNIQUE INDEX "access_right_open_item" ON "access_right" ("subscriptionItemId", "memberId", "accessGroupId")
  WHERE "closedAt" IS NULL AND "subscriptionItemId" IS NOT NULL;
CREATE UNIQUE INDEX "access_right_open_booking" ON "access_right" ("bookingId", "memberId", "accessGroupId")
  WHERE "closedAt" IS NULL AND "bookingId" IS NOT NULL;
-- The rights a membership is made of.
CREATE INDEX "access_right_open_pair" ON "access_right" ("memberId", "accessGroupId") WHERE "closedAt" IS NULL;

-- Two ledgers on one site would revoke each other's people: a site is held by one location at a time.
CREATE UNIQUE INDEX "integration_site_held" ON "integration" ("provider", "siteExternalId") WHERE "siteHeld";

-- One open problem of a kind.
CREATE UNIQUE INDEX "integration_problem_open" ON "integration_problem" ("integrationId", "code") WHERE "closedAt" IS NULL;

ALTER TABLE "access_right" ADD CONSTRAINT "access_right_one_source"
  CHECK (("subscriptionItemId" IS NULL) <> ("bookingId" IS NULL));
ALTER TABLE "access_right" ADD CONSTRAINT "access_right_window" CHECK ("endsAt" IS NULL OR "endsAt" >= "startsAt");
ALTER TABLE "member_subscription" ADD CONSTRAINT "member_subscription_one_subscriber"
  CHECK (("memberId" IS NULL) <> ("companyId" IS NULL));
ALTER TABLE "subscription_item" ADD CONSTRAINT "subscription_item_one_thing"
  CHECK (("planId" IS NULL) <> ("resourceId" IS NULL));
ALTER TABLE "booking" ADD CONSTRAINT "booking_window" CHECK ("endsAt" > "startsAt");
ALTER TABLE "day_pass_use" ADD CONSTRAINT "day_pass_use_one_pool"
  CHECK (("memberId" IS NULL) <> ("companyId" IS NULL));

/** Where live subscribers listen. An announcement tells only that it is time to look again. */
export const memberTopic = (memberId: string): string => `member:${memberId}`;
/** what an integration or every digital key of a location is made of */
export const locationTopic = (locationId: string): string => `location:${locationId}`;
export const activityTopic = (locationId: string): string => `activity:${locationId}`;
/** for a token whose subject is no member yet */
export const subjectTopic = (orgId: string, memberExternalId: string): string => `subject:${orgId}/${memberExternalId}`;

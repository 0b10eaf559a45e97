import { z } from 'zod';

// What we read of SALTO's answers, and no more: other fields are ignored. Only ids are insisted on; anything else may be missing or of
// another kind, and then counts as not said.

const said = <T>(schema: z.ZodType<T>) => schema.nullish().catch(null);
const id = z.string().min(1);

export const anything = z.unknown();

export const siteShape = z.object({
  id,
  customer_reference: said(z.string()),
  time_zone: said(z.string()),
  installation_state: said(z.string()),
  subscribed_user_amount: said(z.number()),
  active_user_amount: said(z.number()),
  mkey_compatible: said(z.boolean()),
});

const roleCode = z.object({ code: said(z.string()) });

export const roleShape = z.object({ id, code: said(z.string()) });

export const ownSiteUserShape = z.object({ roles: said(z.array(roleCode)), ownership_state: said(z.string()) });

export const siteUserShape = z.object({
  id,
  user: said(z.object({ id, email: said(z.string()) })),
  blocked: said(z.boolean()),
  subscription_state: said(z.string()),
});

export const groupShape = z.object({ id, customer_reference: said(z.string()) });

export const groupPersonShape = z.object({ id });

export const scheduleShape = z.object({
  monday: said(z.boolean()),
  tuesday: said(z.boolean()),
  wednesday: said(z.boolean()),
  thursday: said(z.boolean()),
  friday: said(z.boolean()),
  saturday: said(z.boolean()),
  sunday: said(z.boolean()),
  start_time: said(z.string()),
  end_time: said(z.string()),
  start_date: said(z.string()),
  end_date: said(z.string()),
});

export const lockShape = z.object({ id, customer_reference: said(z.string()), online: said(z.boolean()) });

export const groupLockShape = z.object({ id });

export const meShape = z.object({ id, email: said(z.string()) });

export const deviceShape = z.object({
  id,
  device_uid: said(z.string()),
  mkey: said(
    z.object({ id: said(z.string()), key_id: said(z.string()), registration_date: said(z.string()), expiry_date: said(z.string()) }),
  ),
});

export const mobileKeyShape = z.object({ mkey_data: z.string().min(1) });

export const entryShape = z.object({
  id: said(z.string()),
  event_category: said(z.string()),
  event_detail: said(z.string()),
  utc_date_time: said(z.string()),
  lock_id: said(z.string()),
  lock_customer_reference: said(z.string()),
  user_id: said(z.string()),
  access_by: said(z.string()),
});

export type SiteShape = z.output<typeof siteShape>;
export type OwnSiteUserShape = z.output<typeof ownSiteUserShape>;
export type SiteUserShape = z.output<typeof siteUserShape>;
export type ScheduleShape = z.output<typeof scheduleShape>;
export type DeviceShape = z.output<typeof deviceShape>;
export type EntryShape = z.output<typeof entryShape>;

export interface Page<T> {
  items: T[];
  /** absolute URL of the next page */
  nextPageLink: string | null;
  continuationToken: string | null;
  /** of all pages; null where not asked for or not told */
  count: number | null;
}

/** A page of a list, in either of the two shapes that were seen: `{items, next_page_link, count}` or a bare array. */
export function pageOf<T>(item: z.ZodType<T>): z.ZodType<Page<T>> {
  const bare = z.array(item).transform((items) => ({ items, nextPageLink: null, continuationToken: null, count: null }));
  const wrapped = z
    .object({ items: z.array(item), next_page_link: said(z.string()), continuation_token: said(z.string()), count: said(z.number()) })
    .transform((page) => ({
      items: page.items,
      nextPageLink: page.next_page_link || null,
      continuationToken: page.continuation_token || null,
      count: page.count ?? null,
    }));
  return z.union([bare, wrapped]);
}

import { stableId } from './stable-id.ts';

/** Roles of a site (SALTO facts §2.3). Rank 0: extras outside the hierarchy. */
const ROLES = [
  { code: 'site_guest', name: 'Site Guest', rank: 1 },
  { code: 'site_user', name: 'Site User', rank: 2 },
  { code: 'site_super_user', name: 'Site Super User', rank: 3 },
  { code: 'site_admin', name: 'Site Admin', rank: 4 },
  { code: 'site_owner', name: 'Site Owner', rank: 5 },
  { code: 'site_mobile_user', name: 'Site Mobile User', rank: 0 },
  { code: 'site_remote_office_mode_user', name: 'Site Remote Office Mode User', rank: 0 },
  { code: 'site_pod_member', name: 'Site Pod Member', rank: 0 },
] as const;

export type RoleCode = (typeof ROLES)[number]['code'];
export const ROLE_CODES = ROLES.map((role) => role.code);

export function rankOf(codes: readonly RoleCode[]): number {
  return Math.max(0, ...ROLES.filter((role) => codes.includes(role.code)).map((role) => role.rank));
}

export const ADMIN_RANK = 4;

/** Standard roles have the same id on every site, or one per site when `perSite` (sources differ). */
function roleId(code: RoleCode, siteId: string, perSite: boolean): string {
  return perSite ? stableId('role', siteId, code) : stableId('role', code);
}

export function roleCodeOf(id: string, siteId: string, perSite: boolean): RoleCode | undefined {
  return ROLE_CODES.find((code) => roleId(code, siteId, perSite) === id.toLowerCase());
}

export function showRole(code: RoleCode, siteId: string, perSite: boolean): Record<string, unknown> {
  const role = ROLES.find((known) => known.code === code);
  const parent = ROLES.find((known) => role !== undefined && role.rank > 1 && known.rank === role.rank - 1);
  return {
    id: roleId(code, siteId, perSite),
    customer_reference: role?.name ?? code,
    code,
    parent_id: parent ? roleId(parent.code, siteId, perSite) : null,
    is_hierarchical: (role?.rank ?? 0) > 0,
  };
}

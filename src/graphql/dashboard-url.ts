import { isOperator } from '../app/caller.ts';
import type { Context } from './context.ts';

export const DASHBOARD_URL = 'Its page for operators of this installation, with the jobs about it; null for everybody else.';

/** The operators' page of a group or location; null for whoever could not open it. */
export function dashboardUrl({ caller, deps }: Context, kind: 'groups' | 'locations', id: string): string | null {
  const { publicUrl, operatorOrgIds } = deps.settings;
  return isOperator(caller, operatorOrgIds) ? `${publicUrl}/admin/${kind}/${id}` : null;
}

import { seatsOf, sitesOf } from '../people.ts';
import { rankOf, ROLE_CODES, showRole } from '../roles.ts';
import { listAnswer } from './lists.ts';
import { ok, VERSIONS, type ApiRoute } from './route.ts';
import { showSite, showSiteUser } from './show.ts';

/** Sites, roles and the caller's own record (SALTO facts §2.1–2.3). */
export const siteRoutes: ApiRoute[] = [
  {
    method: 'GET',
    path: '/sites',
    versions: VERSIONS,
    needs: 'token',
    handle(call) {
      const sites = sitesOf(call.state, call.person.id).map(({ site }) => site);
      const bare = call.version === 'v1.2' && call.state.switches.read('sitesShape', call.where) === 'array';
      return bare ? ok(sites.map((site) => showSite(call.state, site))) : listAnswer(call, sites, (site) => showSite(call.state, site));
    },
  },
  { method: 'GET', path: '/sites/:siteId', versions: VERSIONS, needs: 'site', handle: (call) => ok(showSite(call.state, call.site)) },
  {
    method: 'GET',
    path: '/sites/:siteId/subscription',
    versions: VERSIONS,
    needs: 'admin',
    handle: (call) => ok({ user_amount: seatsOf(call.state, call.site), type: 'default', features: call.site.features }),
  },
  {
    method: 'GET',
    path: '/sites/:siteId/roles',
    versions: VERSIONS,
    needs: 'site',
    handle(call) {
      const perSite = call.state.switches.read('rolesPerSite', call.where);
      const assignable = ROLE_CODES.filter((code) => rankOf([code]) <= rankOf(call.me.roles));
      return listAnswer(call, assignable, (code) => showRole(code, call.site.id, perSite));
    },
  },
  {
    method: 'GET',
    path: '/me',
    versions: VERSIONS,
    needs: 'token',
    handle: ({ person }) =>
      ok({
        id: person.id,
        first_name: person.firstName,
        last_name: person.lastName,
        phone: null,
        email: person.email,
        language: 'en',
        tag_number: null,
        tag_rf_id_uid: null,
        image_url: null,
      }),
  },
  {
    method: 'GET',
    path: '/sites/:siteId/me',
    versions: VERSIONS,
    needs: 'site',
    handle: (call) =>
      ok({
        ...showSiteUser(call.state, call.me),
        ownership_state: call.site.ownerId === call.person.id ? 'site_owner' : null,
        member_of_pods: [],
        guest_of_pods: [],
      }),
  },
  {
    method: 'GET',
    path: '/me/:siteId/activated_iqs',
    versions: VERSIONS,
    needs: 'site',
    handle: (call) => listAnswer(call, [], (iq) => iq),
  },
];

import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { addPlatformUser, personByEmail } from '../people.ts';
import { accountSchema, clientSchema, partnerSchema } from '../scenario.ts';
import type { SimulatorState } from '../state.ts';
import { ControlError, read } from './control-error.ts';
import { personCalled } from './lookup.ts';

const revocation = z.strictObject({
  accountEmail: z.email(),
  /** Access tokens too: otherwise they live on until they expire, as signed tokens do. */
  accessTokens: z.boolean().default(false),
});
/** All keys of one person, or of one device. */
const cancellation = z
  .strictObject({ email: z.email().optional(), deviceId: z.uuid().optional() })
  .refine((given) => (given.email ?? given.deviceId) !== undefined, 'needs email or deviceId');

/** Accounts, registered applications and partners; tokens and mobile keys taken away. */
export function registerIdentityEdits(app: FastifyInstance, state: SimulatorState): void {
  app.post('/_simulator/accounts', (http, reply) => {
    const { password, ...account } = read(accountSchema, http.body);
    const known = personByEmail(state, account.email);
    if (known) Object.assign(known, { ...account, password: password ?? null, hasProfile: true });
    const person = known ?? addPlatformUser(state, { ...account, password: password ?? null, hasProfile: true });
    return reply.code(201).send({ platformUserId: person.id });
  });
  app.post('/_simulator/clients', (http, reply) => {
    const client = read(clientSchema, http.body);
    state.identity.clients.set(client.id, client);
    return reply.code(201).send({ id: client.id });
  });
  app.post('/_simulator/partners', (http, reply) => {
    const partner = read(partnerSchema, http.body);
    state.identity.partners.set(partner.hint, partner);
    return reply.code(201).send({ hint: partner.hint });
  });
  app.post('/_simulator/tokens/revoke', (http) => {
    const { accountEmail, accessTokens } = read(revocation, http.body);
    const person = personCalled(state, accountEmail);
    let revoked = 0;
    for (const { family } of state.identity.refreshTokens.values()) {
      if (family.signIn.platformUserId !== person.id || family.revoked) continue;
      family.revoked = true;
      revoked += 1;
    }
    // Tokens carry whole seconds: those of the running second are meant as well.
    if (accessTokens) person.tokensRevokedAt = Math.floor(state.clock.now() / 1000) * 1000 + 1000;
    return { revokedSignIns: revoked };
  });
  app.post('/_simulator/mkeys/cancel', (http) => {
    const { email, deviceId } = read(cancellation, http.body);
    const owner = email === undefined ? undefined : personCalled(state, email).id;
    const devices = [...state.devices.values()].filter((device) => device.id === deviceId || device.platformUserId === owner);
    if (devices.length === 0) throw new ControlError(404, 'no such device');
    for (const device of devices) device.certificateCancelled = true;
    return { cancelledDevices: devices.map((device) => device.id) };
  });
  app.get('/_simulator/invitations', () => ({ invitations: state.invitations }));
}

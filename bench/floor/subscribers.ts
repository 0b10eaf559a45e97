// What P6 is held against: graphql-ws as it comes, over our schema, our store and our feed; no token is judged, and nothing is limited,
// counted, masked or ended.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { useServer } from 'graphql-ws/use/ws';
import { WebSocketServer } from 'ws';
import { compose } from '../../src/compose.ts';
import { readConfig } from '../../src/config.ts';
import { createContext } from '../../src/graphql/context.ts';
import { schema } from '../../src/graphql/schema.ts';
import { ready } from './ready.ts';

const { deps, database } = await compose(readConfig(), { role: 'api' });
const server = createServer();
useServer<{ orgId: string; subject: string }>(
  {
    schema,
    context: ({ connectionParams = { orgId: '', subject: '' } }) =>
      createContext({
        deps,
        database,
        caller: { ...connectionParams, kind: 'member', inMemberApp: true, locationExternalIds: null, expiresAt: Number.MAX_SAFE_INTEGER },
        requestId: 'floor',
      }),
  },
  new WebSocketServer({ server, path: '/graphql' }),
);
server.listen(0, '127.0.0.1', () => ready(`http://127.0.0.1:${(server.address() as AddressInfo).port}`));

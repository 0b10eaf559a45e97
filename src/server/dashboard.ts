import type { FastifyInstance } from 'fastify';
import type { OperatorView } from '../ports/operator-view.ts';
import type { BoardQueue } from './board.ts';
import { mountBoard } from './board.ts';
import { mountOperatorPages } from './operator-pages.ts';
import type { OperatorsOptions } from './operators.ts';
import { ADMIN, guardOperators, mountLogin } from './operators.ts';

export interface DashboardOptions extends OperatorsOptions {
  queues: readonly BoardQueue[];
  view: OperatorView;
}

/** Everything below /admin: the queues, and what they are about. */
export async function mountDashboard(app: FastifyInstance, options: DashboardOptions): Promise<void> {
  await app.register(
    async (scope) => {
      mountLogin(scope, options);
      await scope.register(async (inner) => {
        guardOperators(inner, options);
        mountOperatorPages(inner, options);
        await mountBoard(inner, options.queues);
      });
    },
    { prefix: ADMIN },
  );
}

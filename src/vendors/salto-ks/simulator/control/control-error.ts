import type { FastifyInstance } from 'fastify';
import { ZodError, type z } from 'zod';
import { UnknownSwitch } from '../switches.ts';

/** A control request that cannot be carried out: `{"error": sentence}`. */
export class ControlError extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/** @throws ZodError, which is answered with 400 and a sentence per field */
export function read<S extends z.ZodType>(schema: S, given: unknown): z.output<S> {
  return schema.parse(given ?? {});
}

export function explainErrors(app: FastifyInstance): void {
  app.setErrorHandler((error, _request, reply) => {
    if (error instanceof ControlError) return reply.code(error.status).send({ error: error.message });
    if (error instanceof UnknownSwitch) return reply.code(400).send({ error: error.message });
    if (error instanceof ZodError) {
      const sentences = error.issues.map((issue) => `${issue.path.join('.') || 'request'}: ${issue.message}`);
      return reply.code(400).send({ error: sentences.join('; ') });
    }
    throw error;
  });
}

import { GraphQLError } from 'graphql';
import type { Context } from '../context.ts';
import { refTo, type RefInput } from '../ref.ts';

/** The id of the location a stream is about. A stream about nothing is refused. */
export async function visibleLocation({ db }: Context, ref: RefInput): Promise<string> {
  const location = await db.location.findFirst({ where: refTo('Location', ref), select: { id: true } });
  if (location === null) throw new GraphQLError('No such location.', { extensions: { code: 'NOT_FOUND' } });
  return location.id;
}

import SchemaBuilder, { BasePlugin, decodeBase64, type PothosOutputFieldConfig, type SchemaTypes } from '@pothos/core';
import { GraphQLError, type GraphQLFieldResolver } from 'graphql';
import { isUuid } from '../core/ids.ts';

export const DEFAULT_PAGE = 50;
export const PAGE_MAX = 100;

interface PageArguments {
  first?: number | null;
  after?: string | null;
}

type Select = (args: PageArguments, ...rest: unknown[]) => unknown;

declare global {
  // eslint-disable-next-line @typescript-eslint/no-namespace -- the only way Pothos learns of a plugin's type
  namespace PothosSchemaTypes {
    interface Plugins<Types extends SchemaTypes> {
      pages: PagesPlugin<Types>;
    }
  }
}

/**
 * Lists are read forwards, by `first` and `after`, and a page that cannot be had is the caller's mistake (BAD_USER_INPUT) and not silently
 * another page. A list below another is planned into the statement of the one above, so its arguments are looked at there too.
 */
class PagesPlugin<Types extends SchemaTypes> extends BasePlugin<Types> {
  override onOutputFieldConfig(config: PothosOutputFieldConfig<Types>): PothosOutputFieldConfig<Types> {
    if (!('first' in config.args && 'last' in config.args)) return config;
    const { before: _before, last: _last, ...args } = config.args;
    const select = config.extensions?.['pothosPrismaSelect'] as Select | undefined;
    if (select === undefined) return { ...config, args };
    const checked: Select = (given, ...rest) => {
      refuseImpossiblePage(given);
      return select(given, ...rest);
    };
    return { ...config, args, extensions: { ...config.extensions, pothosPrismaSelect: checked } };
  }

  override wrapResolve(
    resolver: GraphQLFieldResolver<unknown, Types['Context'], object>,
    config: PothosOutputFieldConfig<Types>,
  ): GraphQLFieldResolver<unknown, Types['Context'], object> {
    if (!('first' in config.args && 'after' in config.args)) return resolver;
    return (parent, args, context, info) => {
      refuseImpossiblePage(args);
      return resolver(parent, args, context, info);
    };
  }
}

export const pagesPlugin = 'pages';
SchemaBuilder.registerPlugin(pagesPlugin, PagesPlugin);

function refuseImpossiblePage({ first, after }: PageArguments): void {
  if (first != null && (first < 0 || first > PAGE_MAX)) throw badPage(`first must be from 0 to ${PAGE_MAX}.`);
  if (after != null && !isCursor(after)) throw badPage('after must be a cursor of this list.');
}

function isCursor(text: string): boolean {
  return rowAt(text) !== null;
}

/** The cursors of every list name the row they stand at: its id, null for what is no cursor. */
function rowAt(cursor: string): string | null {
  try {
    const plain = decodeBase64(cursor);
    const id = plain.slice('GPC:S:'.length);
    return plain.startsWith('GPC:S:') && isUuid(id) ? id : null;
  } catch {
    return null;
  }
}

/**
 * Where a page begins that follows a cursor, in a list that is ordered by more than the id: the row's value of the first order. Told to the
 * database as a bound, it lets an index go there at once; by the cursor alone all the pages before would be read again.
 */
export async function startOf<Row>(after: string | null | undefined, read: (id: string) => Promise<Row | null>): Promise<Row | null> {
  const id = after == null ? null : rowAt(after);
  return id === null ? null : read(id);
}

function badPage(message: string): GraphQLError {
  return new GraphQLError(message, { extensions: { code: 'BAD_USER_INPUT' } });
}

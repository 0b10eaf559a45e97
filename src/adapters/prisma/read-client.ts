import type { Connection } from './connection.ts';
import { relations, type Relation } from './datamodel.ts';
import type { PrismaClient } from './generated/client.ts';
import type { PlainRead } from './plain-read.ts';
import { visibilityWhere, type Viewer, type VisibleModel, type VisibleWhere } from './visibility-where.ts';

const READS = ['findUnique', 'findUniqueOrThrow', 'findFirst', 'findFirstOrThrow', 'findMany', 'count', 'aggregate', 'groupBy'] as const;

/** Reads of what one viewer may see, and nothing else. */
export type ReadClient = {
  readonly [Model in VisibleModel as Uncapitalize<Model>]: Pick<PrismaClient[Uncapitalize<Model>], (typeof READS)[number]>;
};

type Args = Record<string, unknown>;
type Reads = Record<string, (args?: Args) => unknown>;

/**
 * A client that adds the viewer's visibility to every read, at its root and at every list it selects below, however deep. It has no model
 * without a rule, and nothing that writes. Made for each request, so it costs next to nothing until a model is asked for.
 */
export function readClient({ prisma, readPlain }: Pick<Connection, 'prisma' | 'readPlain'>, viewer: Viewer): ReadClient {
  const visible = visibilityWhere(viewer);
  const delegates = prisma as unknown as Record<string, Reads>;
  const made: Record<string, Reads> = {};
  const modelOf = (name: string | symbol): string | null => {
    const model = typeof name === 'string' ? `${name.charAt(0).toUpperCase()}${name.slice(1)}` : '';
    return Object.hasOwn(visible, model) ? model : null;
  };
  return new Proxy(made, {
    has: (_made, name) => modelOf(name) !== null,
    get: (_made, name) => {
      const model = modelOf(name);
      if (model === null || typeof name !== 'string') return undefined;
      return (made[name] ??= narrowedReads(delegates[name] ?? {}, { visible, model, readPlain }));
    },
  }) as unknown as ReadClient;
}

interface Narrowing {
  visible: VisibleWhere;
  model: string;
  readPlain: PlainRead;
}

function narrowedReads(delegate: Reads, { visible, model, readPlain }: Narrowing): Reads {
  const reads = Object.fromEntries(READS.map((read) => [read, (args: Args = {}) => delegate[read]?.(narrow(visible, model, args))]));
  const findUnique = (args: Args = {}) => {
    const narrowed = narrow(visible, model, args);
    return readPlain(model, narrowed) ?? delegate['findUnique']?.(narrowed);
  };
  const findUniqueOrThrow = async (args: Args = {}) => {
    const narrowed = narrow(visible, model, args);
    // Who is not found is Prisma's to throw.
    return (await readPlain(model, narrowed)) ?? delegate['findUniqueOrThrow']?.(narrowed);
  };
  return { ...reads, findUnique, findUniqueOrThrow };
}

function narrow(visible: VisibleWhere, model: string, args: Args): Args {
  return { ...narrowSelection(visible, model, args), where: both(args['where'] as Args | undefined, rule(visible, model)) };
}

function rule(visible: VisibleWhere, model: string): Args {
  const where = (visible as unknown as Record<string, Args | undefined>)[model];
  if (where === undefined) throw new Error(`${model} has no visibility rule.`);
  return where;
}

/** Unique fields stay at the top: a unique read needs them there. */
function both(where: Args | undefined, visible: Args): Args {
  if (where === undefined) return visible;
  const and = where['AND'];
  return { ...where, AND: and === undefined ? [visible] : [visible, ...(Array.isArray(and) ? (and as Args[]) : [and as Args])] };
}

function narrowSelection(visible: VisibleWhere, model: string, args: Args): Args {
  const narrowed = { ...args };
  for (const key of ['select', 'include'] as const) {
    const selection = args[key];
    if (selection !== null && typeof selection === 'object') narrowed[key] = narrowRelations(visible, model, selection as Args);
  }
  return narrowed;
}

function narrowRelations(visible: VisibleWhere, model: string, selection: Args): Args {
  const narrowed: Args = {};
  for (const [field, chosen] of Object.entries(selection)) {
    const relation = relations.get(model)?.get(field);
    if (field === '_count') narrowed[field] = narrowCounts(visible, model, chosen);
    else if (relation === undefined || chosen === false || chosen === undefined) narrowed[field] = chosen;
    else narrowed[field] = narrowRelated(visible, relation, chosen);
  }
  return narrowed;
}

/** A single related row cannot be filtered: it is as visible as the row it belongs to, where its model may be read at all. */
function narrowRelated(visible: VisibleWhere, { model, isList }: Relation, chosen: unknown): unknown {
  if (isList) return narrow(visible, model, chosen === true ? {} : (chosen as Args));
  rule(visible, model);
  return chosen === true ? true : narrowSelection(visible, model, chosen as Args);
}

/** `_count: true` would count what is hidden: it must name its relations. */
function narrowCounts(visible: VisibleWhere, model: string, chosen: unknown): Args {
  const select = typeof chosen === 'object' && chosen !== null ? (chosen as Args)['select'] : undefined;
  if (typeof select !== 'object' || select === null) throw new Error(`A count of ${model} must name its relations.`);
  return { select: narrowRelations(visible, model, select as Args) };
}

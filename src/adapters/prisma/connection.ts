import { PrismaPg } from '@prisma/adapter-pg';
import pg from 'pg';
import { PrismaClient } from './generated/client.ts';

export interface ConnectionOptions {
  /** most connections to the database at a time; 10 unless told */
  poolSize?: number;
  /** told of an idle connection that broke; the pool replaces it by itself */
  onError?: (error: Error) => void;
}

export interface Connection {
  readonly prisma: PrismaClient;
  readonly pool: pg.Pool;
  /** waits for what is under way */
  close(): Promise<void>;
}

const CONNECT_TIMEOUT_MS = 5_000;
/** Each is kept prepared in every connection. The product has fewer; beyond it a statement is planned each time. */
const PREPARED_MAX = 1_000;
const UNNAMED = '';

export function connect(databaseUrl: string, options: ConnectionOptions = {}): Connection {
  const pool = new pg.Pool({
    connectionString: databaseUrl,
    max: options.poolSize ?? 10,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    // Prisma's adapter reads and writes instants as if every session were in UTC: in another zone they would be off by its offset.
    // Transactions rely on the isolation level; as the session's default it costs no statement of each.
    options: '-c TimeZone=UTC -c default_transaction_isolation=read\\ committed',
  });
  // Without a listener, a connection that breaks while idle would end the process.
  pool.on('error', (error) => options.onError?.(error));
  const prisma = new PrismaClient({ adapter: new PrismaPg(pool, { statementNameGenerator: statementNames() }) });
  const close = async (): Promise<void> => {
    await prisma.$disconnect();
    await pool.end();
  };
  return { prisma, pool, close };
}

/** One name for one text: a statement asked before is neither parsed nor, as a rule, planned again. */
function statementNames(): (query: { sql: string }) => string {
  const names = new Map<string, string>();
  return ({ sql }) => {
    const known = names.get(sql);
    if (known !== undefined) return known;
    if (names.size >= PREPARED_MAX) return UNNAMED;
    const name = `latchkey_${names.size}`;
    names.set(sql, name);
    return name;
  };
}

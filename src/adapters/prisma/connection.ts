import { PrismaPg } from '@prisma/adapter-pg';
import pg from 'pg';
import { PrismaClient } from './generated/client.ts';
import { plainRead, type PlainRead } from './plain-read.ts';
import { statementNames } from './statement-names.ts';

export interface ConnectionOptions {
  /** most connections to the database at a time; 10 unless told */
  poolSize?: number;
  /** told of an idle connection that broke; the pool replaces it by itself */
  onError?: (error: Error) => void;
}

export interface Connection {
  readonly prisma: PrismaClient;
  readonly pool: pg.Pool;
  readonly readPlain: PlainRead;
  /** waits for what is under way */
  close(): Promise<void>;
}

const CONNECT_TIMEOUT_MS = 5_000;
/** A new connection is a new process of PostgreSQL's, which plans every statement anew: whoever comes in a quiet hour would wait for it. */
const IDLE_TIMEOUT_MS = 600_000;
/** What clients select decides how a read looks: the most usual ones are prepared. */
const NAMED_READS_AT_MOST = 100;
/**
 * Of one kind of activity there are a thousand times as many rows as of another, and hardly a membership has failed: how to look for some
 * kinds depends on which they are, so it is planned each time. This is how Prisma's client writes that filter.
 */
const OF_SOME_KINDS = /IN \(CAST\(\$\d+::text AS "public"\."(ActivityType|MembershipState)"\)/;

export function connect(databaseUrl: string, options: ConnectionOptions = {}): Connection {
  const pool = new pg.Pool({
    connectionString: databaseUrl,
    max: options.poolSize ?? 10,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    idleTimeoutMillis: IDLE_TIMEOUT_MS,
    keepAlive: true,
    // Prisma's adapter reads and writes instants as if every session were in UTC: in another zone they would be off by its offset.
    // Transactions rely on the isolation level; as the session's default it costs no statement of each.
    options: '-c TimeZone=UTC -c default_transaction_isolation=read\\ committed',
  });
  // Without a listener, a connection that breaks while idle would end the process,
  pool.on('error', (error) => options.onError?.(error));
  // and so would one that breaks while it is handed out, before its first statement, which then fails and tells of it.
  pool.on('connect', (client) => client.on('error', () => undefined));
  const nameOf = statementNames('read_', NAMED_READS_AT_MOST);
  const adapter = new PrismaPg(pool, { statementNameGenerator: ({ sql }) => (OF_SOME_KINDS.test(sql) ? '' : nameOf(sql)) });
  const prisma = new PrismaClient({ adapter });
  const close = async (): Promise<void> => {
    await prisma.$disconnect();
    await pool.end();
  };
  return { prisma, pool, readPlain: plainRead(pool), close };
}

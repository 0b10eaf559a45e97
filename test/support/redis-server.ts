import { debianProgram } from './debian-program.ts';

/** Path of a Redis server. */
export function redisServer(): Promise<string> {
  return debianProgram({
    names: ['redis-server', 'valkey-server'],
    folders: ['/usr/sbin', '/usr/local/sbin'],
    package: 'redis-server',
    missing:
      'The tests need a Redis: install redis-server or valkey-server (Debian: sudo apt-get install redis-server), or set REDIS_TEST_URL.',
  });
}

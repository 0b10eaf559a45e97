// node --import …/minute-ahead.mjs: a process whose machine's clock is a minute ahead of everybody else's.
const AHEAD_MS = 60_000;
const now = Date.now.bind(Date);

globalThis.Date = new Proxy(Date, {
  construct: (target, given, self) => Reflect.construct(target, given.length === 0 ? [now() + AHEAD_MS] : given, self),
  get: (target, key) => (key === 'now' ? () => now() + AHEAD_MS : Reflect.get(target, key)),
});

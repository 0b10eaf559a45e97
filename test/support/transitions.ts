/** Instants at which zones change their clocks, the awkward ones first. All but that of St John's lie on a quarter of an hour. */
export const TRANSITIONS: readonly { readonly zone: string; readonly at: number; readonly what: string }[] = [
  { zone: 'America/Santiago', at: Date.parse('2026-09-06T04:00:00Z'), what: 'midnight is skipped' },
  { zone: 'America/Santiago', at: Date.parse('2026-04-05T03:00:00Z'), what: 'the hour before midnight is repeated' },
  { zone: 'Africa/Cairo', at: Date.parse('2026-04-23T22:00:00Z'), what: 'midnight is skipped' },
  { zone: 'Africa/Cairo', at: Date.parse('2026-10-29T21:00:00Z'), what: 'the hour before midnight is repeated' },
  { zone: 'Asia/Beirut', at: Date.parse('2026-03-28T22:00:00Z'), what: 'midnight is skipped' },
  { zone: 'Asia/Beirut', at: Date.parse('2026-10-24T21:00:00Z'), what: 'the hour before midnight is repeated' },
  { zone: 'America/Havana', at: Date.parse('2026-11-01T05:00:00Z'), what: 'midnight itself is repeated' },
  { zone: 'Pacific/Chatham', at: Date.parse('2026-04-04T14:00:00Z'), what: 'an offset of quarters of an hour, a fold' },
  { zone: 'Pacific/Chatham', at: Date.parse('2026-09-26T14:00:00Z'), what: 'an offset of quarters of an hour, a gap' },
  { zone: 'Australia/Lord_Howe', at: Date.parse('2026-04-04T15:00:00Z'), what: 'a fold of half an hour' },
  { zone: 'Australia/Lord_Howe', at: Date.parse('2026-10-03T15:30:00Z'), what: 'a gap of half an hour' },
  { zone: 'Europe/Berlin', at: Date.parse('2026-03-29T01:00:00Z'), what: 'a gap at two' },
  { zone: 'Europe/Berlin', at: Date.parse('2026-10-25T01:00:00Z'), what: 'a fold at three' },
  { zone: 'America/St_Johns', at: Date.parse('2010-11-07T02:31:00Z'), what: 'a minute past midnight, back into the day before' },
  { zone: 'Pacific/Apia', at: Date.parse('2011-12-30T10:00:00Z'), what: 'a whole day is skipped' },
];

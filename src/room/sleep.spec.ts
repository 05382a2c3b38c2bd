import { AppError } from '../error/app-error.js';
import { requireSleep, sleepAfter } from './sleep.js';

const NOW = Date.parse('2026-11-20T10:00:00.000Z');
const SOON = '2026-11-20T11:00:00.000Z';
const open = { status: 'open', snoozedUntil: null } as const;
const pending = { status: 'pending', snoozedUntil: null } as const;
const asleep = { status: 'snoozed', snoozedUntil: new Date(SOON) } as const;

describe('N8 sleep', () => {
  it.each([
    [{}],
    [{ status: 'open' }],
    [{ status: 'snoozed' }],
    [{ snoozedUntil: null }],
    [{ status: 'pending', snoozedUntil: null }],
    [{ snoozedUntil: SOON }],
    [{ status: 'snoozed', snoozedUntil: SOON }],
  ] as const)('may be asked for as %j', (patch) => {
    expect(() => requireSleep(patch, NOW)).not.toThrow();
  });

  it.each([
    [{ status: 'open', snoozedUntil: SOON }],
    [{ status: 'snoozed', snoozedUntil: null }],
    [{ snoozedUntil: new Date(NOW).toISOString() }],
    [{ snoozedUntil: new Date(NOW + 367 * 86_400_000).toISOString() }],
    [{ snoozedUntil: '2026-13-20T11:00:00.000Z' }],
  ] as const)('may not be asked for as %j', (patch) => {
    expect(() => requireSleep(patch, NOW)).toThrow(AppError);
  });

  it.each([
    ['a time alone puts it to sleep', open, { snoozedUntil: SOON }, asleep],
    ['a status with a time does too', pending, { status: 'snoozed', snoozedUntil: SOON }, asleep],
    ['the status alone leaves a sleeper its time', asleep, { status: 'snoozed' }, asleep],
    ['null alone wakes a sleeper', asleep, { snoozedUntil: null }, open],
    ['null alone leaves who is awake', pending, { snoozedUntil: null }, null],
    ['another status wakes it', asleep, { status: 'pending' }, pending],
    ['nothing changes nothing', asleep, {}, null],
  ] as const)('%s', (_, room, patch, after) => {
    expect(sleepAfter(room, patch)).toEqual(after);
  });

  it('needs a time to begin with', () => {
    expect(() => sleepAfter(open, { status: 'snoozed' })).toThrow(AppError);
  });
});

import { beforeAll, describe, expect, test } from '@jest/globals';
import type { AuditEvent } from '../../src/domain/events/audit.ts';
import { MINUTE } from '../../src/domain/time.ts';
import { tickSet } from '../../src/features/sets/tick-set.ts';
import { emulatedSession, only, runFrames, settingsOf } from './market.ts';

describe('tick rows of the graph, over six emulated minutes', () => {
  const settings = settingsOf({ startAt: '2026-06-01T13:07:00Z', spanMinutes: 6, seed: 'ticks' });
  const { startAt, session, wire } = emulatedSession(settings);
  const frames = [session, ...wire];
  let events: readonly AuditEvent[] = [];
  beforeAll(async () => {
    events = await runFrames(settings, frames);
  });

  test('come at the closes of the minutes, each before the row of bars that closes with it', () => {
    const rows = only('tickRow', events);
    expect(rows.length).toBeGreaterThan(4);
    expect(rows.map(({ at }) => at)).toEqual(rows.map((_, i) => startAt + (i + 1) * MINUTE));
    const closed = only('minute', events).filter(({ at }) => at > startAt);
    expect(closed.length).toBeGreaterThan(4);
    for (const minute of closed) {
      const row = rows.find(({ at }) => at === minute.at);
      expect(row && events.indexOf(row)).toBeLessThan(events.indexOf(minute));
    }
  });

  test('know every feature once a whole minute has been heard', () => {
    const [first, ...rest] = only('tickRow', events).map(({ values }) => values);
    tickSet.forEach(({ name, warmUpMinutes }, i) => {
      if (warmUpMinutes > 0) expect([name, first?.[i]]).toEqual([name, null]);
      expect([name, rest.some((values) => Number.isFinite(values[i]))]).toEqual([name, true]);
    });
  });

  test('are the same bit for bit however the frames are batched, and know nothing of the frames after them', async () => {
    const rows = only('tickRow', events);
    expect(only('tickRow', await runFrames(settings, frames, () => {}, 997))).toEqual(rows);
    const cutAt = (rows[3]?.at ?? 0) + 1;
    const past = [...frames.filter(({ at }) => at < cutAt), { kind: 'tick', at: cutAt } as const];
    expect(only('tickRow', await runFrames(settings, past))).toEqual(rows.filter(({ at }) => at < cutAt));
  });
});

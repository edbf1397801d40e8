import { beforeAll, describe, expect, test } from '@jest/globals';
import type { Audited } from '../../src/domain/events/audit.ts';
import { eventTimeSession } from '../support/emulated.ts';
import { forbidWallClock } from '../support/no-wall-clock.ts';

/** Where something lies in an event that JSON or another process would lose, and what it is; undefined where all is plain. */
function odd(value: unknown, path: string): string | undefined {
  switch (typeof value) {
    case 'string':
    case 'boolean':
    case 'undefined':
      return undefined;
    case 'number':
      return Number.isFinite(value) && !Object.is(value, -0)
        ? undefined
        : `${path} is ${Object.is(value, -0) ? '-0' : value}`;
    case 'object': {
      if (value === null) return undefined;
      const proto = Object.getPrototypeOf(value);
      if (!Array.isArray(value) && proto !== Object.prototype)
        return `${path} is a ${proto?.constructor?.name ?? 'thing without a prototype'}`;
      for (const [key, inner] of Object.entries(value)) {
        const found = odd(inner, `${path}.${key}`);
        if (found) return found;
      }
      return undefined;
    }
    default:
      return `${path} is a ${typeof value}`;
  }
}

describe('what the graph tells, over a session with faults', () => {
  forbidWallClock();
  const audited: Audited[] = [];
  /** Each event as it stood when it was told. */
  const asTold: string[] = [];
  beforeAll(() => {
    const session = eventTimeSession(
      {
        seed: 'plain',
        faults: [
          { kind: 'checksum', venue: 'kraken', atMs: 5_000, spanMs: 1_000 },
          { kind: 'hole', venue: 'kraken', atMs: 12_000, spanMs: 4_000, value: 40 },
          { kind: 'drop', venue: 'kalshi', atMs: 20_000, spanMs: 1_000 },
        ],
        emulator: { startAt: '2026-06-01T13:58:00Z' },
      },
      (event, each) => {
        audited.push(each);
        asTold.push(JSON.stringify(event));
      },
    );
    session.run(150);
    session.settle();
    session.close();
  });

  test('has all of it in it that a session has, so that what follows says something', () => {
    const kinds = new Set(audited.map(({ event }) => event.kind));
    for (const kind of [
      'session',
      'connection',
      'acknowledgement',
      'gap',
      'clock',
      'spotTrade',
      'spotTop',
      'krakenBookChecked',
      'contract',
      'contractBook',
      'contractTrade',
      'tickerComparison',
      'index',
      'minute',
      'featureRow',
      'tickRow',
      'forecast',
      'feedSilence',
      'decision',
      'orderSent',
      'fill',
      'orderDone',
      'settlement',
      'account',
    ] as const)
      expect(kinds).toContain(kind);
    expect(audited.length).toBeGreaterThan(3_000);
  });

  test('is numbered 1, 2, 3 and so on without a hole', () => {
    expect(audited.map(({ seq }) => seq)).toEqual(audited.map((_, i) => i + 1));
  });

  test('is plain data: numbers are finite, and nothing is a function, a Map, a typed array or a class', () => {
    expect([...new Set(audited.flatMap(({ event }) => odd(event, event.kind) ?? []))]).toEqual([]);
  });

  test('comes through structuredClone and JSON equal to what it was', () => {
    for (const each of audited) {
      expect(structuredClone(each)).toEqual(each);
      expect(JSON.parse(JSON.stringify(each))).toEqual(each);
    }
  });

  test('stays as it was told, whatever is told after it', () => {
    expect(audited.map(({ event }) => JSON.stringify(event)).filter((now, i) => now !== asTold[i])).toEqual(
      [],
    );
  });
});

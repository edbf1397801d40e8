import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { applyPatch } from '../../src/console/apply-patch.ts';
import { consoleModel } from '../../src/console/console-model.ts';
import { type ConsoleState, RING_MOST } from '../../src/console/state.ts';
import type { AuditEvent } from '../../src/domain/events/audit.ts';
import type { ContractBookChanged } from '../../src/domain/events/market.ts';
import { count, priceTicks } from '../../src/domain/money.ts';
import { MILLISECOND, MINUTE, SECOND } from '../../src/domain/time.ts';
import { riskSettings } from '../../src/risk/settings.ts';
import { CLOSE_AT, contractOf } from '../portfolio/samples.ts';
import { BTC } from '../support/btc.ts';
import '../support/properties.ts';
import { decisionAt, sampleEvents } from '../telemetry/samples.ts';
import { LANE } from './session.ts';

const START = CLOSE_AT - 20 * MINUTE;
const plain = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;
const modelOf = () => consoleModel({ lane: LANE, assets: [BTC], risk: riskSettings.parse({}) });

const bookEvent = (ticker: string, at: number, ticks: number, version: number): ContractBookChanged => ({
  kind: 'contractBook',
  at,
  receivedAt: at,
  ticker,
  version,
  top: {
    ticker,
    live: true,
    bidTicks: priceTicks(ticks),
    askTicks: priceTicks(ticks + 100),
    bidCount: count(100),
    askCount: count(100),
    crossed: false,
  },
  topChanged: true,
  change:
    version % 3 === 0
      ? { kind: 'snapshot', bids: [ticks, 100], asks: [ticks + 100, 100] }
      : {
          kind: 'delta',
          side: version % 2 === 0 ? 'bid' : 'ask',
          priceTicks: priceTicks(ticks),
          change: count(100),
        },
});

/** Any event there is, about one of a few contracts, some time after the one before. */
const event = fc.record({
  afterMs: fc.oneof(fc.nat(1_500), fc.nat(400_000)),
  kind: fc.constantFrom('sample', 'book', 'terms', 'decision', 'sampled decision', 'late settlement'),
  which: fc.nat(40),
  contract: fc.nat(4),
  ticks: fc.integer({ min: 100, max: 9_800 }),
});
const eventsOf = (
  specs: readonly (typeof event extends fc.Arbitrary<infer T> ? T : never)[],
): readonly AuditEvent[] => {
  let at = START;
  return specs.map(({ afterMs, kind, which, contract, ticks }, i) => {
    at += afterMs * MILLISECOND;
    const ticker = `KXBTCD-${contract}`;
    switch (kind) {
      case 'book':
        return bookEvent(ticker, at, ticks, i);
      case 'terms':
        return {
          kind: 'contract',
          at,
          receivedAt: at,
          contract: contractOf({ ticker, closeAt: CLOSE_AT + contract * 5 * MINUTE }),
          state: 'active',
          result: undefined,
        };
      case 'decision':
        return { ...decisionAt(at, which % 2 === 0 ? ['edge'] : []), ticker, id: i };
      case 'late settlement': {
        const settlement = sampleEvents(at).find((each) => each.kind === 'settlement');
        return { ...settlement, ticker } as AuditEvent;
      }
      default: {
        const samples = sampleEvents(at);
        return samples[which % samples.length] as AuditEvent;
      }
    }
  });
};

describe('the console of any events', () => {
  test('property: whatever comes, patches lead from each snapshot to each later one', () => {
    fc.assert(
      fc.property(fc.array(event, { maxLength: 120 }), fc.integer({ min: 1, max: 20 }), (specs, every) => {
        const model = modelOf();
        const states: ConsoleState[] = [plain(model.snapshot())];
        let state: ConsoleState | undefined = states[0];
        for (const [i, each] of eventsOf(specs).entries()) {
          model.add({ seq: i + 1, event: each });
          if (i % every !== 0) continue;
          const patch = model.take();
          if (patch) state = state && applyPatch(state, plain(patch));
          expect(state).toEqual(plain(model.snapshot()));
        }
      }),
      { numRuns: 60 },
    );
  });

  test('however long it runs, every ring, map and patch is bounded, and what has closed is gone', () => {
    const model = modelOf();
    let seq = 0;
    const add = (each: AuditEvent): void => model.add({ seq: ++seq, event: each });
    for (let hour = 0; hour < 400; hour++) {
      const closeAt = CLOSE_AT + hour * 15 * MINUTE;
      const at = closeAt - 10 * MINUTE;
      for (let strike = 0; strike < 5; strike++) {
        const ticker = `KXBTCD-${hour}-${strike}`;
        add({
          kind: 'contract',
          at,
          receivedAt: at,
          contract: contractOf({ ticker, closeAt, openAt: at }),
          state: 'active',
          result: undefined,
        });
        add(bookEvent(ticker, at + SECOND, 4_000, 3));
        for (let i = 0; i < 4; i++)
          add({ ...decisionAt(at + (2 + i) * SECOND, ['edge']), ticker, id: seq } as AuditEvent);
        // Every other close is never settled.
        if (hour % 2 === 0)
          for (const each of sampleEvents(closeAt + SECOND))
            if (each.kind === 'settlement' || each.kind === 'orderRejected' || each.kind === 'gap')
              add({ ...each, ticker } as AuditEvent);
      }
      if (hour % 50 === 0) {
        const patch = model.take();
        expect(patch?.rings?.decisions?.length).toBeLessThanOrEqual(RING_MOST.decisions);
      }
    }
    add(bookEvent('KXBTCD-399-0', CLOSE_AT + 400 * 15 * MINUTE, 4_000, 3));
    model.take();
    const { maps, rings } = model.snapshot();
    for (const [name, most] of Object.entries(RING_MOST))
      expect(rings[name as keyof typeof rings].length).toBeLessThanOrEqual(most);
    expect(rings.decisions).toHaveLength(RING_MOST.decisions);
    expect(Object.keys(maps.contracts).length).toBeLessThanOrEqual(15);
    expect(Object.keys(maps.contracts)).toContain('KXBTCD-399-0');
  });

  test('ten thousand contracts at once do not stay', () => {
    const model = modelOf();
    for (let i = 0; i < 10_000; i++) {
      const ticker = `KXBTCD-${i}`;
      model.add({ seq: 2 * i + 1, event: bookEvent(ticker, START + i, 4_000, 3) });
      model.add({
        seq: 2 * i + 2,
        event: {
          kind: 'contract',
          at: START + i,
          receivedAt: START + i,
          contract: contractOf({ ticker, closeAt: CLOSE_AT + i }),
          state: 'active',
          result: undefined,
        },
      });
    }
    model.take();
    const shown = Object.keys(model.snapshot().maps.contracts);
    expect(shown.length).toBeLessThanOrEqual(1_000);
    expect(shown).toContain('KXBTCD-9999');
  });
});

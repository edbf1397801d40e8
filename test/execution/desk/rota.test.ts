import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { emptyMarket } from '../../../src/execution/desk/market-state.ts';
import { rota } from '../../../src/execution/desk/rota.ts';
import { emptySlot, type Slot } from '../../../src/execution/desk/slot.ts';
import { executionSettings } from '../../../src/execution/settings.ts';
import { pricingSettings } from '../../../src/pricing/settings.ts';
import { BTC } from '../../support/assets.ts';

const SLOTS = 6;
const EVERY = 10;
const market = emptyMarket(BTC, executionSettings.parse({}).desk, pricingSettings.parse({}).twin);

/** The same turns, found by looking at every contract each time. */
function scanned() {
  const all = Array.from({ length: SLOTS }, () => ({
    listed: false,
    needed: false,
    evaluatedAt: Number.NEGATIVE_INFINITY,
  }));
  type Row = (typeof all)[number];
  const least = (rows: readonly Row[]): number | undefined =>
    rows.length === 0 ? undefined : Math.min(...rows.map(({ evaluatedAt }) => evaluatedAt));
  const numbers = (is: (row: Row) => boolean): number[] =>
    all.flatMap((row, number) => (is(row) ? [number] : []));
  return {
    all,
    mark: (row: Row): boolean => {
      const changes = row.listed && !row.needed;
      if (row.listed) row.needed = true;
      return changes;
    },
    markAll: () => {
      for (const row of all) if (row.listed) row.needed = true;
    },
    longestAt: () => least(all.filter(({ listed }) => listed)),
    quietSince: (at: number) => numbers(({ listed, evaluatedAt }) => listed && evaluatedAt <= at),
    due: (at: number) => numbers(({ needed, evaluatedAt }) => needed && evaluatedAt <= at),
    nextAt: (at: number) => least(all.filter(({ needed, evaluatedAt }) => needed && evaluatedAt > at)),
  };
}

const number = fc.nat(SLOTS - 1);
const act = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('enter' as const), number }) },
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('mark' as const), number }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('markAll' as const) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('leave' as const), number, ended: fc.boolean() }) },
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('evaluate' as const),
      after: fc.nat(2 * EVERY),
      most: fc.integer({ min: 1, max: SLOTS }),
    }),
  },
);

describe('rota', () => {
  test('property: it names the contracts, and their times, that a scan of all of them would', () => {
    fc.assert(
      fc.property(fc.array(act, { maxLength: 40, size: 'max' }), (acts) => {
        const turns = rota<Slot>();
        const oracle = scanned();
        const slots = oracle.all.map((_, i) => emptySlot(`T${i}`, market, i));
        let now = 0;
        const told: unknown[] = [];
        const wanted: unknown[] = [];
        for (const step of acts) {
          switch (step.kind) {
            case 'evaluate': {
              now += step.after;
              const due = turns.due(now - EVERY, step.most);
              const all = oracle.due(now - EVERY);
              const left = all.filter((each) => !due.some(({ arrival }) => arrival === each));
              const waited = (each: number): number => oracle.all[each]?.evaluatedAt ?? Number.NaN;
              const longestLeft = Math.min(...left.map(waited));
              told.push(
                due.map(({ arrival }) => arrival),
                due.every(({ evaluatedAt }) => evaluatedAt <= longestLeft),
                turns.nextAt(),
              );
              wanted.push(
                all.filter((each) => !left.includes(each)),
                true,
                left.length > 0 ? longestLeft : oracle.nextAt(now - EVERY),
              );
              told.push(due.length);
              wanted.push(Math.min(step.most, all.length));
              for (const slot of due) {
                turns.evaluated(slot, now);
                Object.assign(oracle.all[slot.arrival] ?? {}, { needed: false, evaluatedAt: now });
              }
              break;
            }
            case 'markAll':
              turns.markAll();
              oracle.markAll();
              break;
            default: {
              const slot = slots[step.number];
              const row = oracle.all[step.number];
              if (!slot || !row) throw new Error(`rota: there is no contract ${step.number}`);
              if (step.kind === 'mark') {
                told.push(turns.mark(slot));
                wanted.push(oracle.mark(row));
              } else if (step.kind === 'enter') {
                turns.enter(slot);
                row.listed = true;
              } else {
                turns.leave(slot, step.ended);
                row.listed = false;
                if (step.ended) row.needed = false;
              }
            }
          }
          const quiet = turns.quietSince(now - EVERY / 2).map(({ arrival }) => arrival);
          told.push(
            turns.longestAt(),
            quiet.sort((a, b) => a - b),
          );
          wanted.push(oracle.longestAt(), oracle.quietSince(now - EVERY / 2));
        }
        expect(told).toEqual(wanted);
      }),
      { numRuns: 400 },
    );
  });
});

import { describe, expect, test } from '@jest/globals';
import { cash } from '../../../src/domain/money.ts';
import { SECOND } from '../../../src/domain/time.ts';
import { drawdownOf } from '../../../src/execution/desk/drawdown-of.ts';
import { emptyPortfolio } from '../../../src/portfolio/portfolio.ts';
import { contractOf } from '../../portfolio/samples.ts';
import { deskBench } from './desk-bench.ts';

const CHEAP = [4_000, 4_200] as const;
const [A, B] = ['KXBTCD-A', 'KXBTCD-B'] as const;
const SIZING = { displayedShare: 1, maxOrderCount: 1e6, lotCount: 1, kellyFraction: 0.05 };

/** What is bought of two contracts whose strikes are `apart` units from each other, when both are cheap. */
function bought(sizing: Record<string, unknown>, apart: number, closeAt = contractOf().closeAt) {
  const bench = deskBench({ sizing: { ...SIZING, ...sizing } });
  bench.ready();
  bench.contract({ ticker: B, floorUnits: (contractOf().floorUnits ?? 0) + apart, closeAt });
  bench.book(...CHEAP, A);
  bench.book(...CHEAP, B);
  bench.pass();
  const of = (ticker: string) => bench.orders().find((order) => order.ticker === ticker)?.count ?? 0;
  return { a: of(A), b: of(B) };
}

describe('the desk sizes a close together', () => {
  test('two strikes that nearly always pay together get one stake between them, and two stakes if sized one by one', () => {
    const single = bought({ method: 'single' }, 100);
    expect(single.b).toBeGreaterThan(0.8 * single.a);
    const joint = bought({ method: 'joint' }, 100);
    expect(joint.a + joint.b).toBeGreaterThan(0.8 * single.a);
    expect(joint.a + joint.b).toBeLessThan(1.2 * single.a);
  });

  test('a contract of another close takes nothing away', () => {
    const later = contractOf().closeAt + 900 * SECOND;
    expect(bought({ method: 'joint' }, 100, later)).toEqual(bought({ method: 'single' }, 100, later));
  });

  test('after a loss less is bought, nothing past the limit, and all again where no limit is set', () => {
    const secondOf = (drawdownLimit: number) => {
      const bench = deskBench({ sizing: { ...SIZING, drawdownLimit }, desk: { startingDollars: 1_000 } });
      bench.ready();
      bench.book(...CHEAP);
      bench.pass();
      const first = bench.order();
      bench.answer(...bench.filled(first));
      bench.contract({}, { state: 'determined', result: 'no' });
      bench.contract({ ticker: B });
      bench.book(...CHEAP, B);
      bench.pass(SECOND);
      const second = bench.orders().find(({ ticker }) => ticker === B)?.count ?? 0;
      return second / first.count;
    };
    expect(secondOf(1)).toBeGreaterThan(0.9);
    expect(secondOf(0.02)).toBeLessThan(0.95 * secondOf(1));
    expect(secondOf(0.02)).toBeGreaterThan(0);
    expect(secondOf(0.003)).toBe(0);
  });

  test('money that came or went without a trade is no loss and hides none', () => {
    const watch = drawdownOf();
    const of = (dollars: number) => ({ ...emptyPortfolio(cash(0)), cash: cash(dollars * 10_000) });
    const share = (dollars: number) => {
      const { peak, equity } = watch.of(of(dollars));
      return peak - equity;
    };
    share(1_000);
    expect(share(900)).toBe(1_000_000);
    watch.moved(of(900), of(400));
    expect(share(400)).toBe(1_000_000);
    watch.moved(of(400), of(2_000));
    expect(share(2_000)).toBe(1_000_000);
  });
});

import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { MILLISECOND, SECOND } from '../../../../src/domain/time.ts';
import { marketStatus } from '../../../../src/emulator/kalshi/public/market-object.ts';
import { kalshiOutcome } from '../../../../src/emulator/kalshi/public/outcome.ts';
import { CONTRACT, exchangeBench } from './exchange-bench.ts';
import '../../../support/properties.ts';

const SPAN = 30 * SECOND;
const AFTER = 500 * MILLISECOND;
const TIMER = 60 * SECOND;

/** A member who holds `contracts` of YES (negative: of NO), in a market that has closed. */
const holding = (contracts: number) => {
  const bench = exchangeBench();
  bench.open([[48, 100]], [[52, 100]]);
  bench.order({
    side: contracts > 0 ? 'bid' : 'ask',
    price: contracts > 0 ? '0.5200' : '0.4800',
    count: Math.abs(contracts).toFixed(2),
    time_in_force: 'immediate_or_cancel',
  });
  bench.pass(bench.contract.closeAt - bench.now());
  const told = () => {
    const market = bench.audience.market(CONTRACT.ticker);
    if (!market) throw new Error('the market must be known');
    return market;
  };
  return {
    ...bench,
    told,
    status: () => marketStatus(told(), bench.now()),
    determined: (result: 'yes' | 'no') =>
      bench.market({
        kind: 'determined',
        at: bench.now(),
        contract: CONTRACT,
        result,
        valueUnits: result === 'yes' ? 8_500_000 : 8_300_000,
      }),
    settled: () => bench.market({ kind: 'settled', at: bench.now(), contract: CONTRACT }),
    settlements: () =>
      bench.call('GET', '/portfolio/settlements').json['settlements'] as readonly Record<string, unknown>[],
    dispute: (rest: { readonly upheld?: boolean; readonly ticker?: string } = {}) =>
      bench.exchange.strike({
        kind: 'dispute',
        ticker: rest.ticker,
        upheld: rest.upheld ?? false,
        span: SPAN,
      }),
  };
};

describe('a disputed settlement', () => {
  test('goes from determined over disputed and amended to finalized, and pays by the last result alone', () => {
    const { dispute, determined, settled, status, told, pass, balance, settlements } = holding(10);
    const before = balance();
    dispute();
    determined('yes');
    expect(status()).toBe('determined');
    pass(AFTER);
    expect([status(), told().result]).toEqual(['disputed', 'yes']);
    // The settlement that was due does not happen.
    settled();
    expect([status(), balance()]).toEqual(['disputed', before]);
    pass(SPAN);
    expect([status(), told().result]).toEqual(['amended', 'no']);
    pass(TIMER - 1);
    expect([status(), balance(), settlements()]).toEqual(['amended', before, []]);
    pass(1);
    expect([status(), balance()]).toEqual(['finalized', before]);
    expect(settlements()).toMatchObject([{ market_result: 'no', revenue: 0, yes_count_fp: '10.00' }]);
  });

  test('that is upheld pays as it was determined', () => {
    const { dispute, determined, status, told, pass, balance, settlements } = holding(-4);
    const before = balance();
    dispute({ upheld: true });
    determined('no');
    pass(AFTER + SPAN);
    expect([status(), told().result, told().valueUnits]).toEqual(['amended', 'no', 8_300_000]);
    pass(TIMER);
    expect(balance()).toBeCloseTo(before + 4, 4);
    expect(settlements()).toMatchObject([{ market_result: 'no', revenue: 400 }]);
  });

  test('of another market disturbs nothing, and waits for its own', () => {
    const { dispute, determined, settled, status, pass } = holding(1);
    dispute({ ticker: 'ANOTHER' });
    determined('yes');
    pass(AFTER);
    settled();
    expect(status()).toBe('finalized');
  });

  test('is told as a second determination, and nothing tells the dispute', () => {
    const { dispute, determined, pass, said } = holding(1);
    dispute();
    determined('yes');
    pass(AFTER);
    pass(SPAN);
    pass(TIMER);
    const kinds = said.flatMap((each) =>
      ['determined', 'disputed', 'settled'].includes(each.kind) ? [each.kind] : [],
    );
    expect(kinds).toEqual(['determined', 'disputed', 'determined', 'settled']);
  });

  test('property: an amended value is one that gives the amended result', () => {
    const strikes = fc.constantFrom(
      { strikeType: 'greater', floorUnits: 100, capUnits: undefined } as const,
      { strikeType: 'greater_or_equal', floorUnits: 100, capUnits: undefined } as const,
      { strikeType: 'less', floorUnits: undefined, capUnits: 100 } as const,
      { strikeType: 'less_or_equal', floorUnits: undefined, capUnits: 100 } as const,
      { strikeType: 'between', floorUnits: 100, capUnits: 199 } as const,
    );
    fc.assert(
      fc.property(strikes, fc.constantFrom('yes' as const, 'no' as const), (strike, result) => {
        const bench = exchangeBench();
        const contract = { ...CONTRACT, ...strike };
        bench.exchange.strike({ kind: 'dispute', ticker: undefined, upheld: false, span: SPAN });
        bench.market({ kind: 'determined', at: bench.now(), contract, result, valueUnits: undefined });
        bench.pass(AFTER + SPAN);
        const market = bench.audience.market(contract.ticker);
        expect(market?.result).toBe(result === 'yes' ? 'no' : 'yes');
        expect(kalshiOutcome(contract, market?.valueUnits ?? Number.NaN)).toBe(market?.result);
      }),
    );
  });
});

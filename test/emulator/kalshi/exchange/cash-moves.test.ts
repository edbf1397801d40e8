import { describe, expect, test } from '@jest/globals';
import { SECOND } from '../../../../src/domain/time.ts';
import { exchangeBench, START } from './exchange-bench.ts';

const desk = () => {
  const bench = exchangeBench(100);
  bench.open([[48, 100]], [[52, 100]]);
  return {
    ...bench,
    move: (kind: 'deposit' | 'withdrawal', dollars: number, seconds = 5) =>
      bench.exchange.strike({ kind, cents: dollars * 100, span: seconds * SECOND }),
    rows: (name: string) => bench.call('GET', `/portfolio/${name}`).json[name] as Record<string, unknown>[],
  };
};

describe('money that comes and goes without a trade', () => {
  test('a deposit is pending, then in the balance', () => {
    const { move, rows, balance, pass } = desk();
    move('deposit', 25);
    expect(rows('deposits')).toMatchObject([
      { status: 'pending', amount_cents: 2_500, created_ts: START / SECOND, finalized_ts: null },
    ]);
    pass(5 * SECOND - 1);
    expect(balance()).toBe(100);
    pass(1);
    expect(balance()).toBe(125);
    expect(rows('deposits')).toMatchObject([{ status: 'applied', finalized_ts: START / SECOND + 5 }]);
    expect(rows('withdrawals')).toEqual([]);
  });

  test('a withdrawal takes what no order binds, and fails for more', () => {
    const { move, rows, balance, pass, order } = desk();
    order({ price: '0.4000', count: '100.00' });
    move('withdrawal', 61, 1);
    move('withdrawal', 60, 2);
    pass(2 * SECOND);
    expect(rows('withdrawals').map((row) => row['status'])).toEqual(['applied', 'failed']);
    expect(balance()).toBe(0);
  });

  test('they are listed newest first, and by page', () => {
    const { move, call } = desk();
    for (const dollars of [1, 2, 3]) move('deposit', dollars);
    const first = call('GET', '/portfolio/deposits?limit=2').json;
    expect((first['deposits'] as Record<string, unknown>[]).map((row) => row['amount_cents'])).toEqual([
      300, 200,
    ]);
    const rest = call('GET', `/portfolio/deposits?limit=2&cursor=${String(first['cursor'])}`).json;
    expect((rest['deposits'] as Record<string, unknown>[]).map((row) => row['amount_cents'])).toEqual([100]);
    expect(rest['cursor']).toBe('');
  });
});

import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { count, priceTicks } from '../../../src/domain/money.ts';
import { closingOrder, feeBoundAt } from '../../../src/execution/orders/order-of.ts';
import { tradeFee } from '../../../src/venues/kalshi/fees.ts';
import { contractOf, orderOf } from '../../portfolio/samples.ts';
import '../../support/properties.ts';

const ticks = fc.integer({ min: 1, max: 9_999 }).map(priceTicks);
const maybe = fc.option(ticks, { nil: undefined });

describe('closingOrder', () => {
  test('property: it takes the whole position at the best price shown, may only reduce, and stays where nobody bids', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: -5_000, max: 5_000 }),
        maybe,
        maybe,
        fc.nat({ max: 99 }),
        (held, bid, ask, n) => {
          const order = closingOrder(
            { ticker: 'A', position: count(held) },
            { bidTicks: bid, askTicks: ask },
            n,
            36,
            2,
            7,
          );
          const price = held > 0 ? bid : ask;
          expect(order).toEqual(
            held === 0 || price === undefined
              ? undefined
              : {
                  clientOrderId: `v10-x${n}`,
                  decisionId: 0,
                  ticker: 'A',
                  exchangeIndex: 2,
                  side: held > 0 ? 'ask' : 'bid',
                  limitTicks: price,
                  count: Math.abs(held),
                  timeInForce: 'ioc',
                  postOnly: false,
                  reduceOnly: true,
                  at: 7,
                },
          );
        },
      ),
    );
  });
});

describe('feeBoundAt', () => {
  test('property: it is above the fee of a match at the limit, and for a direct member by $0.0003 at most', () => {
    fc.assert(
      fc.property(
        ticks,
        fc.integer({ min: 1, max: 100_000 }),
        fc.constantFrom('bid' as const, 'ask' as const),
        (limit, of, side) => {
          const contract = contractOf();
          const fee = tradeFee({ kind: 'quadratic', multiplier: 1 }, 'taker', limit, count(of));
          const order = orderOf({ side, limitTicks: limit, count: of });
          expect(feeBoundAt(contract, order, 'direct') * 100).toBeGreaterThan(fee);
          expect(feeBoundAt(contract, order, 'nonDirect') * 100).toBeGreaterThan(fee);
          expect(feeBoundAt(contract, order, 'direct') * 100).toBeLessThanOrEqual(fee + 300);
          expect(feeBoundAt({ ...contract, fee: undefined }, order, 'direct') * 100).toBeGreaterThan(fee);
        },
      ),
    );
  });
});

import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { of } from 'rxjs';
import type { Contract } from '../../../src/domain/contracts.ts';
import { kalshiDecoder } from '../../../src/venues/kalshi/codec.ts';
import { contractFromMarket } from '../../../src/venues/kalshi/contract-from-market.ts';
import { contracts } from '../../../src/venues/kalshi/contracts.ts';
import { settlementRule } from '../../../src/venues/kalshi/settlement-rule.ts';
import { BTC, SOL } from '../../support/assets.ts';
import { dataPath, describeData } from '../../support/data.ts';

const AVERAGE = 'The official and final value is the average of these prices.';
const rounded = (decimals: number) =>
  `The official and final value is the average of these prices, rounded to the nearest ${decimals} decimal places.`;

const created = (ticker: string, rules: unknown, asset = BTC): readonly Contract[] => {
  const frame = {
    type: 'market_lifecycle_v2',
    sid: 4,
    seq: 1,
    msg: {
      market_ticker: ticker,
      event_type: 'created',
      open_ts: 100,
      close_ts: 200,
      price_ranges: [{ start: '0.0000', end: '1.0000', step: '0.0100' }],
      additional_metadata: {
        event_ticker: 'E',
        strike_type: 'greater',
        floor_strike: 5,
        ...(rules !== undefined && { rules_secondary: rules }),
      },
    },
  };
  const told: Contract[] = [];
  of(...kalshiDecoder({ useYesPrice: false, assets: [asset] })(JSON.stringify(frame), 1))
    .pipe(contracts([asset]))
    .subscribe(({ contract }) => told.push(contract));
  return told;
};

describe('the settlement rule', () => {
  test('is what the text of the market says, whatever its series usually does', () => {
    for (const ticker of ['KXBTC15M-A', 'KXBTCD-A', 'KXBTC-A']) {
      expect(created(ticker, `60 RTI prices are collected. ${AVERAGE}`)[0]?.settlesBy).toBe('average');
      expect(created(ticker, rounded(2))).toHaveLength(1);
      expect(created(ticker, rounded(2))[0]?.settlesBy).toBeUndefined();
    }
  });

  test('is that of the series where no text says it: quarter-hours round, hourly contracts do not', () => {
    for (const rules of [undefined, null, 7, '(text shortened)']) {
      expect(created('KXBTC15M-A', rules)[0]).toMatchObject({ series: 'KXBTC15M' });
      expect(created('KXBTC15M-A', rules)[0]?.settlesBy).toBeUndefined();
      expect(created('KXBTCD-A', rules)[0]?.settlesBy).toBe('average');
      expect(created('KXBTC-A', rules)[0]?.settlesBy).toBe('average');
    }
  });

  test('that rounds to other decimals than the index has is refused with a reason', () => {
    expect(settlementRule(rounded(2), 4)).toBe('must round to the 4 decimals of the index, was 2');
    expect(created('KXSOL15M-A', rounded(2), SOL)).toEqual([]);
    expect(created('KXSOL15M-A', rounded(4), SOL)).toHaveLength(1);
  });
});

describeData('the settlement rule of recorded markets', () => {
  test.each([
    ['rest_markets_open_KXBTC15M_2026-09-25.json', undefined],
    ['rest_markets_settled_KXBTC15M_2026-09-25.json', undefined],
    ['rest_markets_open_KXBTCD_2026-09-25.json', 'average'],
    ['rest_markets_settled_KXBTCD_2026-09-25.json', 'average'],
    ['rest_markets_settled_KXBTC_2026-09-25.json', 'average'],
  ])('%s: every market says %p', (name, settlesBy) => {
    const body = JSON.parse(readFileSync(dataPath('kalshi', 'wire', name), 'utf8')) as {
      markets: readonly { rules_secondary: string }[];
    };
    for (const market of body.markets) {
      expect(settlementRule(market.rules_secondary, 2)).toEqual({ settlesBy: settlesBy ?? 'rounded' });
      const listed = contractFromMarket(market, BTC);
      expect(listed.kind === 'listed' && listed.contract.settlesBy).toBe(settlesBy);
    }
  });
});

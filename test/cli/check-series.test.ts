import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Asked } from '../../src/cli/doctor/ask.ts';
import { checkSeries } from '../../src/cli/doctor/check-series.ts';
import { assetsSetting, knownAssets } from '../../src/config/assets.ts';
import { type Asset, seriesTickers } from '../../src/domain/asset.ts';
import { BTC, ETH } from '../support/assets.ts';

const ALL = assetsSetting.parse(knownAssets) as readonly Asset[];
const answered = (json: unknown): Asked => ({ kind: 'answered', json, sentMillis: 0, receivedMillis: 1 });
const row = (ticker: string, more: object = {}) => ({
  ticker,
  title: 'a title',
  frequency: ticker.endsWith('15M') ? 'fifteen_min' : 'hourly',
  tags: [],
  fee_type: 'quadratic',
  fee_multiplier: 1,
  ...more,
});
const rowsOf = (assets: readonly Asset[]) => assets.flatMap(seriesTickers).map((ticker) => row(ticker));

describe('checkSeries', () => {
  test('where every series is listed with its fee it is ok, and quarter-hours that nobody follows are named', () => {
    expect(
      checkSeries(answered({ series: [...rowsOf([BTC]), row('KXADA15M'), row('KXBTCY')] }), [BTC]),
    ).toEqual({
      kind: 'ok',
      found: 'all 3 series of 1 asset are listed; quarter-hours that are not followed: KXADA15M',
    });
    const { kind, found } = checkSeries(answered({ series: rowsOf(ALL) }), ALL.slice(0, 2));
    expect([kind, found]).toEqual([
      'ok',
      'all 6 series of 2 assets are listed; quarter-hours that are not followed: KXSOL15M, KXXRP15M, KXDOGE15M, KXBNB15M, KXHYPE15M, KXZEC15M and 1 more',
    ]);
  });

  test('a series that is gone fails in a sentence, with those of the coin that nobody follows', () => {
    const renamed = rowsOf([BTC, ETH]).map((each) =>
      each.ticker === 'KXETH15M' ? row('KXETHQUARTER', { tags: ['ETH'] }) : each,
    );
    expect(checkSeries(answered({ series: renamed }), [BTC, ETH])).toMatchObject({
      kind: 'fail',
      found: 'ETH quarterHour: KXETH15M is not listed; of that coin there are KXETHQUARTER',
      next: expect.stringContaining('assets of the configuration'),
    });
    expect(checkSeries(answered({ series: [] }), [BTC]).found).toMatch(
      /^BTC range: KXBTC is not listed; nothing else of that coin is\. BTC above: /,
    );
  });

  test('another fee is a warning that says both', () => {
    const series = rowsOf([BTC]).map((each) => ({ ...each, fee_multiplier: 0.5 }));
    expect(checkSeries(answered({ series }), [BTC])).toMatchObject({
      kind: 'warn',
      found: expect.stringContaining(
        'KXBTC15M: Kalshi says quadratic times 0.5, the configuration quadratic times 1',
      ),
    });
    const odd = rowsOf([BTC]).map((each) => ({ ...each, fee_type: 'flat' }));
    expect(checkSeries(answered({ series: odd }), [BTC]).found).toContain('terms that are not known here');
    expect(checkSeries(answered({ series: odd }), [{ ...BTC, fee: undefined }]).kind).toBe('ok');
  });

  test('without an answer nothing was checked, and another shape is said', () => {
    expect(checkSeries({ kind: 'failed', why: 'refused' }, [BTC]).kind).toBe('skipped');
    expect(checkSeries(answered({ series: 'none' }), [BTC]).kind).toBe('warn');
  });

  test('property: it fails exactly if a configured series is not in the list, and names each that is not', () => {
    const tickers = ALL.flatMap(seriesTickers);
    fc.assert(
      fc.property(fc.subarray(tickers), fc.subarray([...ALL], { minLength: 1 }), (listed, assets) => {
        const verdict = checkSeries(answered({ series: listed.map((ticker) => row(ticker)) }), assets);
        const absent = assets.flatMap(seriesTickers).filter((ticker) => !listed.includes(ticker));
        expect(verdict.kind).toBe(absent.length > 0 ? 'fail' : 'ok');
        for (const ticker of absent) expect(verdict.found).toContain(`${ticker} is not listed`);
      }),
    );
  });
});

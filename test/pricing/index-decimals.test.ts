import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Asset } from '../../src/domain/asset.ts';
import type { Contract, StrikeType } from '../../src/domain/contracts.ts';
import { SECOND } from '../../src/domain/time.ts';
import { settledByPrints } from '../../src/execution/desk/settled-by-prints.ts';
import { closeMoments } from '../../src/pricing/close-moments.ts';
import { printWindow } from '../../src/pricing/print-window.ts';
import { pricingSettings } from '../../src/pricing/settings.ts';
import { momentsOf, probabilityOf } from '../../src/pricing/settlement.ts';
import { kalshiDecoder } from '../../src/venues/kalshi/codec.ts';
import { BTC, DOGE, SOL } from '../support/assets.ts';
import { random } from '../support/random.ts';
import { CLOSE_AT, constantPath, contractOf, inputAt, printsFrom } from './worlds.ts';

const { law } = pricingSettings.parse({});
const ASSETS = [BTC, SOL, DOGE] as const;
const STRIKES: readonly StrikeType[] = ['greater', 'greater_or_equal', 'less', 'less_or_equal', 'between'];

const dollars = (units: number, decimals: number): string => {
  const digits = String(units).padStart(decimals + 1, '0');
  return `${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`;
};

/** What sixty prints, as the venue writes them, settle at: the exact mean, rounded half up to the last decimal. Units, exactly. */
function exactValue(texts: readonly string[], decimals: number): bigint {
  const scale = 10n ** BigInt(decimals);
  const sum = texts.reduce((total, text) => {
    const [whole = '', fraction = ''] = text.split('.');
    return total + BigInt(whole) * scale + BigInt(fraction);
  }, 0n);
  return (sum + 30n) / 60n;
}

const says = ({ strikeType, floorUnits = 0, capUnits = 0 }: Contract, value: bigint): boolean => {
  const [floor, cap] = [BigInt(floorUnits), BigInt(capUnits)];
  return {
    greater: value > floor,
    greater_or_equal: value >= floor,
    less: value < cap,
    less_or_equal: value <= cap,
    between: value >= floor && value <= cap,
  }[strikeType];
};

/** An asset's contract whose strikes are known. */
const onAsset = (asset: Asset, strikeType: StrikeType, floorUnits: number, width: number): Contract =>
  contractOf({
    strikeType,
    asset: asset.name,
    indexDecimals: asset.indexDecimals,
    floorUnits: strikeType.startsWith('less') ? undefined : floorUnits,
    capUnits: strikeType.startsWith('greater') ? undefined : floorUnits + width,
  });

describe('indices of two, four and seven decimals', () => {
  test('property: what the decoder reads settles every strike as exact arithmetic on the venue’s own text does, ties and all', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...ASSETS),
        fc.integer({ min: 10, max: 1e9 }),
        // Prints within two units of each other: half of the means are within a sixtieth of a tie.
        fc.array(fc.integer({ min: 0, max: 2 }), { minLength: 60, maxLength: 60 }),
        fc.integer({ min: -2, max: 3 }),
        fc.nat(2),
        (asset, base, offsets, off, width) => {
          const { indexDecimals: decimals, indexId } = asset;
          const decode = kalshiDecoder({ useYesPrice: false, assets: ASSETS });
          const window = printWindow(asset);
          const texts = offsets.map((offset) => dollars(base + offset, decimals));
          texts.forEach((value, i) => {
            const time = (CLOSE_AT - (60 - i) * SECOND) / 1_000;
            const data = JSON.stringify({ type: 'value', time, id: indexId, value });
            const frame = {
              type: 'cfbenchmarks_value',
              sid: 1,
              seq: i + 1,
              msg: { index_id: indexId, data },
            };
            for (const event of decode(JSON.stringify(frame), CLOSE_AT))
              if (event.kind === 'indexPrint') window.add(event);
          });
          const value = exactValue(texts, decimals);
          expect(window.settledValueUnits(CLOSE_AT)).toBe(Number(value));
          const moments = closeMoments(inputAt(0, { prints: window }), law);
          for (const strikeType of STRIKES) {
            const contract = onAsset(asset, strikeType, base + off, width);
            const yes = says(contract, value);
            expect(probabilityOf(contract, moments)).toMatchObject({ probability: yes ? 1 : 0 });
            expect(settledByPrints(contract, window)).toEqual({
              result: yes ? 'yes' : 'no',
              valueUnits: Number(value),
              valueDollars: Number(dollars(Number(value), decimals)),
            });
          }
        },
      ),
      { numRuns: 200 },
    );
  });

  test('a print in another unit than the asset’s is no print of it', () => {
    const window = printWindow(SOL);
    const print = {
      kind: 'indexPrint',
      at: SECOND,
      receivedAt: SECOND,
      indexId: SOL.indexId,
      asset: SOL.name,
      sid: 1,
      seq: 1,
      units: 1_390_000,
      hertz: 1,
    } as const;
    expect(window.add({ ...print, decimals: 2 })).toBe(false);
    expect(window.latest()).toBeUndefined();
    expect(window.add({ ...print, decimals: 4 })).toBe(true);
  });

  test('property: the same units have the same law, whatever a unit is worth', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1e6, max: 1e7 }),
        fc.integer({ min: -3_000, max: 3_000 }),
        fc.integer({ min: 16, max: 3_000 }),
        fc.constantFrom(...STRIKES),
        fc.boolean(),
        (spot, off, tau, strikeType, floorKnown) => {
          const [two, ...others] = ASSETS.map((asset) => {
            const seen = Array.from({ length: Math.max(0, 61 - tau) }, (_, i) => spot + (i % 7));
            const input = inputAt(tau, { prints: printsFrom(CLOSE_AT - 60 * SECOND, seen, asset) });
            const value = spot / 10 ** asset.indexDecimals;
            const priced = { ...input, index: input.index && { ...input.index, value } };
            const known = onAsset(asset, strikeType, spot + off, 500);
            const contract = floorKnown
              ? known
              : { ...known, strikeType: 'greater_or_equal' as const, floorUnits: undefined };
            return probabilityOf(contract, momentsOf(contract, priced, law));
          });
          for (const other of others) {
            expect(other.kind).toBe(two?.kind);
            if (other.kind === 'priced' && two?.kind === 'priced')
              expect(other.probability).toBeCloseTo(two.probability, 9);
          }
        },
      ),
    );
  });

  test.each(ASSETS)('holds to half a unit of $indexDecimals decimals against simulated prints', (asset) => {
    const { indexDecimals } = asset;
    const unit = 10 ** -indexDecimals;
    // Bitcoin, Solana and Dogecoin as they trade; the mean to come has a deviation of about a unit, so half a unit is worth some 20 %.
    const value = { 2: 84_000, 4: 139.0001, 7: 0.2345678 }[indexDecimals] ?? Number.NaN;
    const spot = Math.round(value / unit);
    const tau = 20;
    const seen = Array.from({ length: 41 }, () => spot);
    const remaining = 60 - seen.length;
    const variance = (60 / remaining / spot) ** 2 / 8;
    const input = inputAt(tau, {
      path: constantPath(variance),
      prints: printsFrom(CLOSE_AT - 60 * SECOND, seen, asset),
    });
    const moments = closeMoments({ ...input, index: input.index && { ...input.index, value } }, law);
    const contracts = STRIKES.flatMap((strikeType) =>
      [-1, 0, 1].map((off) => onAsset(asset, strikeType, spot + off, 1)),
    );
    const chance = random(7 + indexDecimals);
    const paths = 100_000;
    const yes = contracts.map(() => 0);
    const deviation = Math.sqrt(variance);
    for (let path = 0; path < paths; path++) {
      let log = 0;
      let sum = seen.length * value;
      for (let i = 0; i < remaining; i++) {
        log += deviation * chance.normal() - 0.5 * variance;
        sum += value * Math.exp(log);
      }
      const settled = BigInt(Math.floor(sum / 60 / unit + 0.5));
      contracts.forEach((contract, k) => {
        if (says(contract, settled)) yes[k] = (yes[k] ?? 0) + 1;
      });
    }
    contracts.forEach((contract, k) => {
      const priced = probabilityOf(contract, moments);
      const frequency = (yes[k] ?? 0) / paths;
      const noise = Math.sqrt((frequency * (1 - frequency)) / paths);
      const probability = priced.kind === 'priced' ? priced.probability : Number.NaN;
      expect({
        contract,
        probability,
        frequency,
        ok: Math.abs(probability - frequency) < 4.5 * noise + 1e-3,
      }).toMatchObject({ ok: true });
    });
  });
});

import type { Asset } from '../../src/domain/asset.ts';
import type { Contract } from '../../src/domain/contracts.ts';
import type { TailKnot, VariancePath } from '../../src/domain/events/forecast.ts';
import { priceTicks } from '../../src/domain/money.ts';
import { HOUR, MINUTE, type Micros, SECOND } from '../../src/domain/time.ts';
import type { SettlementInput } from '../../src/pricing/close-moments.ts';
import { type PrintWindow, printWindow } from '../../src/pricing/print-window.ts';
import { BTC } from '../support/assets.ts';
import { minutesOf } from '../support/variance-paths.ts';

/** A close on a whole minute, as all are. */
export const CLOSE_AT = 1_790_366_400 * SECOND;

/** Where the paths of the worlds below begin, and how far they reach. */
const FROM_AT = CLOSE_AT - 4 * HOUR;
const REACH_MINUTES = 300;

/** Index of the worlds below, in cents. */
export const SPOT_CENTS = 8_400_000;

/** Variance a second of a volatility of 60 % a year of 365 days. */
export const SIGMA2 = 0.36 / (365 * 86_400);

/** The same law at every span. */
export const lawOf = (nu: number, scale: number): readonly TailKnot[] => [{ seconds: 60, nu, scale }];

export const gaussian = lawOf(Number.POSITIVE_INFINITY, 1);

/** A path of constant variance a second. */
export const constantPath = (variance = SIGMA2, until = CLOSE_AT + 1e12): VariancePath =>
  minutesOf(FROM_AT, REACH_MINUTES, () => 60 * variance, until);

/** A path whose variance a second changes at each whole minute: linear inside minutes. */
export const minutePath = (rate: (minute: number) => number): VariancePath =>
  minutesOf(FROM_AT, REACH_MINUTES, (m) => 60 * rate(FROM_AT / MINUTE + m));

export function contractOf(terms: Partial<Contract> & Pick<Contract, 'strikeType'>): Contract {
  return {
    ticker: 'TEST',
    series: 'KXBTCD',
    asset: 'BTC',
    indexDecimals: 2,
    event: 'TEST',
    floorUnits: undefined,
    capUnits: undefined,
    openAt: CLOSE_AT - 900 * SECOND,
    closeAt: CLOSE_AT,
    tickBands: [{ startTicks: priceTicks(100), endTicks: priceTicks(9_900), stepTicks: priceTicks(100) }],
    exchangeIndex: 2,
    fee: { kind: 'quadratic', multiplier: 1 },
    ...terms,
  };
}

/** A window holding the given prints, one a second from `firstAt`. */
export function printsFrom(firstAt: Micros, units: readonly number[], asset: Asset = BTC): PrintWindow {
  const window = printWindow(asset);
  units.forEach((value, i) => {
    const at = firstAt + i * SECOND;
    window.add({
      kind: 'indexPrint',
      indexId: asset.indexId,
      at,
      receivedAt: at,
      sid: 1,
      seq: i + 1,
      asset: asset.name,
      units: value,
      decimals: asset.indexDecimals,
      hertz: 1,
    });
  });
  return window;
}

/** What pricing sees `tauSeconds` before the close, with the index known exactly at that instant. */
export function inputAt(tauSeconds: number, overrides: Partial<SettlementInput> = {}): SettlementInput {
  const now = CLOSE_AT - tauSeconds * SECOND;
  return {
    closeAt: CLOSE_AT,
    now,
    index: {
      kind: 'index',
      asset: 'BTC',
      at: now,
      receivedAt: now,
      value: SPOT_CENTS / 100,
      source: 'prints',
      variance: 0,
    },
    prints: printWindow(BTC),
    path: constantPath(),
    tails: gaussian,
    ...overrides,
  };
}

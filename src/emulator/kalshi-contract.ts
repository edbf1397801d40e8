import type { Contract, FeeTerms, TickBand } from '../domain/contracts.ts';
import { priceTicks } from '../domain/money.ts';
import { HOUR, MILLISECOND, MINUTE, type Micros } from '../domain/time.ts';
import { newYorkOffsetMinutes } from '../features/new-york.ts';

/** A contract with the words Kalshi prints about it. */
export interface EmulatedContract extends Contract {
  readonly marketId: string;
  readonly structure: 'linear_cent' | 'tapered_deci_cent';
  readonly title: string;
  readonly subTitle: string;
}

/** Exchange shard of Kalshi's crypto events. */
const SHARD = 2;
const SPACING_CENTS = 10_000;
const MONTHS = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'] as const;
const FEE: FeeTerms = { kind: 'quadratic', multiplier: 1 };

const band = (start: number, end: number, step: number): TickBand => ({
  startTicks: priceTicks(start),
  endTicks: priceTicks(end),
  stepTicks: priceTicks(step),
});
const LINEAR = [band(0, 10_000, 100)];
const TAPERED = [band(0, 1_000, 10), band(1_000, 9_000, 100), band(9_000, 10_000, 10)];

const two = (n: number) => String(n).padStart(2, '0');
const dollars = (cents: number) => (cents / 100).toFixed(2);
const grouped = (cents: number) => {
  const [whole = '', fraction] = dollars(cents).split('.');
  return `$${whole.replace(/\B(?=(\d{3})+$)/g, ',')}${fraction === '00' ? '' : `.${fraction}`}`;
};

/** Kalshi's name of a close in New York's local time: YYMMMDDHH, with minutes for quarter-hours. */
function closeName(closeAt: Micros): { hour: string; minute: string } {
  const local = new Date(closeAt / MILLISECOND + newYorkOffsetMinutes(closeAt) * 60_000);
  const year = two(local.getUTCFullYear() % 100);
  const month = MONTHS[local.getUTCMonth()] ?? '';
  return {
    hour: `${year}${month}${two(local.getUTCDate())}${two(local.getUTCHours())}`,
    minute: two(local.getUTCMinutes()),
  };
}

// A name-based identifier: the same contract has the same one in every run.
const marketIdOf = (ticker: string): string => {
  let hex = '';
  for (let salt = 0; salt < 4; salt++) {
    let h = 0x811c9dc5 ^ Math.imul(salt + 1, 0x9e3779b1);
    for (let i = 0; i < ticker.length; i++) h = Math.imul(h ^ ticker.charCodeAt(i), 0x01000193);
    hex += (h >>> 0).toString(16).padStart(8, '0');
  }
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20)}`;
};

/** What Kalshi writes beside a quarter-hour's target. */
export const targetText = (floorUnits: number | undefined): string =>
  floorUnits === undefined ? 'Target price: TBD' : `Target Price: ${grouped(floorUnits)}`;

/** The KXBTC15M contract that closes at `closeAt`: yes when the value is at least the previous quarter's. */
export function quarterContract(closeAt: Micros, floorUnits: number | undefined): EmulatedContract {
  const { hour, minute } = closeName(closeAt);
  const event = `KXBTC15M-${hour}${minute}`;
  const ticker = `${event}-${minute}`;
  return {
    ticker,
    series: 'KXBTC15M',
    event,
    strikeType: 'greater_or_equal',
    floorUnits,
    capUnits: undefined,
    openAt: closeAt - 15 * MINUTE,
    closeAt,
    tickBands: TAPERED,
    exchangeIndex: SHARD,
    fee: FEE,
    marketId: marketIdOf(ticker),
    structure: 'tapered_deci_cent',
    title: 'BTC price up in next 15 mins?',
    subTitle: targetText(floorUnits),
  };
}

/**
 * The hourly contracts that close at `closeAt`: `strikes` of KXBTCD ("above X.99"), $100 apart around `spotCents`, and the KXBTC
 * ranges between them with both tails, so that the ranges tile all values.
 */
export function hourlyContracts(
  closeAt: Micros,
  spotCents: number,
  strikes: number,
): readonly EmulatedContract[] {
  const { hour } = closeName(closeAt);
  const middle = Math.round(spotCents / SPACING_CENTS);
  const bases = Array.from(
    { length: strikes },
    (_, i) => (middle + i - Math.floor(strikes / 2)) * SPACING_CENTS,
  );
  const contract = (
    series: 'KXBTC' | 'KXBTCD',
    label: string,
    strikeType: 'greater' | 'less' | 'between',
    floorUnits: number | undefined,
    capUnits: number | undefined,
    subTitle: string,
  ): EmulatedContract => {
    const event = `${series}-${hour}`;
    const ticker = `${event}-${label}`;
    return {
      ticker,
      series,
      event,
      strikeType,
      floorUnits,
      capUnits,
      openAt: closeAt - HOUR,
      closeAt,
      tickBands: LINEAR,
      exchangeIndex: SHARD,
      fee: FEE,
      marketId: marketIdOf(ticker),
      structure: 'linear_cent',
      title: series === 'KXBTCD' ? 'Bitcoin price today?' : 'Bitcoin price range today?',
      subTitle,
    };
  };
  const above = (series: 'KXBTC' | 'KXBTCD', base: number) =>
    contract(series, `T${dollars(base - 1)}`, 'greater', base - 1, undefined, `${grouped(base)} or above`);
  const first = bases[0] ?? 0;
  const last = bases[bases.length - 1] ?? 0;
  return [
    ...bases.map((base) => above('KXBTCD', base)),
    contract('KXBTC', `T${first / 100}`, 'less', undefined, first, `${grouped(first - 1)} or below`),
    ...bases
      .slice(0, -1)
      .map((base) =>
        contract(
          'KXBTC',
          `B${(base + SPACING_CENTS / 2) / 100}`,
          'between',
          base,
          base + SPACING_CENTS - 1,
          `${grouped(base)} to ${grouped(base + SPACING_CENTS - 1)}`,
        ),
      ),
    above('KXBTC', last),
  ];
}

import type { SeriesKind } from '../../../domain/asset.ts';
import type { Contract, FeeTerms, TickBand } from '../../../domain/contracts.ts';
import { priceTicks } from '../../../domain/money.ts';
import { HOUR, MILLISECOND, MINUTE, type Micros } from '../../../domain/time.ts';
import { newYorkOffsetMinutes } from '../../../features/minute/new-york.ts';
import type { EmulatedAsset, EmulatedSeries } from '../../emulated-asset.ts';
import { unitsText } from './text.ts';

/** A contract with the texts that Kalshi shows for it. */
export interface EmulatedContract extends Contract {
  readonly kind: SeriesKind;
  /** Name of the asset whose index settles it. */
  readonly asset: string;
  readonly fee: FeeTerms;
  /** Shard that it trades on. */
  readonly exchangeIndex: number;
  /** Decimals of the index, of strikes and of the settlement value: their unit is 10^-decimals dollars. */
  readonly indexDecimals: number;
  readonly marketId: string;
  readonly structure: 'linear_cent' | 'tapered_deci_cent';
  readonly title: string;
  readonly subTitle: string;
}

const MONTHS = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'] as const;

const band = (start: number, end: number, step: number): TickBand => ({
  startTicks: priceTicks(start),
  endTicks: priceTicks(end),
  stepTicks: priceTicks(step),
});
const LINEAR = [band(0, 10_000, 100)];
const TAPERED = [band(0, 1_000, 10), band(1_000, 9_000, 100), band(9_000, 10_000, 10)];

const two = (n: number) => String(n).padStart(2, '0');
const grouped = (units: number, decimals: number) => {
  const [whole = '', fraction = ''] = unitsText(units, decimals).split('.');
  return `$${whole.replace(/\B(?=(\d{3})+$)/g, ',')}${/^0*$/.test(fraction) ? '' : `.${fraction}`}`;
};

/**
 * Kalshi's name of a close in New York's local time: YYMMMDDHH, with minutes for quarter-hours. In autumn an
 * hour comes twice. How Kalshi names its second pass is not known; here the name gets `again`, an R, so that
 * no two contracts have one name.
 */
function closeName(closeAt: Micros): { hour: string; minute: string; again: string } {
  const offset = newYorkOffsetMinutes(closeAt);
  const local = new Date(closeAt / MILLISECOND + offset * 60_000);
  const year = two(local.getUTCFullYear() % 100);
  const month = MONTHS[local.getUTCMonth()] ?? '';
  return {
    hour: `${year}${month}${two(local.getUTCDate())}${two(local.getUTCHours())}`,
    minute: two(local.getUTCMinutes()),
    again: newYorkOffsetMinutes(closeAt - HOUR) > offset ? 'R' : '',
  };
}

// An identifier made from the ticker, so that a contract has the same one in every run.
const marketIdOf = (ticker: string): string => {
  let hex = '';
  for (let salt = 0; salt < 4; salt++) {
    let h = 0x811c9dc5 ^ Math.imul(salt + 1, 0x9e3779b1);
    for (let i = 0; i < ticker.length; i++) h = Math.imul(h ^ ticker.charCodeAt(i), 0x01000193);
    hex += (h >>> 0).toString(16).padStart(8, '0');
  }
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20)}`;
};

/** Kalshi's text of a quarter-hour's target. */
export const targetText = (floorUnits: number | undefined, decimals: number): string =>
  floorUnits === undefined ? 'Target price: TBD' : `Target Price: ${grouped(floorUnits, decimals)}`;

/** Kalshi's sentence on how a contract settles. */
export const rulesText = ({
  settlesBy,
  indexDecimals,
}: Pick<EmulatedContract, 'settlesBy' | 'indexDecimals'>): string =>
  `The official and final value is the average of these prices${
    settlesBy === 'average' ? '' : `, rounded to the nearest ${indexDecimals} decimal places`
  }.`;

/** The fields that a contract takes from its series and its asset. */
const listedIn = ({ indexDecimals }: EmulatedAsset, series: EmulatedSeries) => ({
  series: series.ticker,
  kind: series.kind,
  asset: series.asset,
  exchangeIndex: series.exchangeIndex,
  fee: series.fee,
  indexDecimals,
});

/**
 * The quarter-hour contract that closes at `closeAt`: yes when the value is at least the previous quarter's.
 * Undefined if the asset has no such series.
 */
export function quarterContract(
  asset: EmulatedAsset,
  closeAt: Micros,
  floorUnits: number | undefined,
): readonly EmulatedContract[] {
  const { name, indexDecimals, series } = asset;
  if (!series.quarterHour) return [];
  const { hour, minute, again } = closeName(closeAt);
  const event = `${series.quarterHour.ticker}-${hour}${minute}${again}`;
  const ticker = `${event}-${minute}`;
  return [
    {
      ...listedIn(asset, series.quarterHour),
      ticker,
      event,
      strikeType: 'greater_or_equal',
      floorUnits,
      capUnits: undefined,
      openAt: closeAt - 15 * MINUTE,
      closeAt,
      tickBands: TAPERED,
      marketId: marketIdOf(ticker),
      structure: 'tapered_deci_cent',
      title: `${name} price up in next 15 mins?`,
      subTitle: targetText(floorUnits, indexDecimals),
    },
  ];
}

/**
 * The hourly contracts that close at `closeAt`: `strikes` of the series that pays above a strike ("above
 * X.99"), a step apart around `spotUnits`, and the ranges between them with both tails, so that the ranges
 * tile all values. Series that the asset does not have are left out.
 */
export function hourlyContracts(
  asset: EmulatedAsset,
  closeAt: Micros,
  spotUnits: number,
  strikes: number,
): readonly EmulatedContract[] {
  const { strikeStepUnits: step, unitsPerDollar, indexDecimals, series } = asset;
  const { above, range } = series;
  const { hour, again } = closeName(closeAt);
  const middle = Math.round(spotUnits / step);
  const bases = Array.from({ length: strikes }, (_, i) => (middle + i - Math.floor(strikes / 2)) * step);
  const text = (units: number) => grouped(units, indexDecimals);
  const contract = (
    of: EmulatedSeries,
    label: string,
    strikeType: 'greater' | 'less' | 'between',
    floorUnits: number | undefined,
    capUnits: number | undefined,
    subTitle: string,
  ): EmulatedContract => {
    const event = `${of.ticker}-${hour}${again}`;
    const ticker = `${event}-${label}`;
    return {
      ...listedIn(asset, of),
      ticker,
      event,
      strikeType,
      floorUnits,
      capUnits,
      openAt: closeAt - HOUR,
      closeAt,
      tickBands: LINEAR,
      marketId: marketIdOf(ticker),
      structure: 'linear_cent',
      title: of.kind === 'above' ? `${of.coin} price today?` : `${of.coin} price range today?`,
      subTitle,
      settlesBy: 'average',
    };
  };
  const atLeast = (of: EmulatedSeries, base: number) =>
    contract(
      of,
      `T${unitsText(base - 1, indexDecimals)}`,
      'greater',
      base - 1,
      undefined,
      `${text(base)} or above`,
    );
  const first = bases[0] ?? 0;
  const last = bases[bases.length - 1] ?? 0;
  const ranges = (of: EmulatedSeries): readonly EmulatedContract[] => [
    contract(of, `T${first / unitsPerDollar}`, 'less', undefined, first, `${text(first - 1)} or below`),
    ...bases
      .slice(0, -1)
      .map((base) =>
        contract(
          of,
          `B${(base + step / 2) / unitsPerDollar}`,
          'between',
          base,
          base + step - 1,
          `${text(base)} to ${text(base + step - 1)}`,
        ),
      ),
    atLeast(of, last),
  ];
  return [...(above ? bases.map((base) => atLeast(above, base)) : []), ...(range ? ranges(range) : [])];
}

import { clockTime } from '../domain/clock-time.ts';
import type { Decision } from '../domain/events/decision.ts';
import type { Forecast } from '../domain/events/forecast.ts';
import type { Known } from '../domain/known.ts';
import { printable } from '../domain/printable.ts';
import type { ReplicaState } from '../domain/replica.ts';
import type { Micros } from '../domain/time.ts';
import { annualisedVolatility } from '../maths/annualised-volatility.ts';
import { sayWhy } from '../risk/say-why.ts';
import { wrap } from './wrap.ts';

/** What the screen shows: the state of the run by its events, and the screen's own memory. */
export interface Shown {
  readonly mark: string;
  readonly indices: ReadonlyMap<string, string>;
  readonly forecasts: ReadonlyMap<string, Forecast>;
  readonly run: ReplicaState;
  readonly news: readonly string[];
}

/** The terminal's size, less its last column and its last line. */
export interface Room {
  readonly width: number;
  readonly height: number;
}

const MOST_CONTRACTS = 14;
const NEWS_LINES = 6;
const GAP = '   ';
/** Width from which a row has its reason beside it and not below. */
const WIDE = 160;
/** Width from which the model's own probabilities have a column. */
const MIDDLING = 72;
const TICKER_WIDTH = 26;

/** A name from a venue must not control the terminal. */
export const plain = (name: string): string => printable(name.replace(/[^ -~]/g, '?'));
/** A price in cents, `42.0`. */
export const cents = (ticks: number | undefined): string =>
  ticks === undefined ? '–' : (ticks / 100).toFixed(1);

const percent = (value: Known): string => (value !== null ? `${(100 * value).toFixed(1)}%` : '–');
const dollars = (value: number): string => `${value < 0 ? '−' : ''}$${Math.abs(value).toFixed(2)}`;

/**
 * The volatility expected for the next hour, as of this second, and its band as of the last minute, if there
 * is one: `41 % (29–58)`. Four hours in five lie in the band.
 */
const volatilityOf = ({ annualisedVolatility: now, horizons }: Forecast): string => {
  const hour = horizons.find(({ minutes }) => minutes === 60);
  const whole = (share: number): string => (100 * share).toFixed(0);
  const { lowLogVariance: low, highLogVariance: high } = hour ?? {};
  const yearly = (log: number): string => whole(annualisedVolatility(log, 60));
  return `${whole(now)} %${low === undefined || high === undefined ? '' : ` (${yearly(low)}–${yearly(high)})`}`;
};

const toClose = (micros: number): string => {
  const seconds = Math.max(0, Math.round(micros / 1_000_000));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
};

const accountOf = (account: ReplicaState['account']): readonly string[] =>
  account
    ? [
        `cash ${dollars(account.cashDollars)}`,
        `realised ${dollars(account.realisedDollars)}`,
        `fees ${dollars(account.feesDollars)}`,
        `${account.openPositions} open, at worst ${dollars(account.worstDollars)}`,
      ]
    : ['no trades yet'];

const headOf = ({ mark, indices, forecasts, run }: Shown, at: Micros): readonly string[] => [
  `${mark}  ${clockTime(at)} UTC`,
  ...[...new Set([...indices.keys(), ...forecasts.keys()])].flatMap((asset) => {
    const forecast = forecasts.get(asset);
    const trust = forecast?.confidence?.value;
    return [
      `${asset} index ${indices.get(asset) ?? '–'}`,
      `volatility ${forecast ? volatilityOf(forecast) : '–'} a year`,
      ...(trust === undefined ? [] : [`confidence ${(100 * trust).toFixed(0)} %`]),
    ];
  }),
  ...accountOf(run.account),
];

const held = (position: number): string =>
  position === 0 ? '–' : `${Math.abs(position) / 100} ${position > 0 ? 'YES' : 'NO'}`;

/** A row's columns: their heads and their widths. The ticker comes before them. */
const columnsOf = (width: number): readonly (readonly [head: string, width: number])[] => [
  ['closes', 6],
  ['bid', 4],
  ['ask', 4],
  ...(width >= MIDDLING
    ? ([
        ['model', 6],
        ['fair', 6],
      ] as const)
    : []),
  ['edge', 5],
  ['held', 8],
];

/**
 * The screen at event time `at` as lines, none longer than `room.width`: what is real, index, volatility and
 * confidence of each asset, the account and its worst outcome; then each open contract with its book, its
 * edge after the fee in cents, what is held, and why it is traded or not; then the news. There are as many
 * contracts as `room.height` has lines for, the next to close first. `table` is the line of the table's heads.
 */
export function screenLines(
  shown: Shown,
  at: Micros,
  { width, height }: Room,
): { readonly lines: readonly string[]; readonly table: number } {
  const { run, news } = shown;
  const { halted, contracts, decisions, positions } = run;
  const closeOf = (ticker: string): Micros => contracts.get(ticker)?.contract.closeAt ?? 0;
  const open = [...decisions.values()]
    .filter(({ ticker }) => closeOf(ticker) > at)
    .sort((a, b) => closeOf(a.ticker) - closeOf(b.ticker) || (a.ticker < b.ticker ? -1 : 1));
  const columns = columnsOf(width);
  const rowOf = (ticker: string, cells: readonly string[]): string =>
    `${ticker.padEnd(TICKER_WIDTH)} ${columns.map(([, size], i) => (cells[i] ?? '').padStart(size)).join(' ')}`;
  const linesOf = (decision: Decision): readonly string[] => {
    const { ticker, bidTicks, askTicks, proposal } = decision;
    const { modelProbability, probability, edgeDollars } = proposal;
    const row = rowOf(plain(ticker), [
      toClose(closeOf(ticker) - at),
      cents(bidTicks),
      cents(askTicks),
      ...(width >= MIDDLING ? [percent(modelProbability), percent(probability)] : []),
      edgeDollars === null ? '–' : (100 * edgeDollars).toFixed(1),
      held(positions.get(ticker) ?? 0),
    ]);
    const why = sayWhy(decision);
    return width >= WIDE
      ? wrap([row, why], width, { gap: '  ', indent: '  ' })
      : [...wrap([row], width), ...wrap([why], width - 2).map((line) => `  ${line}`)];
  };
  const head = wrap(headOf(shown, at), width, { gap: GAP });
  const halt =
    halted === undefined ? '' : `HALTED by the operator${halted === '' ? '' : `: ${plain(halted)}`}`;
  const told: string[] = [];
  for (const each of [...news].reverse()) {
    const lines = wrap([each], width, { indent: '  ' });
    if (told.length + lines.length > NEWS_LINES) break;
    told.unshift(...lines);
  }
  const top = [
    ...head,
    ...(halt === '' ? [''] : wrap([halt], width)),
    ...wrap(
      [
        rowOf(
          'contract',
          columns.map(([name]) => name),
        ),
      ],
      width,
    ),
  ];
  // One line says how many contracts are left out, one is blank.
  let left = height - top.length - told.length - 2;
  const rows: string[] = [];
  let listed = 0;
  for (const decision of open.slice(0, MOST_CONTRACTS)) {
    const lines = linesOf(decision);
    if (lines.length > left && listed > 0) break;
    rows.push(...lines);
    left -= lines.length;
    listed++;
  }
  return {
    lines: [
      ...top,
      ...rows,
      ...(open.length > listed ? [`… and ${open.length - listed} more`] : []),
      '',
      ...told,
    ],
    table: top.length - 1,
  };
}

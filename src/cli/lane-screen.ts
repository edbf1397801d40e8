import type { Audited } from '../domain/events/audit.ts';
import type { Decision } from '../domain/events/decision.ts';
import type { Forecast } from '../domain/events/forecast.ts';
import type { Known } from '../domain/known.ts';
import { type ReplicaState, replica } from '../domain/replica.ts';
import type { Micros } from '../domain/time.ts';
import { annualisedVolatility } from '../maths/annualised-volatility.ts';

/** Where the screen is drawn: stderr, so that stdout has only results. */
export interface ScreenOutput {
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
  readonly rows?: number | undefined;
  readonly write: (text: string) => unknown;
}

/** A lane's screen. */
export interface LaneScreen {
  readonly add: (audited: Audited) => void;
  readonly paint: (at: Micros) => void;
  /** Shows the operator a problem that is not an event, such as a command that could not be read. */
  readonly problem: (why: string) => void;
  readonly close: () => void;
}

/** What the screen shows: the state of the run by its events, and the screen's own memory. */
interface Shown {
  readonly mark: string;
  readonly indices: ReadonlyMap<string, string>;
  readonly volatilities: ReadonlyMap<string, string>;
  readonly run: ReplicaState;
  readonly news: readonly string[];
}

const MOST_ROWS = 14;
/** Lines of a full screen that are not of contracts, the cursor's line included. */
const OTHER_LINES = 12;
const NEWS = 6;
const REASONS = 3;
const PLAIN_LINE_MICROS = 300_000_000;

/** A name from a venue must not control the terminal. */
const plain = (name: string): string => name.replace(/[^ -~]/g, '?');
const clockTime = (at: Micros): string => new Date(at / 1000).toISOString().slice(11, 19);
const cents = (ticks: number | undefined): string =>
  ticks === undefined ? '  –  ' : (ticks / 100).toFixed(1).padStart(5);
const percent = (value: Known): string =>
  value !== null ? `${(100 * value).toFixed(1)}%`.padStart(6) : '    – ';

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

/** At least six digits: cents for a bitcoin, parts of a cent for a dogecoin. */
const shownPrice = (dollars: number): string =>
  dollars >= 1_000 ? dollars.toFixed(2) : dollars.toPrecision(6);

const toClose = (micros: number): string => {
  const seconds = Math.max(0, Math.round(micros / 1_000_000));
  return `${String(Math.floor(seconds / 60)).padStart(3)}:${String(seconds % 60).padStart(2, '0')}`;
};

const accountOf = (account: ReplicaState['account']): string =>
  account
    ? `cash $${account.cashDollars.toFixed(2)}  realised $${account.realisedDollars.toFixed(2)}  fees $${account.feesDollars.toFixed(2)}`
    : 'no trades yet';

/** The whole screen as lines, for event time `at`. */
function screenLines(
  { mark, indices, volatilities, run: { halted, account, contracts, decisions }, news }: Shown,
  at: Micros,
  rows: number,
): readonly string[] {
  const closeOf = (ticker: string): Micros => contracts.get(ticker)?.contract.closeAt ?? 0;
  const open = [...decisions.values()]
    .filter(({ ticker }) => closeOf(ticker) > at)
    .sort((a, b) => closeOf(a.ticker) - closeOf(b.ticker) || (a.ticker < b.ticker ? -1 : 1));
  const row = (decision: Decision): string => {
    const { ticker, bidTicks, askTicks, proposal, verdict, failing } = decision;
    const why =
      verdict === 'approved'
        ? 'TRADE'
        : `out: ${failing.slice(0, REASONS).join(', ')}${failing.length > REASONS ? ' …' : ''}`;
    return `${plain(ticker).padEnd(28)} ${toClose(closeOf(ticker) - at)}  ${cents(bidTicks)} ${cents(askTicks)}  ${percent(proposal.modelProbability)} ${percent(proposal.probability)}  ${why}`;
  };
  const markets = [...new Set([...indices.keys(), ...volatilities.keys()])].map(
    (asset) =>
      `${asset} index ${indices.get(asset) ?? '–'}   volatility ${volatilities.get(asset) ?? '–'} a year`,
  );
  return [
    `${mark}  ${clockTime(at)} UTC   ${markets.join('   ')}   ${accountOf(account)}`,
    halted === undefined ? '' : `HALTED by the operator${halted === '' ? '' : `: ${plain(halted)}`}`,
    'contract                      closes   bid   ask    model  blend  verdict',
    ...open.slice(0, rows).map(row),
    ...(open.length > rows ? [`… and ${open.length - rows} more`] : []),
    '',
    ...news,
  ];
}

/**
 * How to draw a screen. `mark` begins every line that is printed alone and states what is real: SIMULATED or
 * PAPER.
 */
export interface ScreenOptions {
  readonly mark: string;
  readonly quiet: boolean;
}

/**
 * A screen that a newcomer can read: index, volatility, each contract's book beside its fair value, and why
 * the system does not trade. On a terminal it is redrawn in place. Elsewhere it prints one line for each
 * settlement and one every five minutes of event time. `quiet` prints nothing.
 */
export function laneScreen(output: ScreenOutput, { mark, quiet }: ScreenOptions): LaneScreen {
  const run = replica();
  const news: string[] = [];
  /** Venues with a reported problem since they were last live. */
  const troubled = new Set<string>();
  const indices = new Map<string, string>();
  const volatilities = new Map<string, string>();
  let drawn = 0;
  let plainAt = 0;

  const report = (line: string): void => {
    news.push(line);
    if (news.length > NEWS) news.shift();
    if (!output.isTTY && !quiet) output.write(`${mark}  ${line}\n`);
  };

  return {
    add: (audited) => {
      const lost = run.add(audited);
      if (lost) throw new RangeError(`screen: event ${lost.was} came where ${lost.expected} was next`);
      const { event } = audited;
      switch (event.kind) {
        case 'index':
          indices.set(event.asset, shownPrice(event.value));
          return;
        case 'forecast':
          volatilities.set(event.asset, volatilityOf(event));
          return;
        case 'command':
          report(
            `${clockTime(event.at)} operator: ${event.command}${event.reason === '' ? '' : ` (${plain(event.reason)})`}`,
          );
          return;
        case 'fill':
          report(
            `${clockTime(event.at)} bought ${event.count / 100} ${event.side === 'bid' ? 'YES' : 'NO'} of ${plain(event.ticker)} at ${cents(event.side === 'bid' ? event.priceTicks : 10_000 - event.priceTicks).trim()} ¢`,
          );
          return;
        case 'settlement':
          if (event.position === 0 && event.pnl === 0) return;
          report(
            `${clockTime(event.at)} ${plain(event.ticker)} settled ${event.result.toUpperCase()}, ${(event.pnl / 10_000).toFixed(2)} dollars`,
          );
          return;
        case 'connection':
          if (event.change === 'live' && !troubled.has(event.venue)) return;
          if (event.change === 'opened' && event.detail === '') return;
          if (event.change === 'live') troubled.delete(event.venue);
          else if (event.change !== 'opened') troubled.add(event.venue);
          report(`${clockTime(event.at)} ${event.venue} ${event.change}: ${plain(event.detail)}`);
          return;
        default:
          return;
      }
    },
    paint: (at) => {
      if (quiet) return;
      const rows = Math.max(1, Math.min(MOST_ROWS, (output.rows ?? 40) - OTHER_LINES));
      const lines = screenLines({ mark, indices, volatilities, run: run.state(), news }, at, rows);
      if (output.isTTY) {
        const width = output.columns ?? 120;
        const up = drawn > 0 ? `\u001b[${drawn}A` : '';
        output.write(
          `${up}${lines.map((line) => `\u001b[2K${line.slice(0, width - 1)}\n`).join('')}\u001b[J`,
        );
        drawn = lines.length;
      } else if (at >= plainAt + PLAIN_LINE_MICROS) {
        plainAt = at;
        output.write(`${lines[0]}\n`);
      }
    },
    problem: (why) => report(plain(why)),
    close: () => {
      drawn = 0;
    },
  };
}

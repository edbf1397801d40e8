import type { Audit } from '../../pipelines/graph.ts';
import type { Decision } from '../domain/events/decision.ts';
import type { Forecast } from '../domain/events/forecast.ts';
import type { Micros } from '../domain/time.ts';
import { annualisedVolatility } from '../maths/annualised-volatility.ts';

/** Where the screen is drawn: stderr, so that stdout carries results alone. */
export interface ScreenOutput {
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
  readonly rows?: number | undefined;
  readonly write: (text: string) => unknown;
}

/** A lane's screen. */
export interface LaneScreen {
  readonly add: (event: Audit) => void;
  readonly paint: (at: Micros) => void;
  readonly close: () => void;
}

/** What the screen remembers. */
interface Shown {
  readonly mark: string;
  readonly index: string;
  readonly volatility: string;
  readonly account: string;
  readonly closesAt: ReadonlyMap<string, Micros>;
  readonly decisions: ReadonlyMap<string, Decision>;
  readonly news: readonly string[];
}

const MOST_ROWS = 14;
/** Lines of a full screen that are no contract's, and the cursor's own. */
const OTHER_LINES = 12;
const NEWS = 6;
const REASONS = 3;
const PLAIN_LINE_MICROS = 300_000_000;

/** A name from the wire must not steer the terminal. */
const plain = (name: string): string => name.replace(/[^ -~]/g, '?');
const clockTime = (at: Micros): string => new Date(at / 1000).toISOString().slice(11, 19);
const cents = (ticks: number | undefined): string =>
  ticks === undefined ? '  –  ' : (ticks / 100).toFixed(1).padStart(5);
const percent = (value: number): string =>
  Number.isFinite(value) ? `${(100 * value).toFixed(1)}%`.padStart(6) : '    – ';

/** The next hour's volatility, of this second, and the band that four hours in five lie in, of the last minute, where there is one: `41 % (29–58)`. */
const volatilityOf = ({ annualisedVolatility: now, horizons }: Forecast): string => {
  const hour = horizons.find(({ minutes }) => minutes === 60);
  const whole = (share: number): string => (100 * share).toFixed(0);
  const { lowLogVariance: low, highLogVariance: high } = hour ?? {};
  const yearly = (log: number): string => whole(annualisedVolatility(log, 60));
  return `${whole(now)} %${low === undefined || high === undefined ? '' : ` (${yearly(low)}–${yearly(high)})`}`;
};

const toClose = (micros: number): string => {
  const seconds = Math.max(0, Math.round(micros / 1_000_000));
  return `${String(Math.floor(seconds / 60)).padStart(3)}:${String(seconds % 60).padStart(2, '0')}`;
};

/** The whole screen as lines, for event time `at`. */
function screenLines(
  { mark, index, volatility, account, closesAt, decisions, news }: Shown,
  at: Micros,
  rows: number,
): readonly string[] {
  const open = [...decisions.values()]
    .filter(({ ticker }) => (closesAt.get(ticker) ?? 0) > at)
    .sort(
      (a, b) =>
        (closesAt.get(a.ticker) ?? 0) - (closesAt.get(b.ticker) ?? 0) || (a.ticker < b.ticker ? -1 : 1),
    );
  const row = (decision: Decision): string => {
    const { ticker, bidTicks, askTicks, proposal, verdict, failing } = decision;
    const why =
      verdict === 'approved'
        ? 'TRADE'
        : `out: ${failing.slice(0, REASONS).join(', ')}${failing.length > REASONS ? ' …' : ''}`;
    return `${plain(ticker).padEnd(28)} ${toClose((closesAt.get(ticker) ?? at) - at)}  ${cents(bidTicks)} ${cents(askTicks)}  ${percent(proposal.modelProbability)} ${percent(proposal.probability)}  ${why}`;
  };
  return [
    `${mark}  ${clockTime(at)} UTC   BTC index ${index}   volatility ${volatility} a year   ${account}`,
    '',
    'contract                      closes   bid   ask    model  blend  verdict',
    ...open.slice(0, rows).map(row),
    ...(open.length > rows ? [`… and ${open.length - rows} more`] : []),
    '',
    ...news,
  ];
}

/** How a screen is drawn. `mark` begins every line that stands alone and says what is real: SIMULATED, PAPER. */
export interface ScreenOptions {
  readonly mark: string;
  readonly quiet: boolean;
}

/**
 * A screen that a newcomer can read: index, volatility, each contract's book beside its fair value, and why the system is out. Redrawn in place on a
 * terminal; elsewhere one line for each settlement and one every five minutes of event time. Nothing at all when `quiet`.
 */
export function laneScreen(output: ScreenOutput, { mark, quiet }: ScreenOptions): LaneScreen {
  const closesAt = new Map<string, Micros>();
  const decisions = new Map<string, Decision>();
  const news: string[] = [];
  /** Venues of which something bad was told since they were last live. */
  const troubled = new Set<string>();
  let index = '–';
  let volatility = '–';
  let account = 'no trades yet';
  let drawn = 0;
  let plainAt = 0;

  const tell = (line: string): void => {
    news.push(line);
    if (news.length > NEWS) news.shift();
    if (!output.isTTY && !quiet) output.write(`${mark}  ${line}\n`);
  };

  return {
    add: (event) => {
      switch (event.kind) {
        case 'index':
          index = event.value.toFixed(2);
          return;
        case 'forecast':
          volatility = volatilityOf(event);
          return;
        case 'contract':
          closesAt.set(event.contract.ticker, event.contract.closeAt);
          return;
        case 'decision':
          decisions.set(event.ticker, event);
          return;
        case 'fill':
          tell(
            `${clockTime(event.at)} bought ${event.count / 100} ${event.side === 'bid' ? 'YES' : 'NO'} of ${plain(event.ticker)} at ${cents(event.side === 'bid' ? event.priceTicks : 10_000 - event.priceTicks).trim()} ¢`,
          );
          return;
        case 'settlement':
          if (event.position === 0 && event.pnl === 0) return;
          tell(
            `${clockTime(event.at)} ${plain(event.ticker)} settled ${event.result.toUpperCase()}, ${(event.pnl / 10_000).toFixed(2)} dollars`,
          );
          decisions.delete(event.ticker);
          return;
        case 'connection':
          if (event.change === 'live' && !troubled.has(event.venue)) return;
          if (event.change === 'opened' && event.detail === '') return;
          if (event.change === 'live') troubled.delete(event.venue);
          else if (event.change !== 'opened') troubled.add(event.venue);
          tell(`${clockTime(event.at)} ${event.venue} ${event.change}: ${plain(event.detail)}`);
          return;
        case 'account':
          account = `cash $${event.cashDollars.toFixed(2)}  realised $${event.realisedDollars.toFixed(2)}  fees $${event.feesDollars.toFixed(2)}`;
          return;
        default:
          return;
      }
    },
    paint: (at) => {
      if (quiet) return;
      const rows = Math.max(1, Math.min(MOST_ROWS, (output.rows ?? 40) - OTHER_LINES));
      const lines = screenLines({ mark, index, volatility, account, closesAt, decisions, news }, at, rows);
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
    close: () => {
      drawn = 0;
    },
  };
}

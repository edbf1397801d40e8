import { clockTime } from '../domain/clock-time.ts';
import type { Audited } from '../domain/events/audit.ts';
import type { Forecast } from '../domain/events/forecast.ts';
import { replica } from '../domain/replica.ts';
import type { Micros } from '../domain/time.ts';
import { cents, plain, screenLines } from './screen-lines.ts';
import { type ScreenOutput, terminal } from './terminal.ts';

/** A lane's screen. */
export interface LaneScreen {
  readonly add: (audited: Audited) => void;
  readonly paint: (at: Micros) => void;
  /** Shows the operator a problem that is not an event, such as a command that could not be read. */
  readonly problem: (why: string) => void;
  readonly close: () => void;
}

const NEWS = 6;
const PLAIN_LINE_MICROS = 300_000_000;
const ROWS = 40;
const COLUMNS = 120;

/** At least six digits: cents for a bitcoin, parts of a cent for a dogecoin. */
const shownPrice = (dollars: number): string =>
  dollars >= 1_000 ? dollars.toFixed(2) : dollars.toPrecision(6);

/**
 * How to draw a screen. `mark` begins every line that is printed alone and states what is real: SIMULATED or
 * PAPER.
 */
export interface ScreenOptions {
  readonly mark: string;
  readonly quiet: boolean;
}

/**
 * A screen that a newcomer can read: index, volatility, each contract's book beside its fair value, what is
 * held and what it may cost, and why the system trades or does not. A terminal is redrawn (`terminal`). Elsewhere it prints one line for each
 * settlement and one every five minutes of event time. `quiet` prints nothing.
 */
export function laneScreen(output: ScreenOutput, { mark, quiet }: ScreenOptions): LaneScreen {
  const run = replica();
  const news: string[] = [];
  /** Venues with a reported problem since they were last live. */
  const troubled = new Set<string>();
  const indices = new Map<string, string>();
  const forecasts = new Map<string, Forecast>();
  const drawing = terminal(output);
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
          forecasts.set(event.asset, event);
          return;
        case 'command':
          report(
            `${clockTime(event.at)} operator: ${event.command}${event.reason === '' ? '' : ` (${plain(event.reason)})`}`,
          );
          return;
        case 'fill':
          report(
            `${clockTime(event.at)} bought ${event.count / 100} ${event.side === 'bid' ? 'YES' : 'NO'} of ${plain(event.ticker)} at ${cents(event.side === 'bid' ? event.priceTicks : 10_000 - event.priceTicks)} ¢`,
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
      const { isTTY, columns = COLUMNS, rows = ROWS } = output;
      // Without a terminal only the first line is printed, and it has no width.
      const room = { width: isTTY ? columns - 1 : Number.POSITIVE_INFINITY, height: rows - 1 };
      const { lines, table } = screenLines({ mark, indices, forecasts, run: run.state(), news }, at, room);
      if (isTTY) drawing.draw(lines, table);
      else if (at >= plainAt + PLAIN_LINE_MICROS) {
        plainAt = at;
        output.write(`${lines[0]}\n`);
      }
    },
    problem: (why) => report(plain(why)),
    close: drawing.close,
  };
}

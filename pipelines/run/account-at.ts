import type { Micros } from '../../src/domain/time.ts';
import { DAY } from '../../src/domain/time.ts';
import { runLines } from './run-lines.ts';

/** A step of an order, a fill or a settlement of one contract, as its line tells it. */
export interface RunEvent {
  readonly kind: string;
  readonly at: Micros;
  readonly ticker: string;
  readonly clientOrderId?: string;
  readonly decisionId?: number;
  readonly side?: 'bid' | 'ask';
  readonly limitTicks?: number;
  readonly priceTicks?: number;
  readonly count?: number;
  readonly filled?: number;
  readonly remaining?: number;
  readonly state?: string;
  readonly why?: string;
  readonly timeInForce?: string;
  readonly taker?: boolean;
  readonly fee?: number;
  readonly result?: 'yes' | 'no';
  readonly valueDollars?: number;
  readonly position?: number;
  readonly cash?: number;
  readonly pnl?: number;
}

/** What a run's fills and settlements add up to at a time. */
export interface AccountAt {
  /** Contracts held in 0.01, YES positive, NO negative; those of zero are left out. */
  readonly positions: ReadonlyMap<string, number>;
  /** Realised of contracts that settled on that UTC day, after fees, in $0.0001. */
  readonly dayPnl: number;
  /** Paid until then, in millionths of a dollar. */
  readonly fees: number;
  /** The result of the contract asked for, whenever it came. */
  readonly settlement: RunEvent | undefined;
}

/** A line as an event; undefined for one that is damaged. */
function eventOf(line: Buffer): RunEvent | undefined {
  try {
    const event = JSON.parse(line.toString('utf8')) as RunEvent;
    return typeof event?.ticker === 'string' && Number.isFinite(event.at) ? event : undefined;
  } catch {
    return undefined;
  }
}

/** The events of a run's files of orders or fills, in their order. */
export async function* runEvents(files: readonly string[]): AsyncGenerator<RunEvent> {
  for (const file of files)
    for await (const line of runLines(file)) {
      const event = eventOf(line);
      if (event) yield event;
    }
}

/**
 * Adds up the fills and settlements up to and including a time. What an account held before the run began is
 * not in a run's files.
 */
export async function accountAt(fills: readonly string[], ticker: string, at: Micros): Promise<AccountAt> {
  const positions = new Map<string, number>();
  let dayPnl = 0;
  let fees = 0;
  let settlement: RunEvent | undefined;
  for await (const event of runEvents(fills)) {
    if (event.kind === 'settlement' && event.ticker === ticker) settlement = event;
    if (event.at > at) continue;
    if (event.kind === 'settlement') {
      positions.delete(event.ticker);
      if (Math.floor(event.at / DAY) === Math.floor(at / DAY)) dayPnl += event.pnl ?? 0;
    } else if (event.kind === 'fill') {
      const held = (positions.get(event.ticker) ?? 0) + (event.side === 'bid' ? 1 : -1) * (event.count ?? 0);
      if (held === 0) positions.delete(event.ticker);
      else positions.set(event.ticker, held);
      fees += event.fee ?? 0;
    }
  }
  return { positions, dayPnl, fees, settlement };
}

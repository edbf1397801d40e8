import type { MinuteBar } from './bars.ts';
import type { Micros } from './time.ts';

/** Who sent a wire frame. */
export type Venue = 'kraken' | 'coinbase' | 'kalshi';

/** Text exactly as a venue sent it, stamped with our receipt. */
export interface WireFrame {
  readonly kind: 'wire';
  readonly at: Micros;
  readonly venue: Venue;
  readonly text: string;
}

/**
 * A recording or a connection begins: whatever state the markets had is void, and `history` (bars closed before `at`, oldest first)
 * warms the forecast. Timers do not fire through the hole before it.
 */
export interface SessionFrame {
  readonly kind: 'session';
  readonly at: Micros;
  readonly name: string;
  readonly history: readonly MinuteBar[];
}

/** A settlement learnt from outside the feeds, such as a `--settled` file. `valueCents` is undefined where only the result is known. */
export interface OutcomeFrame {
  readonly kind: 'outcome';
  readonly at: Micros;
  readonly ticker: string;
  readonly valueCents: number | undefined;
  readonly result: 'yes' | 'no';
}

/** Operator's commands: `halt` is the kill switch, `resume` lifts it. */
export interface CommandFrame {
  readonly kind: 'command';
  readonly at: Micros;
  readonly command: 'halt' | 'resume';
}

/** Everything that may enter the graph, in order of `at`. */
export type Frame = WireFrame | SessionFrame | OutcomeFrame | CommandFrame;

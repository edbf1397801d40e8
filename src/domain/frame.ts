import type { MinuteBar } from './bars.ts';
import type { Micros } from './time.ts';
import type { Venue } from './venues.ts';

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

/** A settlement learnt from outside the feeds, such as a `--settled` file. `valueUnits` is undefined where only the result is known. */
export interface OutcomeFrame {
  readonly kind: 'outcome';
  readonly at: Micros;
  readonly ticker: string;
  readonly valueUnits: number | undefined;
  readonly result: 'yes' | 'no';
}

/** Operator's commands: `halt` is the kill switch, `resume` lifts it. */
export interface CommandFrame {
  readonly kind: 'command';
  readonly at: Micros;
  readonly command: 'halt' | 'resume';
}

/** A REST body exactly as a venue answered. `resource` is the path with its query, such as `/0/public/Trades?pair=XBTUSD&since=0`. */
export interface RestFrame {
  readonly kind: 'rest';
  readonly at: Micros;
  readonly venue: Venue;
  readonly resource: string;
  readonly text: string;
}

/**
 * What our side of a venue's connection went through. `opened`: the socket stands (or polling answers); `live`: every subscription was
 * granted and has its snapshot; `resyncing`: part of it is asked for anew; `refused`: the venue said no, `detail` says to what and why;
 * `closed`: state built on the connection is void; `shed`: we were too slow and dropped frames, `detail` says how many, and state is void likewise.
 */
export interface ConnectionFrame {
  readonly kind: 'connection';
  readonly at: Micros;
  readonly venue: Venue;
  readonly change: 'opened' | 'live' | 'resyncing' | 'refused' | 'closed' | 'shed';
  readonly detail: string;
}

/** The venue's clock minus ours, measured by a request's two stamps there and its round trip here. */
export interface ClockFrame {
  readonly kind: 'clock';
  readonly at: Micros;
  readonly venue: Venue;
  readonly offsetMicros: number;
  readonly roundTripMicros: number;
}

/** Time went on and nothing came: lets timers fire. */
export interface TickFrame {
  readonly kind: 'tick';
  readonly at: Micros;
}

/** Everything that may enter the graph, in order of `at`. */
export type Frame =
  | WireFrame
  | RestFrame
  | ConnectionFrame
  | ClockFrame
  | SessionFrame
  | OutcomeFrame
  | CommandFrame
  | TickFrame;

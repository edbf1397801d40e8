import type { MinuteBar } from './bars.ts';
import type { Forecast } from './events/forecast.ts';
import type { OrderRequest, RequestOutcome } from './events/order.ts';
import type { Cash } from './money.ts';
import type { Micros } from './time.ts';
import type { ExchangeVenue, Venue } from './venues.ts';

/**
 * Text exactly as a venue sent it, stamped with our receipt. `json` is the parsed text where a feed has
 * parsed it already, so that it is parsed once. It must equal what `JSON.parse(text)` gives. Tapes do not
 * store it, so a frame read from a tape has none.
 */
export interface WireFrame {
  readonly kind: 'wire';
  readonly at: Micros;
  readonly venue: Venue;
  readonly text: string;
  readonly json?: unknown;
}

/**
 * Closed bars of one asset, oldest first. Old tapes name no asset: `asset` is then undefined, and the bars
 * belong to the first asset.
 */
export interface AssetBars {
  readonly asset: string | undefined;
  readonly bars: readonly MinuteBar[];
}

/**
 * A session begins. All earlier state of the markets is void. `history` is the warm-up: bars closed before
 * `at`, by asset. No timer fires for the time between two sessions.
 */
export interface SessionFrame {
  readonly kind: 'session';
  readonly at: Micros;
  readonly name: string;
  readonly history: readonly AssetBars[];
}

/**
 * A settlement that comes from outside the feeds, such as from a `--settled` file. `valueUnits` is in units
 * of the index of the ticker's asset; undefined where only the result is known.
 */
export interface OutcomeFrame {
  readonly kind: 'outcome';
  readonly at: Micros;
  readonly ticker: string;
  readonly valueUnits: number | undefined;
  readonly result: 'yes' | 'no';
}

/**
 * Commands to the desk, by the operator or by the lane's guard: `halt` is the kill switch, `reduce` lets only
 * orders pass that lower the worst outcome, `resume` lifts both. `flatten` reduces too and closes every
 * position at the best price shown. `resolve` forgets the differences on one contract, or on the `account`.
 * `cancelAll` says that the lane was told to cancel its orders, and `cap` that a hard limit of it was lowered;
 * neither changes the desk. `reason` says who and why; it may be empty. The first word of a `resolve` is the
 * ticker, the first two of a `cap` are the limit and its new value.
 */
export interface CommandFrame {
  readonly kind: 'command';
  readonly at: Micros;
  readonly command: 'halt' | 'reduce' | 'resume' | 'flatten' | 'resolve' | 'cancelAll' | 'cap';
  readonly reason: string;
}

/**
 * What an account brings from its earlier runs: the profit or loss realised on the UTC day of `at`, and the
 * ids of orders that the venue may still tell of. It is the first frame of a live session; the venue's
 * positions and cash follow.
 */
export interface CarriedFrame {
  readonly kind: 'carried';
  readonly at: Micros;
  readonly dayPnl: Cash;
  readonly orderIds: readonly string[];
}

/** What became of a request about an order: it was sent, was answered, timed out or was lost. */
export interface RequestFrame {
  readonly kind: 'request';
  readonly at: Micros;
  readonly venue: ExchangeVenue;
  readonly request: OrderRequest;
  readonly outcome: RequestOutcome;
}

/** A forecast that another process made. `at` is our time of receipt; the forecast carries its own times. */
export interface RemoteForecastFrame {
  readonly kind: 'remoteForecast';
  readonly at: Micros;
  readonly forecast: Forecast;
}

/**
 * A REST body exactly as a venue answered. `resource` is the path with its query, such as
 * `/0/public/Trades?pair=XBTUSD&since=0`.
 */
export interface RestFrame {
  readonly kind: 'rest';
  readonly at: Micros;
  readonly venue: Venue;
  readonly resource: string;
  readonly text: string;
}

/**
 * A change of our connection to a venue. `opened`: the socket is open (or polling gets answers). `live`:
 * every subscription was granted and has its snapshot. `resyncing`: we ask for a part of it again. `refused`:
 * the venue refused a request; `detail` says which and why. `closed`: the connection ended, and state built
 * on it is void. `shed`: we were too slow and dropped frames; `detail` says how many, and that state is void
 * too.
 */
export interface ConnectionFrame {
  readonly kind: 'connection';
  readonly at: Micros;
  readonly venue: Venue;
  readonly change: 'opened' | 'live' | 'resyncing' | 'refused' | 'closed' | 'shed';
  readonly detail: string;
}

/**
 * The venue's clock minus ours, measured from the venue's two stamps of a request and our round-trip time.
 */
export interface ClockFrame {
  readonly kind: 'clock';
  readonly at: Micros;
  readonly venue: Venue;
  readonly offsetMicros: number;
  readonly roundTripMicros: number;
}

/** Time passed without another frame. It lets timers fire. */
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
  | CarriedFrame
  | RequestFrame
  | RemoteForecastFrame
  | TickFrame;

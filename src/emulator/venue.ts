import type { Micros } from '../domain/time.ts';

/** A request as it reached an emulated venue. `path` carries the query. */
export interface EmulatedRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: string;
}

/** What an emulated venue answers. */
export interface EmulatedAnswer {
  readonly kind: 'answer';
  readonly status: number;
  readonly body: string;
}

/** The venue's end of a socket towards its client. */
export interface EmulatedCaller {
  readonly say: (text: string) => void;
  readonly end: (code: number, why: string) => void;
}

/** A connected client: what it says to the venue, and its going. */
export interface EmulatedPeer {
  readonly kind: 'peer';
  readonly hear: (text: string) => void;
  readonly left: () => void;
}

/** The times an emulated venue lives by. */
export interface EmulatedTimes {
  /** The emulated market's time. */
  readonly now: () => Micros;
  /** True wall time in milliseconds: signatures keep it, whatever the market's speed. */
  readonly wallMillis: () => number;
}

/**
 * A venue without sockets: the same object answers over loopback and in event time. `Emission` is what its market says; the venue is told
 * of each in order, keeps the public state from them alone, and says it to whoever subscribed.
 */
export interface EmulatedVenue<Emission> {
  readonly market: (emission: Emission) => void;
  /** Timers of the venue itself (heartbeats, pings, expiries) up to now. */
  readonly tick: () => void;
  readonly upgrade: (request: EmulatedRequest, caller: EmulatedCaller) => EmulatedPeer | EmulatedAnswer;
  readonly http: (request: EmulatedRequest) => EmulatedAnswer;
}

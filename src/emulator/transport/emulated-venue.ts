import type { Micros } from '../../domain/time.ts';

/** A request to an emulated venue. `path` includes the query. */
export interface EmulatedRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: string;
}

/** The answer of an emulated venue. */
export interface EmulatedAnswer {
  readonly kind: 'answer';
  readonly status: number;
  readonly body: string;
}

/** The venue's access to a client's socket. */
export interface EmulatedCaller {
  readonly say: (text: string) => void;
  readonly end: (code: number, why: string) => void;
}

/** A connected client, for the transport: it passes on the client's texts and its leaving. */
export interface EmulatedPeer {
  readonly kind: 'peer';
  readonly hear: (text: string) => void;
  readonly left: () => void;
}

/** The clocks of an emulated venue. */
export interface EmulatedTimes {
  /** The emulated market's time. */
  readonly now: () => Micros;
  /** True wall time in milliseconds. Signatures use it, whatever the market's speed. */
  readonly wallMillis: () => number;
}

/**
 * A venue without sockets: the same object works over loopback and in event time. `Emission` is the type of
 * its market's emissions. The venue receives them in order, builds the public state from them alone, and
 * sends them to subscribers.
 */
export interface EmulatedVenue<Emission> {
  readonly market: (emission: Emission) => void;
  /** Runs the venue's own timers (heartbeats, pings, expiries) up to now. */
  readonly tick: () => void;
  readonly upgrade: (request: EmulatedRequest, caller: EmulatedCaller) => EmulatedPeer | EmulatedAnswer;
  readonly http: (request: EmulatedRequest) => EmulatedAnswer;
}

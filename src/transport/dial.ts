import type { Observable } from 'rxjs';

/** Where to connect. Made anew for each attempt, since signatures carry the time. */
export interface SocketRequest {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** A socket stands. `send` after it closed does nothing; `close` ends it from our side, `closed` follows. */
export interface SocketOpened {
  readonly kind: 'opened';
  readonly send: (text: string) => void;
  readonly close: (why: string) => void;
}

/** One text frame, whole. */
export interface SocketText {
  readonly kind: 'text';
  readonly text: string;
}

/**
 * The socket is gone, or never came to be: then `status` is the HTTP status of the refused upgrade and `detail` the start of its body.
 * The last event of an attempt.
 */
export interface SocketClosed {
  readonly kind: 'closed';
  readonly code: number;
  readonly status: number | undefined;
  readonly detail: string;
}

/** What one attempt at a socket tells. */
export type SocketEvent = SocketOpened | SocketText | SocketClosed;

/**
 * The port to a socket. Subscribing dials, unsubscribing closes at once. The stream ends after `closed` and never errors: a failure of the network is
 * an event. Implemented by `ws` for real sockets and by the emulator for event time.
 */
export type Dial = (request: SocketRequest) => Observable<SocketEvent>;

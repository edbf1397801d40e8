import type { Observable } from 'rxjs';

/** Where to connect. Made anew for each attempt, since signatures carry the time. */
export interface SocketRequest {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * A socket has opened. `send` does nothing after it has closed. `close` ends it from our side, and `closed`
 * follows.
 */
export interface SocketOpened {
  readonly kind: 'opened';
  readonly send: (text: string) => void;
  readonly close: (why: string) => void;
}

/** One whole text frame. */
export interface SocketText {
  readonly kind: 'text';
  readonly text: string;
}

/**
 * The socket has closed, or was never opened. If the server refused the upgrade, `status` is the HTTP status
 * and `detail` the start of the body. This is the last event of an attempt.
 */
export interface SocketClosed {
  readonly kind: 'closed';
  readonly code: number;
  readonly status: number | undefined;
  readonly detail: string;
}

/** The events of one attempt to open a socket. */
export type SocketEvent = SocketOpened | SocketText | SocketClosed;

/**
 * The port for sockets. Subscribing dials, unsubscribing closes at once. The stream ends after `closed` and
 * never errors: a network failure is an event. `ws` implements it for real sockets, and the emulator for
 * event time.
 */
export type Dial = (request: SocketRequest) => Observable<SocketEvent>;

import { Observable } from 'rxjs';
import type { Dial, SocketClosed, SocketEvent, SocketRequest } from '../../src/transport/dial.ts';

/** The far end of one attempt at a socket, played by the test. */
export interface HandSocket {
  readonly request: SocketRequest;
  /** What our side sent, in order. */
  readonly sent: readonly string[];
  /** True once our side closed it or left. */
  readonly left: () => boolean;
  readonly open: () => void;
  readonly say: (text: string) => void;
  readonly end: (closed?: Partial<Omit<SocketClosed, 'kind'>>) => void;
}

/** A dial whose far end is the test: every attempt is a `HandSocket`, and `greet` may act on it as soon as it is dialled. */
export function handDial(greet: (socket: HandSocket) => void = () => {}): {
  readonly dial: Dial;
  readonly sockets: readonly HandSocket[];
} {
  const sockets: HandSocket[] = [];
  return {
    sockets,
    dial: (request) =>
      new Observable<SocketEvent>((to) => {
        const sent: string[] = [];
        let over = false;
        const end: HandSocket['end'] = ({ code = 1006, status = undefined, detail = 'reset' } = {}) => {
          if (over) return;
          over = true;
          to.next({ kind: 'closed', code, status, detail });
          to.complete();
        };
        const socket: HandSocket = {
          request,
          sent,
          left: () => over,
          open: () =>
            to.next({
              kind: 'opened',
              send: (text) => {
                if (!over) sent.push(text);
              },
              close: (why) => end({ detail: why }),
            }),
          say: (text) => {
            if (!over) to.next({ kind: 'text', text });
          },
          end,
        };
        sockets.push(socket);
        greet(socket);
        return () => {
          over = true;
        };
      }),
  };
}

import { Observable } from 'rxjs';
import { type RawData, WebSocket } from 'ws';
import type { Dial, SocketEvent } from './dial.ts';
import { MOST_CHARACTERS } from './json-bounds.ts';

const BODY_CHARS = 2_000;
/** The other side is gone without a close frame (RFC 6455 §7.4.1). */
const ABNORMAL = 1006;

const textOf = (data: RawData): string =>
  Array.isArray(data) ? Buffer.concat(data).toString('utf8') : Buffer.from(data as Buffer).toString('utf8');

/** Options of dialling. */
export interface WsDialOptions {
  /** A handshake that takes longer than this fails. */
  readonly handshakeMs?: number;
  /**
   * Longest frame that is accepted; a longer one closes the socket before it is received. The default is what
   * the codecs read.
   */
  readonly mostBytes?: number;
}

/**
 * Real sockets through `ws`. Text frames come whole, without the newline that Kalshi puts at their end. `ws`
 * answers pings. Unsubscribing closes the socket at once, even if the other side no longer answers.
 */
export function wsDial({ handshakeMs = 10_000, mostBytes = MOST_CHARACTERS }: WsDialOptions = {}): Dial {
  return ({ url, headers }) =>
    new Observable<SocketEvent>((to) => {
      let status: number | undefined;
      let problem = '';
      let ended = false;
      const end = (code: number, detail: string): void => {
        if (ended) return;
        ended = true;
        to.next({ kind: 'closed', code, status, detail });
        to.complete();
      };
      let socket: WebSocket;
      try {
        socket = new WebSocket(url, {
          headers: { ...headers },
          handshakeTimeout: handshakeMs,
          maxPayload: mostBytes,
        });
      } catch (cause) {
        end(ABNORMAL, (cause as Error).message);
        return undefined;
      }
      socket.on('open', () =>
        to.next({
          kind: 'opened',
          send: (text) => {
            if (socket.readyState === WebSocket.OPEN) socket.send(text);
          },
          close: (why) => {
            problem = why;
            socket.terminate();
          },
        }),
      );
      socket.on('message', (data) => {
        const text = textOf(data);
        to.next({ kind: 'text', text: text.endsWith('\n') ? text.trimEnd() : text });
      });
      // The server answered the upgrade request without opening a socket.
      socket.on('unexpected-response', (request, response) => {
        status = response.statusCode;
        let body = '';
        response.setEncoding('utf8');
        response.on('data', (chunk: string) => {
          if (body.length < BODY_CHARS) body += chunk.slice(0, BODY_CHARS - body.length);
        });
        const done = (): void => {
          end(ABNORMAL, body);
          request.destroy();
        };
        response.on('end', done);
        response.on('error', done);
      });
      socket.on('error', (cause) => {
        problem = cause.message;
      });
      socket.on('close', (code, reason) => end(code, problem || reason.toString('utf8')));
      return () => {
        ended = true;
        socket.terminate();
      };
    });
}

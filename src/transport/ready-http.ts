import {
  type ClientRequest,
  Agent as HttpAgent,
  request as httpRequest,
  type IncomingMessage,
} from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { defer, Observable, type SchedulerLike, Subscription } from 'rxjs';
import { after, every } from '../operators/after.ts';
import type { Http, HttpAnswer, HttpRequest } from './http.ts';
import { MOST_CHARACTERS } from './json-bounds.ts';

/** Which call is kept ready, and what sends all others. */
export interface ReadyHttpOptions {
  readonly method: 'POST' | 'PUT' | 'DELETE';
  readonly url: string;
  /** Sends every other call, and this one while no connection is ready. */
  readonly http: Http;
  readonly clock: SchedulerLike;
  /** How many connections wait. */
  readonly lines?: number;
  /** A connection that waited so long is replaced: the other side may be about to close it. */
  readonly mostIdleMs?: number;
  /** How often missing connections are opened and old ones replaced. */
  readonly lookMs?: number;
  /** Longest body of an answer in bytes; the default is what the codecs read. */
  readonly mostBytes?: number;
}

/** REST with connections that wait for one call. */
export interface ReadyHttp {
  readonly http: Http;
  /** Connections that wait now. */
  readonly waiting: () => number;
  /** Closes what waits and opens nothing more. Calls that have left go on. */
  readonly close: () => void;
}

/** A request whose connection stands and of which nothing has been sent. */
interface Line {
  readonly request: ClientRequest;
  readonly sinceMs: number;
  /** Who hears of it: whoever keeps it, then whoever sent it. */
  heard: (what: { readonly failed: Error } | { readonly response: IncomingMessage }) => void;
}

/** The whole answer, or why there is none. Whatever comes of a request that has left, it may have arrived. */
function answerOf(response: IncomingMessage, mostBytes: number, done: (answer: HttpAnswer) => void): void {
  const failed = (why: string): void => done({ kind: 'failed', why, arrived: true });
  const encoding = response.headers['content-encoding'] ?? 'identity';
  if (encoding !== 'identity') {
    failed(`the body is encoded (${encoding}), and no encoding was asked for`);
    return;
  }
  const chunks: Buffer[] = [];
  let bytes = 0;
  response.on('data', (chunk: Buffer) => {
    bytes += chunk.byteLength;
    if (bytes > mostBytes) failed(`the body is longer than ${mostBytes} bytes`);
    else chunks.push(chunk);
  });
  response.on('error', ({ message }) => failed(message));
  response.on('end', () =>
    done({
      kind: 'answered',
      status: response.statusCode ?? 0,
      text: new TextDecoder().decode(Buffer.concat(chunks)),
    }),
  );
}

/**
 * REST that sends one call at once: its bytes are given to the kernel before `subscribe` returns. Each call
 * takes a connection that was opened ahead and carries nothing else, so no call waits behind another, none
 * meets a connection that was just used up, and what a venue sends too much cannot be taken for the answer to
 * the next. Answers, failures, time and bounds are those of `fetchHttp`, except that no compression is asked
 * for. A call that was sent is never sent again.
 */
export function readyHttp({
  method,
  url,
  http,
  clock,
  lines = 8,
  mostIdleMs = 15_000,
  lookMs = 1_000,
  mostBytes = MOST_CHARACTERS,
}: ReadyHttpOptions): ReadyHttp {
  const secure = new URL(url).protocol === 'https:';
  const agent = new (secure ? HttpsAgent : HttpAgent)({ keepAlive: false });
  const open = secure ? httpsRequest : httpRequest;
  const ready: Line[] = [];
  const opening = new Set<Line>();
  let closed = false;
  let refused = false;

  const leave = (line: Line): void => {
    opening.delete(line);
    const at = ready.indexOf(line);
    if (at >= 0) ready.splice(at, 1);
  };
  const drop = (line: Line): void => {
    leave(line);
    line.heard = () => {};
    line.request.destroy();
  };
  const add = (): void => {
    if (closed) return;
    const request = open(url, { method, agent });
    const line: Line = {
      request,
      sinceMs: clock.now(),
      // Nothing was asked yet: an error, an end or a word of the other side makes it useless.
      heard: () => {
        refused = true;
        drop(line);
      },
    };
    opening.add(line);
    request.on('error', (failed) => line.heard({ failed }));
    request.on('response', (response) => line.heard({ response }));
    request.on('socket', (socket) => {
      const stands = (): void => {
        if (!opening.delete(line)) return;
        refused = false;
        ready.push(line);
      };
      if (socket.connecting) socket.once(secure ? 'secureConnect' : 'connect', stands);
      else stands();
    });
  };
  const look = (): void => {
    const [oldest] = ready;
    // One at a time, so that the others are there meanwhile.
    if (oldest && clock.now() - oldest.sinceMs > mostIdleMs) drop(oldest);
    // Where connections fail, one tries for all.
    for (let missing = lines - ready.length - opening.size; missing > 0; missing--) {
      add();
      if (refused) return;
    }
  };
  let soon: Subscription | undefined;
  /** Once for all orders of a turn, and not before the last of them has left. */
  const lookSoon = (): void => {
    soon ??= after(0, clock).subscribe(() => {
      soon = undefined;
      look();
    });
  };
  const take = (): Line | undefined => {
    for (let line = ready.pop(); line; line = ready.pop()) {
      const { socket } = line.request;
      if (socket?.writable && !socket.destroyed) return line;
      drop(line);
    }
    return undefined;
  };

  const sent = ({ headers, body = '', timeoutMs }: HttpRequest, line: Line): Observable<HttpAnswer> =>
    new Observable((to) => {
      const { request } = line;
      const running = new Subscription();
      const done = (answer: HttpAnswer): void => {
        line.heard = () => {};
        to.next(answer);
        to.complete();
      };
      line.heard = (what) => {
        if ('response' in what) answerOf(what.response, mostBytes, done);
        else done({ kind: 'failed', why: what.failed.message, arrived: true });
      };
      running.add(() => request.destroy());
      try {
        for (const [name, value] of Object.entries(headers)) request.setHeader(name, value);
        request.setHeader('content-length', Buffer.byteLength(body));
      } catch (cause) {
        // A name or a value that HTTP does not allow.
        done({ kind: 'failed', why: cause instanceof Error ? cause.message : String(cause), arrived: false });
        return running;
      }
      request.end(body);
      running.add(
        after(timeoutMs, clock).subscribe(() =>
          done({ kind: 'failed', why: `no answer within ${timeoutMs} ms`, arrived: true }),
        ),
      );
      lookSoon();
      return running;
    });

  const keeping = every(lookMs, clock).subscribe(look);
  look();
  return {
    http: (request) =>
      request.method !== method || request.url !== url
        ? http(request)
        : defer(() => {
            const line = take();
            return line ? sent(request, line) : http(request);
          }),
    waiting: () => ready.length,
    close: () => {
      closed = true;
      keeping.unsubscribe();
      soon?.unsubscribe();
      for (const line of [...ready, ...opening]) drop(line);
    },
  };
}

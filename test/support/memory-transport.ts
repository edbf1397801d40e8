import { Observable, Subscription } from 'rxjs';
import { MILLISECOND } from '../../src/domain/time.ts';
import type { Faults, FaultVenue } from '../../src/emulator/transport/faults.ts';
import { pump, type Steps, type Venues } from '../../src/emulator/world/pump.ts';
import { after, every } from '../../src/operators/after.ts';
import type { Dial, SocketEvent } from '../../src/transport/dial.ts';
import type { EdgeClock } from '../../src/transport/edge-clock.ts';
import type { Http, HttpAnswer } from '../../src/transport/http.ts';

/** The ports to emulated venues in event time. */
export interface MemoryTransport {
  readonly dial: Dial;
  readonly http: Http;
  /** Lets the markets move; unsubscribe to stand still. */
  readonly run: () => Subscription;
}

/** What a transport in event time is made of. */
export interface MemoryTransportOptions {
  readonly clock: EdgeClock;
  readonly world: Steps;
  readonly venues: Venues;
  readonly faults: Faults;
  /** One way, each way. */
  readonly latencyMs: number;
}

const PUMP_MS = 20;

const lowered = (headers: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
const venueOf = (url: URL): FaultVenue => (url.hostname.includes('kalshi') ? 'kalshi' : 'kraken');

/**
 * Sockets and REST without a network: the same venues and faults as over loopback, on a clock that can be run
 * as fast as the machine will. A host whose name has `kalshi` in it is Kalshi, any other is Kraken.
 */
export function memoryTransport(options: MemoryTransportOptions): MemoryTransport {
  const { clock, venues, faults, latencyMs } = options;
  const later = (act: () => void): Subscription => after(latencyMs, clock).subscribe(act);

  return {
    dial: ({ url, headers }) =>
      new Observable<SocketEvent>((to) => {
        const address = new URL(url);
        const venue = venueOf(address);
        const running = new Subscription();
        let closed = false;
        const close = (code: number, status: number | undefined, detail: string): void => {
          if (closed) return;
          closed = true;
          to.next({ kind: 'closed', code, status, detail });
          to.complete();
        };
        const connect = (): void => {
          const pipe = faults.socket(venue, {
            say: (text) => running.add(later(() => to.next({ kind: 'text', text: text.trimEnd() }))),
            end: (code, why) => running.add(later(() => close(code, undefined, why))),
          });
          const backlog: string[] = [];
          let open = false;
          const peer = venues[venue].upgrade(
            {
              method: 'GET',
              path: `${address.pathname}${address.search}`,
              headers: lowered(headers),
              body: '',
            },
            // What the venue says at once waits until the client knows that it is connected.
            { say: (text) => (open ? pipe.say(text) : backlog.push(text)), end: pipe.end },
          );
          if (peer.kind === 'answer') {
            pipe.left();
            running.add(later(() => close(1006, peer.status, peer.body)));
            return;
          }
          running.add(() => {
            pipe.left();
            peer.left();
          });
          running.add(
            later(() => {
              to.next({
                kind: 'opened',
                send: (text) => {
                  if (!closed) running.add(later(() => peer.hear(text)));
                },
                close: (why) => close(1006, undefined, why),
              });
              open = true;
              for (const text of backlog.splice(0)) pipe.say(text);
            }),
          );
        };
        running.add(later(connect));
        return running;
      }),
    http: ({ method, url, headers, body, timeoutMs }) =>
      new Observable<HttpAnswer>((to) => {
        const address = new URL(url);
        const venue = venueOf(address);
        const running = new Subscription();
        const finish = (answer: HttpAnswer, delayMs: number): void => {
          running.add(
            after(delayMs, clock).subscribe(() => {
              to.next(answer);
              to.complete();
            }),
          );
        };
        running.add(
          later(() => {
            const path = `${address.pathname}${address.search}`;
            const verdict = faults.http(venue, { method, path });
            if (verdict === 'tooMany')
              return finish(
                { kind: 'answered', status: 429, text: '{"error":"too many requests"}' },
                latencyMs,
              );
            if (verdict === 'serverError')
              return finish({ kind: 'answered', status: 503, text: 'service unavailable' }, latencyMs);
            const { status, body: text } = venues[venue].http({
              method,
              path,
              headers: lowered(headers),
              body: body ?? '',
            });
            if (verdict === 'errorAfterAccept')
              return finish({ kind: 'answered', status: 503, text: 'service unavailable' }, latencyMs);
            return verdict === 'noAnswer'
              ? finish({ kind: 'failed', why: `no answer within ${timeoutMs} ms`, arrived: true }, timeoutMs)
              : finish({ kind: 'answered', status, text }, latencyMs);
          }),
        );
        return running;
      }),
    run: () => {
      const { until } = pump(options.world, venues);
      until(clock.at);
      return every(PUMP_MS, clock).subscribe(() => until(Math.floor(clock.at / MILLISECOND) * MILLISECOND));
    },
  };
}

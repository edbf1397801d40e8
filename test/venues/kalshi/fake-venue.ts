import { Observable, Subject, Subscription } from 'rxjs';
import { after, every } from '../../../src/operators/after.ts';
import type { Dial, SocketEvent, SocketRequest } from '../../../src/transport/dial.ts';
import type { EdgeClock } from '../../../src/transport/edge-clock.ts';
import type { Http, HttpAnswer } from '../../../src/transport/http.ts';
import { ok, type Sent, scriptedHttp } from './scripted-http.ts';

/** A contract that the venue lists; times are the clock's. */
export interface FakeMarket {
  readonly ticker: string;
  readonly openMs: number;
  readonly closeMs: number;
}

/** A command as it came over the socket. */
export interface FakeCommand {
  readonly atMs: number;
  readonly id: number;
  readonly cmd: string;
  readonly params: Readonly<Record<string, unknown>>;
}

export interface FakeVenueOptions {
  readonly clock: EdgeClock;
  readonly markets: readonly FakeMarket[];
  /** Frames that answer a command, in place of the usual ones. */
  readonly answer?: (command: FakeCommand, usual: () => readonly object[]) => readonly object[];
  /** Refuses the nth attempt at a socket, from 1. */
  readonly refuse?: (nth: number) => { readonly status: number; readonly body: string } | undefined;
  /** Answers a request in place of the usual. */
  readonly rest?: (resource: URL) => HttpAnswer | undefined;
  /** Time from a request to its answer; none by default. */
  readonly restDelayMs?: number;
}

/** A scripted Kalshi: it lists, grants, sends a book with each market and a print each second. */
export interface FakeVenue {
  readonly dial: Dial;
  readonly http: Http;
  readonly dials: readonly (SocketRequest & { readonly atMs: number })[];
  readonly sent: readonly Sent[];
  readonly commands: readonly FakeCommand[];
  readonly command$: Observable<FakeCommand>;
  /** Lists another contract from now on. */
  readonly list: (market: FakeMarket) => void;
  /** Says a frame on the open socket. */
  readonly say: (frame: object) => void;
  /** Ends the open socket. */
  readonly end: (why: string) => void;
}

/** One way. */
const LATENCY_MS = 10;
const PRINT_MS = 1_000;

const iso = (millis: number): string => new Date(millis).toISOString();
const listing = ({ ticker, openMs, closeMs }: FakeMarket): object => ({
  ticker,
  event_ticker: `${ticker}-E`,
  open_time: iso(openMs),
  close_time: iso(closeMs),
  status: 'active',
});
export const tickersOf = ({ params }: Pick<FakeCommand, 'params'>): readonly string[] =>
  (params['market_tickers'] as readonly string[] | undefined) ?? [];
export const snapshotOf = (ticker: string, sid: number): object => ({
  type: 'orderbook_snapshot',
  sid,
  msg: { market_ticker: ticker, yes_dollars_fp: [['0.4700', '3.00']] },
});

export function fakeVenue({
  clock,
  markets,
  answer,
  refuse,
  rest,
  restDelayMs = 0,
}: FakeVenueOptions): FakeVenue {
  const listed = [...markets];
  const dials: (SocketRequest & { readonly atMs: number })[] = [];
  const commands: FakeCommand[] = [];
  const command$ = new Subject<FakeCommand>();
  let say: (frame: object) => void = () => {};
  let end: (why: string) => void = () => {};

  const usual = (sids: Map<string, number>, { id, cmd, params }: FakeCommand): readonly object[] => {
    const tickers = tickersOf({ params });
    if (cmd === 'subscribe') {
      const [channel = ''] = params['channels'] as readonly string[];
      const sid = sids.size + 1;
      sids.set(channel, sid);
      const books = channel === 'orderbook_delta' ? tickers.map((ticker) => snapshotOf(ticker, sid)) : [];
      return [{ type: 'subscribed', id, msg: { channel, sid } }, ...books];
    }
    const [sid = 0] = params['sids'] as readonly number[];
    const books = sid === sids.get('orderbook_delta') && params['action'] !== 'delete_markets';
    return [{ type: 'ok', id, sid }, ...(books ? tickers.map((ticker) => snapshotOf(ticker, sid)) : [])];
  };

  const { http, sent } = scriptedHttp(
    clock,
    (resource) =>
      rest?.(resource) ??
      ok(resource.pathname.endsWith('/markets') ? { markets: listed.map(listing), cursor: '' } : {}),
    restDelayMs,
  );
  return {
    http,
    dials,
    sent,
    commands,
    command$,
    list: (market) => {
      listed.push(market);
    },
    say: (frame) => say(frame),
    end: (why) => end(why),
    dial: (request) =>
      new Observable<SocketEvent>((to) => {
        const running = new Subscription();
        const sids = new Map<string, number>();
        const later = (act: () => void): void => {
          running.add(after(LATENCY_MS, clock).subscribe(act));
        };
        const close = (status: number | undefined, detail: string): void => {
          to.next({ kind: 'closed', code: 1006, status, detail });
          to.complete();
        };
        dials.push({ ...request, atMs: clock.now() });
        const refusal = refuse?.(dials.length);
        if (refusal) {
          later(() => close(refusal.status, refusal.body));
          return running;
        }
        say = (frame) => to.next({ kind: 'text', text: JSON.stringify(frame) });
        end = (why) => close(undefined, why);
        const send = (text: string): void => {
          const command: FakeCommand = { ...(JSON.parse(text) as FakeCommand), atMs: clock.now() };
          commands.push(command);
          command$.next(command);
          later(() => {
            const frames = answer ? answer(command, () => usual(sids, command)) : usual(sids, command);
            for (const frame of frames) say(frame);
          });
        };
        later(() => {
          to.next({ kind: 'opened', send, close: (why) => close(undefined, why) });
          running.add(
            every(PRINT_MS, clock).subscribe(() =>
              to.next({ kind: 'text', text: '{"type":"cfbenchmarks_value","sid":2}' }),
            ),
          );
        });
        return running;
      }),
  };
}

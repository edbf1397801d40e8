import { Subject } from 'rxjs';
import type { ConnectionFrame } from '../../../src/domain/frame.ts';
import { type Micros, SECOND } from '../../../src/domain/time.ts';
import { after, every } from '../../../src/operators/after.ts';
import { tapeScheduler } from '../../../src/operators/tape-scheduler.ts';
import type { FeedCommand, FeedFrame } from '../../../src/transport/feed.ts';
import type { HttpAnswer } from '../../../src/transport/http.ts';
import { krakenFeed } from '../../../src/venues/kraken/feed.ts';
import { krakenSettings } from '../../../src/venues/kraken/settings.ts';
import { type HandSocket, handDial } from '../../support/hand-dial.ts';
import { type HandRequest, handHttp } from '../../support/hand-http.ts';

/** A request as it came over the socket. */
export interface KrakenRequest {
  readonly method: 'subscribe' | 'unsubscribe' | 'ping';
  readonly params?: Readonly<Record<string, unknown>> & {
    readonly channel: string;
    readonly symbol?: readonly string[];
  };
  readonly req_id: number;
}

/** What the venue does with a request: frames it says, undefined to do as a healthy one does. */
export type KrakenManner = (request: KrakenRequest, nthSocket: number) => readonly string[] | undefined;

/** When every session here begins. */
export const START: Micros = Date.UTC(2026, 8, 26, 12) * 1_000;

/** A frame of a channel and a pair; its entry says nothing else. */
export const frame = (channel: string, type: 'snapshot' | 'update' = 'update', symbol = 'BTC/USD'): string =>
  channel === 'instrument'
    ? `{"channel":"instrument","type":"${type}","data":{"assets":[],"pairs":[]}}`
    : `{"channel":"${channel}","type":"${type}","data":[{"symbol":"${symbol}"}]}`;
/** The venue's state. */
export const status = (system: string): string =>
  `{"channel":"status","type":"update","data":[{"system":"${system}"}]}`;
const rfc3339 = (at: Micros): string =>
  `${new Date(Math.floor(at / 1_000)).toISOString().slice(0, -1)}${String(at % 1_000).padStart(3, '0')}Z`;

/** Kraken's feed against a venue that the test conducts, in event time. */
export function liveKraken({
  manner = () => undefined,
  http = () => ({ kind: 'failed', why: 'no REST here', arrived: false }),
  venueAheadMicros = 0,
  heartbeats = true,
  opens = true,
  symbols = ['BTC/USD'],
}: {
  readonly manner?: KrakenManner;
  readonly http?: (request: HandRequest, nth: number) => HttpAnswer;
  /** The venue's clock minus ours. */
  readonly venueAheadMicros?: Micros;
  readonly heartbeats?: boolean;
  /** False for a venue that accepts no socket. */
  readonly opens?: boolean;
  readonly symbols?: readonly string[];
} = {}) {
  const clock = tapeScheduler(START);
  const frames: FeedFrame[] = [];
  const command$ = new Subject<FeedCommand>();
  const heard: KrakenRequest[][] = [];

  /** What a healthy venue says to a request. */
  const healthy = ({ method, params, req_id }: KrakenRequest): readonly string[] => {
    const at = rfc3339(clock.at + venueAheadMicros);
    if (method === 'ping') return [JSON.stringify({ method: 'pong', req_id, time_in: at, time_out: at })];
    const reply = { method, success: true, req_id, time_in: at, time_out: at };
    // One answer a pair, though one request may list many.
    return (params?.symbol ?? ['']).flatMap((symbol) => [
      JSON.stringify({ ...reply, result: { ...params, ...(symbol && { symbol }) } }),
      ...(method === 'subscribe' && params ? [frame(params.channel, 'snapshot', symbol)] : []),
    ]);
  };
  const greet = (socket: HandSocket): void => {
    const nth = heard.push([]) - 1;
    if (!opens) return;
    let read = 0;
    after(10, clock).subscribe(() => {
      socket.open();
      socket.say(status('online'));
    });
    // Requests are heard within 5 ms and answered 5 ms later.
    const answers: string[] = [];
    every(5, clock).subscribe(() => {
      for (const text of answers.splice(0)) socket.say(text);
      for (; read < socket.sent.length; read++) {
        const request = JSON.parse(socket.sent[read] ?? '') as KrakenRequest;
        heard[nth]?.push(request);
        answers.push(...(manner(request, nth) ?? healthy(request)));
      }
    });
    if (heartbeats) every(1_000, clock).subscribe(() => socket.say('{"channel":"heartbeat"}'));
  };
  const { dial, sockets } = handDial(greet);
  const { http: rest, requests } = handHttp(clock, http);
  const settings = krakenSettings.parse({ wsUrl: 'ws://kraken.test/v2', restUrl: 'http://kraken.test' });
  const running = krakenFeed(
    { dial, http: rest, clock, stamp: () => clock.at, random: () => 0.5 },
    settings,
    symbols,
  )(command$).subscribe((each) => frames.push(each));

  return {
    clock,
    frames,
    sockets,
    /** What the venue heard, a list for each socket. */
    heard,
    /** REST requests. */
    requests,
    command: (command: FeedCommand) => command$.next(command),
    /** Says texts on the newest socket now. */
    say: (...texts: readonly string[]): void => {
      for (const text of texts) sockets.at(-1)?.say(text);
    },
    run: (seconds: number): void => {
      clock.runTo(clock.at + seconds * SECOND);
    },
    /** What was told of the connection so far, such as `live BTC/USD book`. */
    told: (change?: ConnectionFrame['change']): readonly string[] =>
      frames.flatMap((each) =>
        each.kind === 'connection' && (change === undefined || change === each.change)
          ? [`${each.change} ${each.detail}`.trim()]
          : [],
      ),
    close: () => running.unsubscribe(),
  };
}

import { describe, expect, test } from '@jest/globals';
import { from, of, Subject, throwError } from 'rxjs';
import type { GatewayEvent } from '../../src/domain/events/order.ts';
import type { Frame, RequestFrame } from '../../src/domain/frame.ts';
import { count, priceTicks } from '../../src/domain/money.ts';
import { type Decoded, type Decoder, decode, type VenueCodec } from '../../src/operators/decode.ts';

const beat: Decoder = (text, receivedAt) =>
  text.split(' ').map(() => ({ kind: 'heartbeat', venue: 'kraken', at: receivedAt, receivedAt }));
const restBeat: VenueCodec['rest'] = (resource, text, receivedAt) =>
  resource === '/time' ? beat(text, receivedAt) : [];
const silent: VenueCodec = { wire: () => [], rest: () => [] };
const decoders = () => ({
  kraken: { wire: beat, rest: restBeat },
  coinbase: silent,
  kalshi: { wire: beat, rest: restBeat },
});
const wire = (text: string, venue: 'kraken' | 'coinbase' = 'kraken'): Frame => ({
  kind: 'wire',
  at: 7,
  venue,
  text,
});
const request: RequestFrame = {
  kind: 'request',
  at: 8,
  venue: 'kalshi',
  request: {
    action: 'place',
    clientOrderId: 'v1-1',
    ticker: 'KXBTC-A',
    exchangeIndex: 2,
    side: 'bid',
    limitTicks: priceTicks(4_000),
    count: count(100),
  },
  outcome: { kind: 'sent' },
};

describe('decode', () => {
  test('one frame gives as many events as its codec says', () => {
    const seen: Decoded[] = [];
    of(wire('a b'), wire('a', 'coinbase'))
      .pipe(decode(decoders))
      .subscribe((event) => seen.push(event));
    expect(seen).toEqual([
      { kind: 'heartbeat', venue: 'kraken', at: 7, receivedAt: 7 },
      { kind: 'heartbeat', venue: 'kraken', at: 7, receivedAt: 7 },
    ]);
  });

  test('a session voids every venue before it passes on', () => {
    const seen: Decoded[] = [];
    const session: Frame = { kind: 'session', at: 9, name: 'tape', history: [] };
    of(session)
      .pipe(decode(decoders))
      .subscribe((event) => seen.push(event));
    expect(seen.map((event) => (event.kind === 'gap' ? `gap ${event.venue}` : event.kind))).toEqual([
      'gap kraken',
      'gap coinbase',
      'gap kalshi',
      'session',
    ]);
    expect(seen.at(-1)).toBe(session);
  });

  test('a REST body goes to its venue by its resource', () => {
    const seen: Decoded[] = [];
    const rest = (resource: string): Frame => ({ kind: 'rest', at: 8, venue: 'kraken', resource, text: 'a' });
    of(rest('/time'), rest('/elsewhere'))
      .pipe(decode(decoders))
      .subscribe((event) => seen.push(event));
    expect(seen).toEqual([{ kind: 'heartbeat', venue: 'kraken', at: 8, receivedAt: 8 }]);
  });

  test.each(['closed', 'shed'] as const)(
    'a connection that %s voids its own venue before it passes on',
    (change) => {
      const seen: Decoded[] = [];
      const frame: Frame = { kind: 'connection', at: 9, venue: 'kalshi', change, detail: 'why' };
      of(frame)
        .pipe(decode(decoders))
        .subscribe((event) => seen.push(event));
      expect(seen).toEqual([
        {
          kind: 'gap',
          at: 9,
          receivedAt: 9,
          venue: 'kalshi',
          cause: 'disconnect',
          scope: 'kalshi',
          detail: 'why',
        },
        frame,
      ]);
    },
  );

  test('a connection that opens passes on alone, and a tick gives nothing', () => {
    const seen: Decoded[] = [];
    const frame: Frame = { kind: 'connection', at: 9, venue: 'kalshi', change: 'opened', detail: '' };
    from<Frame[]>([frame, { kind: 'tick', at: 10 }])
      .pipe(decode(decoders))
      .subscribe((event) => seen.push(event));
    expect(seen).toEqual([frame]);
  });

  test('what became of a request goes to the exchange’s codec and nowhere else', () => {
    const read: string[] = [];
    const submitted: GatewayEvent = {
      kind: 'orderSubmitted',
      clientOrderId: 'v1-1',
      ticker: 'KXBTC-A',
      at: 8,
    };
    const noted = (what: string): [] => {
      read.push(what);
      return [];
    };
    const listening = (venue: string): VenueCodec => ({
      wire: () => noted(`${venue} wire`),
      rest: () => noted(`${venue} rest`),
      request: (frame) => {
        read.push(`${venue} ${frame.outcome.kind} ${frame.request.clientOrderId}`);
        return [submitted];
      },
    });
    const seen: Decoded[] = [];
    of(request)
      .pipe(
        decode(() => ({
          kraken: listening('kraken'),
          coinbase: listening('coinbase'),
          kalshi: listening('kalshi'),
        })),
      )
      .subscribe((event) => seen.push(event));
    expect(read).toEqual(['kalshi sent v1-1']);
    // The frame itself ends here: it carries the venue's text.
    expect(seen).toEqual([submitted]);
  });

  test('an exchange that cannot read requests makes nothing of them', () => {
    const seen: Decoded[] = [];
    of(request)
      .pipe(decode(decoders))
      .subscribe((event) => seen.push(event));
    expect(seen).toEqual([]);
  });

  test('commands, outcomes and remote forecasts carry no venue’s text and pass as they are', () => {
    const frames: readonly Frame[] = [
      { kind: 'command', at: 1, command: 'halt', reason: 'lunch' },
      { kind: 'outcome', at: 2, ticker: 'A', valueUnits: undefined, result: 'yes' },
      { kind: 'clock', at: 3, venue: 'kraken', offsetMicros: 1, roundTripMicros: 2 },
    ];
    const seen: Decoded[] = [];
    from(frames)
      .pipe(decode(decoders))
      .subscribe((event) => seen.push(event));
    expect(seen).toEqual(frames);
  });

  test('codecs are made once a subscriber, errors pass, leaving early unsubscribes', () => {
    let made = 0;
    const counted = () => {
      made++;
      return decoders();
    };
    const source$ = new Subject<Frame>();
    const running = [source$.pipe(decode(counted)).subscribe(), source$.pipe(decode(counted)).subscribe()];
    expect(made).toBe(2);
    for (const each of running) each.unsubscribe();
    expect(source$.observed).toBe(false);
    let failure: unknown;
    throwError(() => 'lost')
      .pipe(decode(counted))
      .subscribe({ error: (cause) => (failure = cause) });
    expect(failure).toBe('lost');
  });
});

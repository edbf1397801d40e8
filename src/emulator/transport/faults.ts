import { Subscription } from 'rxjs';
import { after } from '../../operators/after.ts';
import type { EdgeClock } from '../../transport/edge-clock.ts';
import type { KalshiVenue } from '../kalshi/venue.ts';
import type { KrakenVenue } from '../kraken/venue.ts';
import { callOf } from './call.ts';
import type { EmulatedCaller, EmulatedRequest } from './emulated-venue.ts';
import { exchangeFaults } from './exchange-faults.ts';
import type { Fault } from './fault.ts';
import { type FaultySocket, faultySocket } from './faulty-socket.ts';
import { lastingFaults } from './lasting-faults.ts';

/** The venues that faults can affect. */
export type FaultVenue = Fault['venue'];

/** How a REST call is answered. `errorAfterAccept` and `noAnswer` are done first. */
export type HttpVerdict = 'answer' | 'tooMany' | 'serverError' | 'errorAfterAccept' | 'noAnswer';

/** The active faults, between venues and their transport. */
export interface Faults {
  /** Starts the fault `atMs` from now. */
  readonly inject: (fault: Fault) => void;
  /** Wraps the path from a venue to one client. Call `left` when the client has left. */
  readonly socket: (
    venue: FaultVenue,
    caller: EmulatedCaller,
  ) => EmulatedCaller & { readonly left: () => void };
  readonly http: (venue: FaultVenue, request: Pick<EmulatedRequest, 'method' | 'path'>) => HttpVerdict;
  /** Present error of the venue's clock for signatures, in milliseconds. */
  readonly skewMs: (venue: FaultVenue) => number;
  /** Kinds of faults that have begun, in order. */
  readonly begun: () => readonly string[];
  /** Cancels everything that is still to come. */
  readonly stop: () => void;
}

/**
 * The venues that faults act on directly. They are made after the faults, because their clocks pass through
 * the faults.
 */
export interface FaultTargets {
  readonly kraken: Pick<KrakenVenue, 'setSystem'>;
  readonly kalshi: Pick<KalshiVenue, 'strike' | 'closeEarly' | 'nextToClose'>;
}

interface Socket {
  readonly venue: FaultVenue;
  readonly caller: EmulatedCaller;
  readonly texts: FaultySocket;
}

/** How many texts a client may leave unread before Kalshi ends the subscription. */
const KALSHI_BUFFER = 200;
const ABNORMAL = 1006;
const USUAL_DELAY_MS = 300;
const OVERFLOW = '{"type":"error","msg":{"code":25,"msg":"Subscription buffer overflow"}}\n';

/** Faults on `clock`. They depend only on the injected faults and the texts, not on chance. */
export function faults(clock: EdgeClock, targets: () => FaultTargets): Faults {
  const sockets = new Set<Socket>();
  const begun: string[] = [];
  const now = (): number => clock.now();
  const lasting = lastingFaults(now);
  const { active } = lasting;
  const timers = new Subscription();
  const later = (ms: number, act: () => void): void => {
    timers.add(after(ms, clock).subscribe(act));
  };
  const exchange = exchangeFaults(() => targets().kalshi, active, later);

  const of = (venue: FaultVenue): readonly Socket[] =>
    [...sockets].filter((socket) => socket.venue === venue);
  const end = (socket: Socket, code: number, why: string): void => {
    sockets.delete(socket);
    socket.texts.leave();
    socket.caller.end(code, why);
  };
  const say = (socket: Socket, text: string): void => {
    socket.texts.say(text);
    if (socket.venue !== 'kalshi' || (socket.texts.waiting() ?? 0) <= KALSHI_BUFFER) return;
    if (!sockets.has(socket)) return;
    socket.caller.say(OVERFLOW);
    end(socket, 1008, 'slow consumer');
  };

  const begin = (fault: Fault): void => {
    const { kind, venue, spanMs, value, only } = fault;
    begun.push(`${kind} ${venue}`);
    lasting.begin(fault);
    switch (kind) {
      case 'drop':
        for (const socket of of(venue)) end(socket, ABNORMAL, 'dropped');
        return;
      case 'silence':
        for (const { texts } of of(venue)) texts.silence();
        return;
      case 'duplicate':
      case 'hole':
      case 'reorder':
      case 'checksum':
        for (const { texts } of of(venue)) texts.next(kind, only, value ?? 1);
        return;
      case 'slowReader':
        for (const { texts } of of(venue)) {
          texts.stall();
          later(spanMs, () => {
            if (active('slowReader', venue) === undefined) texts.read();
          });
        }
        return;
      case 'maintenance': {
        if (venue === 'kalshi') break;
        const { kraken } = targets();
        kraken.setSystem('maintenance');
        later(spanMs, () => {
          if (active('maintenance', venue) === undefined) kraken.setSystem('online');
        });
        return;
      }
      case 'delay':
      case 'tooMany':
      case 'serverError':
      case 'timeoutAfterAccept':
      case 'serverErrorAfterAccept':
      case 'clockSkew':
        return;
    }
    if (venue === 'kalshi') exchange.begin(fault);
  };

  return {
    inject: (fault) => {
      if (fault.atMs > 0) later(fault.atMs, () => begin(fault));
      else begin(fault);
    },
    socket: (venue, caller) => {
      const texts = faultySocket({
        caller,
        now,
        later,
        delayMs: (channel) => {
          const delay =
            channel === undefined ? active('delay', venue) : lasting.alone('delay', venue, channel);
          return delay && (delay.value ?? USUAL_DELAY_MS);
        },
      });
      if (active('silence', venue) !== undefined) texts.silence();
      const socket: Socket = { venue, caller, texts };
      sockets.add(socket);
      return {
        say: (text) => say(socket, text),
        end: (code, why) => end(socket, code, why),
        left: () => {
          sockets.delete(socket);
          texts.leave();
        },
      };
    },
    http: (venue, request) => {
      const call = callOf(request);
      const strikes = (kind: Fault['kind']): boolean => lasting.strike(kind, venue, call);
      if (strikes('tooMany')) return 'tooMany';
      if (strikes('serverError')) return 'serverError';
      if (strikes('serverErrorAfterAccept')) return 'errorAfterAccept';
      return strikes('timeoutAfterAccept') ? 'noAnswer' : 'answer';
    },
    skewMs: (venue) => {
      const skew = active('clockSkew', venue);
      return skew ? (skew.value ?? USUAL_DELAY_MS) : 0;
    },
    begun: () => begun,
    stop: () => timers.unsubscribe(),
  };
}

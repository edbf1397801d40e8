import { Subscription } from 'rxjs';
import { after } from '../../operators/after.ts';
import type { EdgeClock } from '../../transport/edge-clock.ts';
import type { KalshiVenue } from '../kalshi/venue.ts';
import type { KrakenVenue } from '../kraken/venue.ts';
import type { EmulatedCaller } from './emulated-venue.ts';
import type { Fault } from './fault.ts';

/** The venues that faults can affect. */
export type FaultVenue = Fault['venue'];

/** How a REST call is answered. */
export type HttpVerdict = 'answer' | 'tooMany' | 'serverError' | 'noAnswer';

/** The active faults, between venues and their transport. */
export interface Faults {
  /** Starts the fault `atMs` from now. */
  readonly inject: (fault: Fault) => void;
  /** Wraps the path from a venue to one client. Call `left` when the client has left. */
  readonly socket: (
    venue: FaultVenue,
    caller: EmulatedCaller,
  ) => EmulatedCaller & { readonly left: () => void };
  readonly http: (venue: FaultVenue) => HttpVerdict;
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
  readonly kalshi: Pick<KalshiVenue, 'setTrading' | 'closeEarly'>;
}

interface Socket {
  readonly venue: FaultVenue;
  readonly caller: EmulatedCaller;
  silent: boolean;
  duplicates: number;
  holes: number;
  checksums: number;
  reorders: number;
  held: string | undefined;
  queue: string[] | undefined;
  /** Delayed texts, the oldest first. */
  readonly late: string[];
  dueMs: number;
}

/** How many texts a client may leave unread before Kalshi ends the subscription. */
const KALSHI_BUFFER = 200;
const ABNORMAL = 1006;

/** Whether a text carries state; the others are replies, heartbeats and status. */
const isData = (text: string): boolean =>
  text.startsWith('{"channel":"book","type":"update"') ||
  text.startsWith('{"channel":"trade","type":"update"') ||
  text.startsWith('{"type":"orderbook_delta"') ||
  text.startsWith('{"type":"trade"') ||
  text.startsWith('{"type":"cfbenchmarks');

/** Faults on `clock`. They depend only on the injected faults and the texts, not on chance. */
export function faults(clock: EdgeClock, targets: () => FaultTargets): Faults {
  const sockets = new Set<Socket>();
  const begun: string[] = [];
  /** End and value of lasting faults, by kind and venue. */
  const lasting = new Map<string, { readonly untilMs: number; readonly value: number }>();
  const timers = new Subscription();
  const later = (ms: number, act: () => void): void => {
    timers.add(after(ms, clock).subscribe(act));
  };

  const active = (kind: Fault['kind'], venue: FaultVenue): number | undefined => {
    const found = lasting.get(`${kind} ${venue}`);
    return found && clock.now() < found.untilMs ? found.value : undefined;
  };
  const of = (venue: FaultVenue): readonly Socket[] =>
    [...sockets].filter((socket) => socket.venue === venue);
  const end = (socket: Socket, code: number, why: string): void => {
    sockets.delete(socket);
    socket.caller.end(code, why);
  };

  /** Delivers a text to the client, with the present delay and in order. */
  const deliver = (socket: Socket, text: string): void => {
    if (!sockets.has(socket) || socket.silent) return;
    const delayMs = active('delay', socket.venue);
    if (delayMs === undefined && socket.late.length === 0) {
      socket.caller.say(text);
      return;
    }
    const now = clock.now();
    socket.dueMs = Math.max(socket.dueMs, now + (delayMs ?? 0));
    socket.late.push(text);
    // Timers of a real clock may fire out of order, so each sends the oldest text.
    later(socket.dueMs - now, () => {
      const oldest = socket.late.shift();
      if (oldest !== undefined && sockets.has(socket) && !socket.silent) socket.caller.say(oldest);
    });
  };
  const mangle = (socket: Socket, text: string): void => {
    let output = text;
    if (socket.checksums > 0 && text.startsWith('{"channel":"book"')) {
      socket.checksums--;
      output = text.replace(
        /"checksum":(\d+)/,
        (_, sum: string) => `"checksum":${(Number(sum) + 1) % 2 ** 32}`,
      );
    }
    if (!isData(output)) {
      deliver(socket, output);
      return;
    }
    if (socket.holes > 0) {
      socket.holes--;
      return;
    }
    if (socket.reorders > 0 && socket.held === undefined) {
      socket.reorders--;
      socket.held = output;
      return;
    }
    deliver(socket, output);
    if (socket.duplicates > 0) {
      socket.duplicates--;
      deliver(socket, output);
    }
    const { held } = socket;
    if (held === undefined) return;
    socket.held = undefined;
    deliver(socket, held);
  };
  const say = (socket: Socket, text: string): void => {
    if (socket.queue === undefined) {
      mangle(socket, text);
      return;
    }
    socket.queue.push(text);
    if (socket.venue !== 'kalshi' || socket.queue.length <= KALSHI_BUFFER) return;
    socket.queue = undefined;
    deliver(socket, '{"type":"error","msg":{"code":25,"msg":"Subscription buffer overflow"}}\n');
    end(socket, 1008, 'slow consumer');
  };

  const begin = ({ kind, venue, spanMs, value }: Fault): void => {
    begun.push(`${kind} ${venue}`);
    const before = lasting.get(`${kind} ${venue}`)?.untilMs ?? 0;
    lasting.set(`${kind} ${venue}`, {
      untilMs: Math.max(before, clock.now() + spanMs),
      value: value ?? 300,
    });
    const { kraken, kalshi } = targets();
    switch (kind) {
      case 'drop':
        for (const socket of of(venue)) end(socket, ABNORMAL, 'dropped');
        return;
      case 'silence':
        for (const socket of of(venue)) socket.silent = true;
        return;
      case 'duplicate':
        for (const socket of of(venue)) socket.duplicates += value ?? 1;
        return;
      case 'hole':
        for (const socket of of(venue)) socket.holes += value ?? 1;
        return;
      case 'reorder':
        for (const socket of of(venue)) socket.reorders += value ?? 1;
        return;
      case 'checksum':
        for (const socket of of(venue)) socket.checksums += value ?? 1;
        return;
      case 'slowReader':
        for (const socket of of(venue)) {
          socket.queue ??= [];
          later(spanMs, () => {
            if (active('slowReader', venue) !== undefined) return;
            const { queue } = socket;
            socket.queue = undefined;
            for (const text of queue ?? []) mangle(socket, text);
          });
        }
        return;
      case 'maintenance':
        if (venue === 'kraken') kraken.setSystem('maintenance');
        else kalshi.setTrading(false);
        later(spanMs, () => {
          if (active('maintenance', venue) !== undefined) return;
          if (venue === 'kraken') kraken.setSystem('online');
          else kalshi.setTrading(true);
        });
        return;
      case 'earlyClose':
        if (venue === 'kalshi') kalshi.closeEarly();
        return;
      case 'delay':
      case 'tooMany':
      case 'serverError':
      case 'timeoutAfterAccept':
      case 'clockSkew':
        return;
    }
  };

  return {
    inject: (fault) => {
      if (fault.atMs > 0) later(fault.atMs, () => begin(fault));
      else begin(fault);
    },
    socket: (venue, caller) => {
      const socket: Socket = {
        venue,
        caller,
        silent: active('silence', venue) !== undefined,
        duplicates: 0,
        holes: 0,
        checksums: 0,
        reorders: 0,
        held: undefined,
        queue: undefined,
        late: [],
        dueMs: 0,
      };
      sockets.add(socket);
      return {
        say: (text) => say(socket, text),
        end: (code, why) => end(socket, code, why),
        left: () => {
          sockets.delete(socket);
        },
      };
    },
    http: (venue) => {
      if (active('tooMany', venue) !== undefined) return 'tooMany';
      if (active('serverError', venue) !== undefined) return 'serverError';
      return active('timeoutAfterAccept', venue) === undefined ? 'answer' : 'noAnswer';
    },
    skewMs: (venue) => active('clockSkew', venue) ?? 0,
    begun: () => begun,
    stop: () => timers.unsubscribe(),
  };
}

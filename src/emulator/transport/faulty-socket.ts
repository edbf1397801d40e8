import { dataChannel } from './data-channel.ts';
import type { EmulatedCaller } from './emulated-venue.ts';

/** Faults of a socket that strike the next so many data texts. */
export type NextFault = 'duplicate' | 'hole' | 'reorder' | 'checksum';

/** The way of texts from a venue to one client, with what goes wrong on it. */
export interface FaultySocket {
  /** Sends a text through the faults. */
  readonly say: (text: string) => void;
  /** The next `count` data texts, of `channel` or of any, are struck. */
  readonly next: (fault: NextFault, channel: string | undefined, count: number) => void;
  /** Nothing arrives any more. */
  readonly silence: () => void;
  /** Texts wait from now until `read`. */
  readonly stall: () => void;
  /** Sends what waited. */
  readonly read: () => void;
  /** How many texts wait; undefined if none have to. */
  readonly waiting: () => number | undefined;
  /** Nothing more is sent. */
  readonly leave: () => void;
}

/** The surroundings of a socket. */
export interface FaultySocketParts {
  readonly caller: EmulatedCaller;
  readonly now: () => number;
  readonly later: (ms: number, act: () => void) => void;
  /** Present delay of texts of a channel in ms; `undefined` asks for those of all channels. */
  readonly delayMs: (channel: string | undefined) => number | undefined;
}

/** Delayed texts in order, and when the last of them is due. */
interface Lane {
  readonly late: string[];
  dueMs: number;
}

const ANY = '';

/**
 * A socket with faults. Texts of one channel keep their order under delays; a delay of one channel alone lets
 * the others overtake it.
 */
export function faultySocket({ caller, now, later, delayMs }: FaultySocketParts): FaultySocket {
  const counts = new Map<string, number>();
  /** The lane of all texts, and lanes of channels that were delayed alone. */
  const lanes = new Map<string, Lane>([[ANY, { late: [], dueMs: 0 }]]);
  let queue: string[] | undefined;
  let held: { readonly text: string; readonly channel: string } | undefined;
  let silent = false;
  let open = true;

  /** Uses up one strike at a text of `channel`; the channel for which it was armed, if there was one. */
  const struck = (fault: NextFault, channel: string): string | undefined => {
    for (const armed of [channel, ANY]) {
      const left = counts.get(`${fault} ${armed}`) ?? 0;
      if (left <= 0) continue;
      counts.set(`${fault} ${armed}`, left - 1);
      return armed;
    }
    return undefined;
  };
  const laneOf = (name: string): Lane => {
    const known = lanes.get(name);
    if (known) return known;
    const lane = { late: [], dueMs: 0 };
    lanes.set(name, lane);
    return lane;
  };
  const deliver = (text: string, channel: string | undefined): void => {
    if (!open || silent) return;
    const general = laneOf(ANY);
    const own = channel === undefined ? undefined : delayMs(channel);
    const alone = channel !== undefined && (own !== undefined || (lanes.get(channel)?.late.length ?? 0) > 0);
    const lane = alone ? laneOf(channel) : general;
    const delay = alone ? own : delayMs(undefined);
    if (delay === undefined && lane.late.length === 0) {
      caller.say(text);
      return;
    }
    const at = now();
    const after = alone && general.late.length > 0 ? general.dueMs : 0;
    lane.dueMs = Math.max(lane.dueMs, after, at + (delay ?? 0));
    lane.late.push(text);
    // Timers of a real clock may fire out of order, so each sends the oldest text.
    later(lane.dueMs - at, () => {
      const oldest = lane.late.shift();
      if (oldest !== undefined && open && !silent) caller.say(oldest);
    });
  };
  const mangle = (text: string): void => {
    let output = text;
    if (text.startsWith('{"channel":"book"') && struck('checksum', ANY) !== undefined)
      output = text.replace(
        /"checksum":(\d+)/,
        (_, sum: string) => `"checksum":${(Number(sum) + 1) % 2 ** 32}`,
      );
    const channel = dataChannel(output);
    if (channel === undefined) {
      deliver(output, undefined);
      return;
    }
    if (struck('hole', channel) !== undefined) return;
    if (held === undefined) {
      const armed = struck('reorder', channel);
      if (armed !== undefined) {
        held = { text: output, channel: armed };
        return;
      }
    }
    deliver(output, channel);
    if (struck('duplicate', channel) !== undefined) deliver(output, channel);
    if (held === undefined || (held.channel !== ANY && held.channel !== channel)) return;
    const { text: before } = held;
    held = undefined;
    deliver(before, dataChannel(before));
  };

  return {
    say: (text) => {
      if (queue === undefined) mangle(text);
      else queue.push(text);
    },
    next: (fault, channel, count) => {
      const key = `${fault} ${channel ?? ANY}`;
      counts.set(key, (counts.get(key) ?? 0) + count);
    },
    silence: () => {
      silent = true;
    },
    stall: () => {
      queue ??= [];
    },
    read: () => {
      const texts = queue ?? [];
      queue = undefined;
      for (const text of texts) mangle(text);
    },
    waiting: () => queue?.length,
    leave: () => {
      open = false;
    },
  };
}

/**
 * A channel counts as frozen after `spanMs` of silence in which at least `trades` trades came. Healthy books
 * were silent for up to 5.1 s; a book that is silent while trades come is frozen well before the span is
 * over. Every trade changes the candle of its minute.
 */
const FROZEN = {
  book: { spanMs: 10_000, trades: 5 },
  ohlc: { spanMs: 120_000, trades: 20 },
} as const;

/** A channel that is watched. */
export type WatchedChannel = keyof typeof FROZEN;

/** Watched channels, in the order in which they are checked. */
export const WATCHED = Object.keys(FROZEN) as readonly WatchedChannel[];

/** Watches how long the channels of one pair are silent, and how many trades come meanwhile. */
export interface FrozenWatch {
  readonly trade: () => void;
  /** The channel sent something, or was subscribed anew. */
  readonly awake: (channel: WatchedChannel) => void;
  /** How long, in seconds, the channel has stood still while trades came; undefined if it is not frozen. */
  readonly frozenSeconds: (channel: WatchedChannel) => number | undefined;
}

/** Watches one pair. A subscription may be granted and yet send nothing, although the socket is alive. */
export function frozenWatch(nowMs: () => number): FrozenWatch {
  const silences = {
    book: { sinceMs: 0, trades: 0 },
    ohlc: { sinceMs: 0, trades: 0 },
  };
  return {
    trade: () => {
      for (const channel of WATCHED) silences[channel].trades++;
    },
    awake: (channel) => {
      silences[channel].sinceMs = nowMs();
      silences[channel].trades = 0;
    },
    frozenSeconds: (channel) => {
      const { spanMs, trades } = FROZEN[channel];
      const silence = silences[channel];
      return silence.trades >= trades && nowMs() - silence.sinceMs >= spanMs ? spanMs / 1_000 : undefined;
    },
  };
}

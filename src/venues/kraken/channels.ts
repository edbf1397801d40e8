/** Channels that are subscribed to, in this order. */
export const KRAKEN_CHANNELS = ['instrument', 'book', 'trade', 'ohlc'] as const;

/** A subscribed channel's name. */
export type KrakenChannel = (typeof KRAKEN_CHANNELS)[number];

/**
 * State of a subscription. `asked`: no acknowledgement yet. `granted`: acknowledged, no snapshot yet. `live`:
 * the snapshot came. `leaving`: an unsubscription was sent; once it is acknowledged we subscribe again.
 * `refused`: Kraken refused; we ask again only after a while.
 */
export type ChannelPhase = 'idle' | 'asked' | 'granted' | 'live' | 'leaving' | 'refused';

/** One channel. `tries` counts the subscriptions since it was last live that got no snapshot in time. */
export interface ChannelState {
  readonly phase: ChannelPhase;
  readonly sinceMs: number;
  readonly tries: number;
}

/** What happens to a channel. */
export type ChannelEvent =
  | { readonly kind: 'open' }
  | { readonly kind: 'subscribed'; readonly accepted: boolean }
  | { readonly kind: 'unsubscribed' }
  | { readonly kind: 'snapshot' }
  | { readonly kind: 'resync' }
  | { readonly kind: 'time' };

/** What the connection must do about it. */
export type ChannelAction = 'subscribe' | 'unsubscribe' | 'reconnect' | undefined;

/** A channel's new state after an event, and what to do. */
export interface ChannelStep {
  readonly state: ChannelState;
  readonly action: ChannelAction;
}

/**
 * Time for the acknowledgement and the snapshot after it. Snapshots came up to 400 ms after the
 * acknowledgement.
 */
const ANSWER_MS = 10_000;
/** A refused channel is asked for again only after this time, since the answer seldom changes. */
const REFUSED_MS = 30_000;

/** A channel before its connection has opened. */
export const idleChannel: ChannelState = { phase: 'idle', sinceMs: 0, tries: 0 };

/**
 * The state machine of one channel: it waits for the acknowledgement, then for the snapshot, then it is live.
 * It is a pure function.
 */
export function channelStep(state: ChannelState, event: ChannelEvent, nowMs: number): ChannelStep {
  const { phase, tries } = state;
  const go = (next: ChannelPhase, action: ChannelAction, nextTries = tries): ChannelStep => ({
    state: { phase: next, sinceMs: nowMs, tries: nextTries },
    action,
  });
  const stay: ChannelStep = { state, action: undefined };
  switch (event.kind) {
    case 'open':
      return go('asked', 'subscribe', 0);
    case 'subscribed':
      if (phase === 'asked') return event.accepted ? go('granted', undefined) : go('refused', undefined);
      return stay;
    case 'unsubscribed':
      return phase === 'leaving' ? go('asked', 'subscribe') : stay;
    case 'snapshot':
      return phase === 'granted' || phase === 'asked' ? go('live', undefined, 0) : stay;
    case 'resync':
      // A subscription that is under way already brings a new snapshot.
      return phase === 'live' ? go('leaving', 'unsubscribe') : stay;
    case 'time': {
      const waitedMs = nowMs - state.sinceMs;
      if (phase === 'refused') return waitedMs < REFUSED_MS ? stay : go('asked', 'subscribe');
      if (phase === 'live' || phase === 'idle' || waitedMs < ANSWER_MS) return stay;
      return tries === 0 ? go('asked', 'subscribe', 1) : go(phase, 'reconnect');
    }
  }
}

import { KALSHI_CHANNELS, type KalshiChannel } from './kalshi-emission.ts';
import type { KalshiPrivate, KalshiSaid } from './kalshi-exchange-port.ts';

/** Channels of members, without sequence numbers but for order groups. */
const PRIVATE_CHANNELS = ['fill', 'user_orders', 'market_positions', 'order_group_updates'] as const;
/** A channel of the emulated Kalshi. */
export type Channel = KalshiChannel | (typeof PRIVATE_CHANNELS)[number];

/** Whether there is a channel of that name. */
export const isChannel = (name: unknown): name is Channel =>
  [...KALSHI_CHANNELS, ...PRIVATE_CHANNELS].includes(name as Channel);

/** The channel that says it; undefined for what is said to a client itself. */
export const channelOf = (said: KalshiSaid): Channel | undefined => {
  switch (said.kind) {
    case 'snapshot':
    case 'delta':
      return 'orderbook_delta';
    case 'ticker':
      return 'ticker';
    case 'trade':
      return 'trade';
    case 'created':
    case 'metadata':
    case 'closeMoved':
    case 'determined':
    case 'settled':
      return 'market_lifecycle_v2';
    case 'print':
      return 'cfbenchmarks_value';
    case 'fastPrint':
      return 'cfbenchmarks_value_5hz';
    case 'fill':
      return 'fill';
    case 'userOrder':
      return 'user_orders';
    case 'marketPosition':
      return 'market_positions';
    case 'orderGroup':
      return 'order_group_updates';
    case 'subscribed':
    case 'ok':
      return undefined;
  }
};

/** The market that it is about, if it is about one. */
export const tickerOf = (said: KalshiSaid): string | undefined => {
  if ('contract' in said) return said.contract.ticker;
  if (said.kind === 'userOrder') return said.order.ticker;
  return 'ticker' in said && typeof said.ticker === 'string' ? said.ticker : undefined;
};

/** Whether it is for the member alone. */
export const isPrivate = (said: KalshiSaid): said is KalshiPrivate =>
  said.kind === 'fill' ||
  said.kind === 'userOrder' ||
  said.kind === 'marketPosition' ||
  said.kind === 'orderGroup';

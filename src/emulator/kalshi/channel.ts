import type { KalshiOutput, KalshiPrivate } from './exchange/port.ts';
import { KALSHI_CHANNELS, type KalshiChannel } from './public/emission.ts';

/** Channels of members. Only order groups have sequence numbers. */
const PRIVATE_CHANNELS = ['fill', 'user_orders', 'market_positions', 'order_group_updates'] as const;
/** A channel of the emulated Kalshi. */
export type Channel = KalshiChannel | (typeof PRIVATE_CHANNELS)[number];

/** Whether there is a channel of that name. */
export const isChannel = (name: unknown): name is Channel =>
  [...KALSHI_CHANNELS, ...PRIVATE_CHANNELS].includes(name as Channel);

/** The channel of an output; undefined for an output to one client. */
export const channelOf = (output: KalshiOutput): Channel | undefined => {
  switch (output.kind) {
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
    case 'halted':
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
    case 'disputed':
    case 'subscribed':
    case 'ok':
      return undefined;
  }
};

/** The market of an output, if it has one. */
export const tickerOf = (output: KalshiOutput): string | undefined => {
  if ('contract' in output) return output.contract.ticker;
  if (output.kind === 'userOrder') return output.order.ticker;
  return 'ticker' in output && typeof output.ticker === 'string' ? output.ticker : undefined;
};

/** Whether an output is only for the member. */
export const isPrivate = (output: KalshiOutput): output is KalshiPrivate =>
  output.kind === 'fill' ||
  output.kind === 'userOrder' ||
  output.kind === 'marketPosition' ||
  output.kind === 'orderGroup';

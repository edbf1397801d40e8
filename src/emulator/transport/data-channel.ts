/** Beginnings of texts that carry state, and the channels they belong to. */
const BEGINNINGS = [
  ['{"type":"orderbook_delta"', 'orderbook_delta'],
  ['{"type":"trade"', 'trade'],
  ['{"type":"cfbenchmarks_value_5hz"', 'cfbenchmarks_value_5hz'],
  ['{"type":"cfbenchmarks', 'cfbenchmarks_value'],
  ['{"type":"fill"', 'fill'],
  ['{"type":"user_order"', 'user_orders'],
  ['{"type":"market_position"', 'market_positions'],
  ['{"type":"order_group_updates"', 'order_group_updates'],
  ['{"channel":"book","type":"update"', 'book'],
  ['{"channel":"trade","type":"update"', 'trade'],
] as const;

/** Channels whose texts carry state, by the names in subscriptions. */
export const DATA_CHANNELS: readonly string[] = [...new Set(BEGINNINGS.map(([, channel]) => channel))];

/** The channel of a text that carries state; undefined for replies, heartbeats and status. */
export function dataChannel(text: string): string | undefined {
  for (const [beginning, channel] of BEGINNINGS) if (text.startsWith(beginning)) return channel;
  return undefined;
}

import { tag, text } from './measurement.ts';

/** Tags and fields that mean the same in every measurement. */
export const columns = {
  asset: tag("Name of the asset, the coin's symbol"),
  series: tag('Line of contracts: the part of the ticker before its first dash'),
  venue: tag('Name of the venue'),
  side: tag('bid buys YES, ask buys NO'),
  ticker: text("The contract's ticker", 'id'),
  clientOrderId: text('Our own id of the order, the same in all of its points', 'id'),
} as const;

/** REST's name of a pair in v2's spelling: `XBTUSD` for `BTC/USD`. */
export const restPair = (symbol: string): string => symbol.replace(/\bBTC\b/, 'XBT').replace('/', '');

const SYMBOLS: Readonly<Record<string, string>> = {
  XXBTZUSD: 'BTC/USD',
  XBTUSD: 'BTC/USD',
  XETHZUSD: 'ETH/USD',
};
const QUOTES = ['USDT', 'USDC', 'USD', 'EUR', 'GBP', 'CAD', 'AUD', 'CHF', 'JPY', 'XBT'];

/** v2's spelling of a pair's REST name or key, undefined for a name that ends in no quote currency we know. */
export function wsSymbol(pair: string): string | undefined {
  const known = SYMBOLS[pair];
  if (known) return known;
  if (pair.includes('/')) return pair;
  const quote = QUOTES.find((name) => pair.endsWith(name) && pair.length > name.length);
  if (!quote) return undefined;
  const plain = (name: string): string => (name === 'XBT' ? 'BTC' : name);
  return `${plain(pair.slice(0, -quote.length))}/${plain(quote)}`;
}

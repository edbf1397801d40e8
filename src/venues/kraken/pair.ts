/** REST's name of a pair in v2's spelling: `XBTUSD` for `BTC/USD`. */
export const restPair = (symbol: string): string => symbol.replace(/\bBTC\b/, 'XBT').replace('/', '');

/** The oldest keys print `X` before a coin and `Z` before a currency: `XXBTZUSD`, `XETHXXBT`. */
const OLD_KEY = /^X([A-Z]{3})[XZ]([A-Z]{3})$/;
const QUOTES = ['USDT', 'USDC', 'USD', 'EUR', 'GBP', 'CAD', 'AUD', 'CHF', 'JPY', 'XBT'];

/** v2's spelling of a pair's REST name or key, undefined for a name that ends in no quote currency we know. */
export function wsSymbol(pair: string): string | undefined {
  if (pair.includes('/')) return pair;
  const [, oldBase, oldQuote] = OLD_KEY.exec(pair) ?? [];
  const quote = oldQuote ?? QUOTES.find((name) => pair.endsWith(name) && pair.length > name.length);
  if (!quote) return undefined;
  const plain = (name: string): string => (name === 'XBT' ? 'BTC' : name);
  return `${plain(oldBase ?? pair.slice(0, -quote.length))}/${plain(quote)}`;
}

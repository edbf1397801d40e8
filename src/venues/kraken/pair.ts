/** REST's names of coins that differ from v2's, by v2's name. */
const REST_NAMES: Readonly<Record<string, string>> = { BTC: 'XBT', DOGE: 'XDG' };
const V2_NAMES = Object.fromEntries(Object.entries(REST_NAMES).map(([v2, rest]) => [rest, v2]));

/** REST's name of a pair, from v2's: `XBTUSD` for `BTC/USD`. */
export const restPair = (symbol: string): string =>
  symbol
    .split('/')
    .map((name) => REST_NAMES[name] ?? name)
    .join('');

/** The oldest keys have `X` before a coin and `Z` before a currency: `XXBTZUSD`, `XETHXXBT`. */
const OLD_KEY = /^X([A-Z]{3})[XZ]([A-Z]{3})$/;
const QUOTES = ['USDT', 'USDC', 'USD', 'EUR', 'GBP', 'CAD', 'AUD', 'CHF', 'JPY', 'XBT'];

/**
 * v2's name of a pair, from its REST name or key; undefined if the name does not end in a quote currency that
 * we know.
 */
export function wsSymbol(pair: string): string | undefined {
  if (pair.includes('/')) return pair;
  const [, oldBase, oldQuote] = OLD_KEY.exec(pair) ?? [];
  const quote = oldQuote ?? QUOTES.find((name) => pair.endsWith(name) && pair.length > name.length);
  if (!quote) return undefined;
  const plain = (name: string): string => V2_NAMES[name] ?? name;
  return `${plain(oldBase ?? pair.slice(0, -quote.length))}/${plain(quote)}`;
}

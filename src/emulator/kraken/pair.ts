import { KRAKEN_CODES } from '../asset-defaults.ts';

/** A pair that the emulated Kraken lists. A price tick is 10^-priceDecimals, a lot 10^-quantityDecimals. */
export interface KrakenPair {
  /** v2's spelling, such as BTC/USD. */
  readonly symbol: string;
  readonly base: string;
  readonly quote: string;
  readonly priceDecimals: number;
  readonly quantityDecimals: number;
  /** Smallest order, in coins. */
  readonly least: number;
  /**
   * REST's key of results, its short name, its old spelling with a slash, and its codes of base and quote.
   */
  readonly restKey: string;
  readonly altName: string;
  readonly wsName: string;
  readonly restBase: string;
  readonly restQuote: string;
}

/** Value of the smallest order: Kraken's 0.00005 BTC. */
const LEAST_DOLLARS = 4;

/**
 * A pair by its symbol. `startDollars` decides the smallest order: five of the power of ten below four
 * dollars' worth.
 */
export function krakenPair(
  symbol: string,
  {
    priceDecimals,
    quantityDecimals,
    startDollars,
  }: { readonly priceDecimals: number; readonly quantityDecimals: number; readonly startDollars: number },
): KrakenPair {
  const [base = '', quote = ''] = symbol.split('/');
  const { code, old } = KRAKEN_CODES[base] ?? { code: base, old: false };
  const restBase = old ? `X${code}` : code;
  const restQuote = `Z${quote}`;
  return {
    symbol,
    base,
    quote,
    priceDecimals,
    quantityDecimals,
    least: Number(`5e${Math.floor(Math.log10(LEAST_DOLLARS / startDollars))}`),
    restKey: old ? `${restBase}${restQuote}` : `${code}${quote}`,
    altName: `${code}${quote}`,
    wsName: `${code}/${quote}`,
    restBase,
    restQuote,
  };
}

/** A whole number of 10^-decimals as a decimal with exactly so many places. */
export const decimalText =
  (decimals: number): ((whole: number) => string) =>
  (whole) => {
    if (decimals === 0) return String(whole);
    const scale = 10 ** decimals;
    return `${Math.floor(whole / scale)}.${String(whole % scale).padStart(decimals, '0')}`;
  };

/** Finds a pair by any of the names that REST takes. */
export const pairNamed = (pairs: readonly KrakenPair[], name: string): KrakenPair | undefined =>
  pairs.find(({ symbol, base, quote, restKey, altName, wsName }) =>
    [altName, restKey, symbol, wsName, `${base}${quote}`].includes(name),
  );

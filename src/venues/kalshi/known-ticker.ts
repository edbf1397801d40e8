/**
 * Size of the table: a power of two, several times the markets of one subscription. Two tickers with the same
 * place replace each other.
 */
const PLACES = 4_096;

/** A ticker and its ASCII codes. */
interface Known {
  readonly name: string;
  readonly codes: Uint8Array;
}

const NONE: Known = { name: '', codes: new Uint8Array(0) };
const known = new Array<Known>(PLACES).fill(NONE);
/** The ticker that was asked for last. */
let latest = NONE;

/** Whether the codes of `bytes` from `from` on begin with a ticker's. */
function begins(bytes: Uint8Array, from: number, { codes }: Known): boolean {
  for (let i = 0; i < codes.length; i++) if (codes[i] !== bytes[from + i]) return false;
  return true;
}

/**
 * The ticker that was asked for last, if its codes stand in `bytes` from `from` on with `end` behind them.
 * Most changes are of the market of the change before, and this look-up needs no hash.
 */
export function latestTicker(bytes: Uint8Array, from: number, end: number): string | undefined {
  const { name, codes } = latest;
  return codes.length > 0 && bytes[from + codes.length] === end && begins(bytes, from, latest)
    ? name
    : undefined;
}

/**
 * The ticker in the ASCII codes of `bytes`, from `from` up to but not including `to`; it must not be empty.
 * As long as a ticker keeps coming, the same string object is returned: nothing is allocated, and maps reuse
 * its computed hash. A slice of the frame would be a new string each time, and would keep the whole text in
 * memory, up to a block of tape. `hash` is any function of those codes. The table is bounded and only saves
 * work.
 */
export function knownTicker(bytes: Uint8Array, from: number, to: number, hash: number): string {
  const place = hash & (PLACES - 1);
  const here = known[place] ?? NONE;
  if (here.codes.length === to - from && begins(bytes, from, here)) {
    latest = here;
    return here.name;
  }
  const codes = bytes.slice(from, to);
  latest = { name: String.fromCharCode(...codes), codes };
  known[place] = latest;
  return latest.name;
}

/**
 * Size of the table: a power of two, several times the markets of one subscription. Two tickers with the same
 * place replace each other.
 */
const PLACES = 4_096;

interface Known {
  readonly name: string;
  readonly codes: Uint8Array;
}

const NONE: Known = { name: '', codes: new Uint8Array(0) };
const known = new Array<Known>(PLACES).fill(NONE);

/**
 * The ticker in the ASCII codes of `bytes`, from `from` up to but not including `to`; it must not be empty.
 * As long as a ticker keeps coming, the same string object is returned: nothing is allocated, and maps reuse
 * its computed hash. A slice of the frame would be a new string each time, and would keep the whole text in
 * memory, up to a block of tape. `hash` is any function of those codes. The table is bounded and only saves
 * work.
 */
export function knownTicker(bytes: Uint8Array, from: number, to: number, hash: number): string {
  const place = hash & (PLACES - 1);
  const { name, codes } = known[place] ?? NONE;
  if (codes.length === to - from) {
    let same = 0;
    while (same < codes.length && codes[same] === bytes[from + same]) same++;
    if (same === codes.length) return name;
  }
  const spelt = bytes.slice(from, to);
  const fresh = { name: String.fromCharCode(...spelt), codes: spelt };
  known[place] = fresh;
  return fresh.name;
}

/** A power of two, some times the markets of one subscription; tickers that meet in a place take turns there. */
const PLACES = 4_096;

interface Known {
  readonly name: string;
  readonly codes: Uint8Array;
}

const NONE: Known = { name: '', codes: new Uint8Array(0) };
const known = new Array<Known>(PLACES).fill(NONE);

/**
 * The ticker spelt by the ASCII codes of `bytes` from `from` to `to` (not included, not empty), as one and the same string while it keeps
 * coming: nothing is allocated for it, and maps keyed by it find its hash computed. A slice of the frame would be neither, and would keep
 * the text alive that it was cut from, up to a block of tape. `hash` is any function of those codes. The table is bounded and only saves work.
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

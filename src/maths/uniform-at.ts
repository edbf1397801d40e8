const { imul } = Math;

/**
 * A number in (0, 1) that depends on nothing but `stream` and `index`, two integers: chance for resampling that
 * gives the same draws whenever it is asked. Two rounds of the finaliser of MurmurHash3 (Appleby 2011), 32 bits.
 */
export function uniformAt(stream: number, index: number): number {
  let h = imul(stream | 0, 0x9e3779b1) ^ imul((index | 0) + 0x7f4a7c15, 0x85ebca6b);
  for (let round = 0; round < 2; round++) {
    h = imul(h ^ (h >>> 16), 0x85ebca6b);
    h = imul(h ^ (h >>> 13), 0xc2b2ae35);
    h ^= h >>> 16;
  }
  return ((h >>> 0) + 0.5) / 0x1_0000_0000;
}

import { digitsOf, levelShare, withLevel } from './checksum.ts';

/** Levels per side that Kraken's checksum covers, at any depth of the subscription. */
const CHECKED_LEVELS = 10;

/**
 * One side of a book in parallel arrays. The levels are those from `low` up to but not including `high`,
 * worst first and best last. Most changes are near the touch, so little has to move, and cutting the worst
 * level only advances `low`. It is mutable and private to `krakenBook`.
 */
export interface BookSide {
  /** 1 for bids, −1 for asks. */
  readonly sign: 1 | -1;
  /** Price in ticks times `sign`, ascending. */
  keys: Float64Array;
  quantityTicks: Float64Array;
  /** The level's share in the checksum, and the number of its digits; 0 digits means not yet computed. */
  shares: Int32Array;
  lengths: Uint8Array;
  low: number;
  high: number;
  /** True if a level that the checksum covers has changed since `sideRegister` last ran. */
  changed: boolean;
}

/** An empty side, with room for twice the depth before its levels have to move. */
export const bookSide = (sign: 1 | -1, depth: number): BookSide => ({
  sign,
  keys: new Float64Array(4 * depth),
  quantityTicks: new Float64Array(4 * depth),
  shares: new Int32Array(4 * depth),
  lengths: new Uint8Array(4 * depth),
  low: depth,
  high: depth,
  changed: true,
});

/** Empties a side. */
export function clearSide(side: BookSide): void {
  side.low = side.keys.length >> 2;
  side.high = side.low;
  side.changed = true;
}

/**
 * Moves `length` levels from `from` to `to`. Most moves are small, and for those a loop is faster than
 * copyWithin.
 */
function move(
  { keys, quantityTicks, shares, lengths }: BookSide,
  from: number,
  to: number,
  length: number,
): void {
  const step = to < from ? 1 : -1;
  let source = step === 1 ? from : from + length - 1;
  let target = step === 1 ? to : to + length - 1;
  for (let left = length; left > 0; left--) {
    keys[target] = keys[source] ?? 0;
    quantityTicks[target] = quantityTicks[source] ?? 0;
    shares[target] = shares[source] ?? 0;
    lengths[target] = lengths[source] ?? 0;
    source += step;
    target += step;
  }
}

/** Puts the levels in the middle of their arrays, and doubles the arrays if the levels fill half of them. */
function recentre(side: BookSide): void {
  const length = side.high - side.low;
  const capacity = side.keys.length;
  if (length * 2 >= capacity) {
    const { keys, quantityTicks, shares, lengths } = side;
    side.keys = new Float64Array(2 * capacity);
    side.quantityTicks = new Float64Array(2 * capacity);
    side.shares = new Int32Array(2 * capacity);
    side.lengths = new Uint8Array(2 * capacity);
    side.keys.set(keys);
    side.quantityTicks.set(quantityTicks);
    side.shares.set(shares);
    side.lengths.set(lengths);
  }
  const low = (side.keys.length - length) >> 1;
  move(side, side.low, low, length);
  side.low = low;
  side.high = low + length;
}

/** Index of the first level at or above `key`, `high` where there is none. */
function indexOf({ keys, low, high }: BookSide, key: number): number {
  let index = high;
  // Most changes are near the touch: look there first, then halve.
  for (const near = Math.max(low, high - 8); index > near; index--)
    if ((keys[index - 1] ?? 0) < key) return index;
  let from = low;
  while (from < index) {
    const middle = (from + index) >> 1;
    if ((keys[middle] ?? 0) < key) from = middle + 1;
    else index = middle;
  }
  return index;
}

/** Sets the quantity at a price; 0 deletes the level, if there is one. Both numbers are integer ticks. */
export function setLevel(side: BookSide, priceTicks: number, quantityTicks: number): void {
  const key = priceTicks * side.sign;
  let index = indexOf(side, key);
  const found = index < side.high && side.keys[index] === key;
  if (quantityTicks === 0) {
    if (!found) return;
    if (index >= side.high - CHECKED_LEVELS) side.changed = true;
    if (index === side.low) side.low++;
    else {
      move(side, index + 1, index, side.high - index - 1);
      side.high--;
    }
    return;
  }
  if (!found) {
    if (side.high === side.keys.length || side.low === 0) {
      index -= side.low;
      recentre(side);
      index += side.low;
    }
    if (index === side.low) index = --side.low;
    else {
      move(side, index, index + 1, side.high - index);
      side.high++;
    }
    side.keys[index] = key;
  }
  side.quantityTicks[index] = quantityTicks;
  side.lengths[index] = 0;
  if (index >= side.high - CHECKED_LEVELS) side.changed = true;
}

/**
 * Cuts a side to its best `depth` levels: Kraken sends no deletion for a level that falls out of the
 * subscribed depth.
 */
export function cutSide(side: BookSide, depth: number): void {
  if (side.high - side.low > depth) side.low = side.high - depth;
}

/** The checksum's register after the best ten levels of a side, best first. */
export function sideRegister(side: BookSide, start: number): number {
  const { keys, quantityTicks, shares, lengths, sign } = side;
  let register = start;
  for (
    let index = side.high - 1, last = Math.max(side.low, side.high - CHECKED_LEVELS);
    index >= last;
    index--
  ) {
    let length = lengths[index] ?? 0;
    if (length === 0) {
      const price = (keys[index] ?? 0) * sign;
      const quantity = quantityTicks[index] ?? 0;
      length = digitsOf(price) + digitsOf(quantity);
      lengths[index] = length;
      shares[index] = levelShare(price, quantity);
    }
    register = withLevel(register, shares[index] ?? 0, length);
  }
  side.changed = false;
  return register;
}

/**
 * The best ten levels, best first: price and quantity in ticks, alternating. A new array each time, so that
 * it may be published.
 */
export function bestLevels({ keys, quantityTicks, sign, low, high }: BookSide): readonly number[] {
  const count = Math.min(high - low, CHECKED_LEVELS);
  const levels = new Array<number>(2 * count);
  for (let level = 0; level < count; level++) {
    const index = high - 1 - level;
    levels[2 * level] = (keys[index] ?? 0) * sign;
    levels[2 * level + 1] = quantityTicks[index] ?? 0;
  }
  return levels;
}

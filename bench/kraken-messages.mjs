import { crc32 } from 'node:zlib';

const DEPTH_CHECKED = 10;

/** Neither side is thinned below this, so that there is always a top. */
const FEWEST_LEVELS = 5;

/** Mulberry32: a seeded generator of numbers in [0, 1), so that every run times the same messages. */
function mulberry32(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/**
 * Sets a level of an array sorted by `direction` × price, best first; quantity 0 deletes. Plain and slow: it
 * is the reference.
 */
function setLevel(levels, direction, price, qty) {
  let index = 0;
  while (index < levels.length && (levels[index].price - price) * direction < 0) index++;
  const found = levels[index]?.price === price;
  if (qty === 0) {
    if (found) levels.splice(index, 1);
  } else if (found) levels[index].qty = qty;
  else levels.splice(index, 0, { price, qty });
}

const text = (ticks, decimals) => {
  const digits = String(ticks).padStart(decimals + 1, '0');
  return `${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`;
};
const entries = (levels) =>
  levels.map(({ price, qty }) => `{"price":${text(price, 1)},"qty":${text(qty, 8)}}`).join(',');
const digits = (levels) =>
  levels
    .slice(0, DEPTH_CHECKED)
    .map(({ price, qty }) => `${price}${qty}`)
    .join('');

/**
 * Synthetic BTC/USD book messages as Kraken prints them: text with the precision's full digits, a snapshot
 * first, then updates of 1.5 levels on average, a quarter of them deletions, nearer the touch more often,
 * around a mid that walks. Each carries the right checksum. Returns the texts and the best prices after each,
 * in dollars, from a reference book of plain arrays.
 */
export function krakenMessages({ count, depth, seed = 1 }) {
  const random = mulberry32(seed);
  const quantity = () => 1 + Math.floor(random() ** 3 * 5e8);
  const sides = { bids: [], asks: [] };
  let mid = 800_000;
  for (let level = 1; level <= depth; level++) {
    setLevel(sides.bids, -1, mid - level * 3, quantity());
    setLevel(sides.asks, 1, mid + level * 3, quantity());
  }
  const texts = [];
  const bids = new Float64Array(count);
  const asks = new Float64Array(count);
  const start = Date.UTC(2026, 0, 1) * 1000;

  const emit = (type, changed) => {
    const index = texts.length;
    for (const name of ['bids', 'asks']) sides[name].length = Math.min(sides[name].length, depth);
    const micros = start + index * 20_123;
    const time = `${new Date(Math.floor(micros / 1000)).toISOString().slice(0, -1)}${String(micros % 1000).padStart(3, '0')}Z`;
    const checksum = crc32(digits(sides.asks) + digits(sides.bids));
    const message = `{"channel":"book","type":"${type}","data":[{"symbol":"BTC/USD","bids":[${entries(changed.bids)}],"asks":[${entries(changed.asks)}],"checksum":${checksum},"timestamp":"${time}"}]}`;
    // As a socket gives it: one flat string, where concatenation leaves a tree of pieces.
    texts.push(Buffer.from(message).toString());
    bids[index] = sides.bids[0].price / 10;
    asks[index] = sides.asks[0].price / 10;
  };

  emit('snapshot', sides);
  while (texts.length < count) {
    const changed = { bids: [], asks: [] };
    for (let left = random() < 0.62 ? 1 : random() < 0.75 ? 2 : 3; left > 0; left--) {
      const bid = random() < 0.5;
      const name = bid ? 'bids' : 'asks';
      const other = sides[bid ? 'asks' : 'bids'];
      const levels = sides[name];
      const direction = bid ? -1 : 1;
      let price;
      let qty = quantity();
      if (random() < 0.55) {
        price = levels[Math.floor(random() ** 2.5 * levels.length)].price;
        if (random() < 0.45 && levels.length > FEWEST_LEVELS) qty = 0;
      } else {
        if (random() < 0.05) mid += random() < 0.5 ? -1 : 1;
        price = mid + direction * (1 + Math.floor(random() ** 2 * depth * 3));
        // A new level through the touch takes out what it crosses, as a trade would.
        while (other.length > FEWEST_LEVELS && (other[0].price - price) * direction >= 0) {
          changed[bid ? 'asks' : 'bids'].push({ price: other[0].price, qty: 0 });
          other.shift();
        }
        if ((other[0].price - price) * direction >= 0) continue;
      }
      setLevel(levels, direction, price, qty);
      changed[name].push({ price, qty });
    }
    if (changed.bids.length + changed.asks.length > 0) emit('update', changed);
  }
  return { texts, bids, asks };
}

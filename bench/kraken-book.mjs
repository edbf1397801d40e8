import { Subject } from 'rxjs';
import { krakenBooks } from '../dist/src/venues/kraken/books.js';
import { decodeKraken } from '../dist/src/venues/kraken/codec.js';
import { krakenMessages } from './kraken-messages.mjs';
import { median } from './quantiles.mjs';

const MESSAGES = 200_000;
const DEPTH = 100;
const ROUNDS = 7;

/**
 * JSON text → codec → book with its checksum on every message → top; `onTop` sees each change of the best.
 */
function replay(texts, onTop) {
  const events$ = new Subject();
  let passed = 0;
  events$.pipe(krakenBooks({ depth: DEPTH })).subscribe((event) => {
    if (event.kind === 'spotTop') onTop(event);
    else if (event.kind === 'krakenBookChecked' && event.verdict === 'passed') passed++;
  });
  for (let index = 0; index < texts.length; index++)
    for (const event of decodeKraken(texts[index], index)) events$.next(event);
  return passed;
}

/** Throws unless the best prices after every message equal the reference book's. */
function verify({ texts, bids, asks }) {
  const seenBids = new Float64Array(texts.length);
  const seenAsks = new Float64Array(texts.length);
  const passed = replay(texts, ({ receivedAt, bid, ask }) => {
    seenBids[receivedAt] = bid;
    seenAsks[receivedAt] = ask;
  });
  for (let index = 0; index < texts.length; index++) {
    // No top was told where nothing changed.
    seenBids[index] ||= seenBids[index - 1];
    seenAsks[index] ||= seenAsks[index - 1];
    if (seenBids[index] !== bids[index] || seenAsks[index] !== asks[index])
      throw new Error(
        `kraken-book: top after message ${index} must be ${bids[index]}/${asks[index]}, was ${seenBids[index]}/${seenAsks[index]}`,
      );
  }
  if (passed !== texts.length)
    throw new Error(`kraken-book: checksums passed must be ${texts.length}, was ${passed}`);
}

/**
 * Messages a second of one core from JSON text to the changed top, CRC32 checked on each. The median of some
 * rounds over seeded synthetic messages at depth 100, after the results of all were checked against a
 * reference book.
 */
export async function krakenBook() {
  const recording = krakenMessages({ count: MESSAGES, depth: DEPTH });
  verify(recording);
  const rates = [];
  let checksumsPassed = 0;
  let tops = 0;
  for (let round = 0; round < ROUNDS; round++) {
    tops = 0;
    const from = performance.now();
    checksumsPassed = replay(recording.texts, () => {
      tops++;
    });
    rates.push((MESSAGES / (performance.now() - from)) * 1000);
  }
  return {
    name: 'Kraken v2 book, JSON text to top, checksum on every message',
    messagesPerSecond: Math.round(median(rates)),
    slowest: Math.round(Math.min(...rates)),
    fastest: Math.round(Math.max(...rates)),
    messages: MESSAGES,
    checksumsPassed,
    tops,
  };
}

import ccxt from 'ccxt';
import { Subject } from 'rxjs';
import { OrderBook } from 'tardis-dev';
import { krakenBooks } from '../dist/src/venues/kraken/books.js';
import { decodeKraken } from '../dist/src/venues/kraken/codec.js';
import { krakenMessages } from './kraken-messages.mjs';
import { median } from './quantiles.mjs';

// The same messages through the order books of peers, from JSON text to best bid and ask after each message.
// Peers do less: neither checks the checksum (tardis-dev has none, ccxt ships with it off and throws when it
// is turned on, as its own client parses prices to numbers), neither validates the frame, and neither cuts
// the book to the subscribed depth. Rounds are interleaved, so that a busy machine slows all alike; read the
// ratios, not the rates.

const MESSAGES = 200_000;
const DEPTH = 100;
const ROUNDS = 7;

/** Each gives a function that takes one text and calls `top(bid, ask)`. */
const peers = {
  'voltage-kalshi (CRC32 checked)': (top) => {
    const events$ = new Subject();
    let bid = 0;
    let ask = 0;
    events$.pipe(krakenBooks({ depth: DEPTH })).subscribe((event) => {
      if (event.kind === 'gap') throw new Error(`peers: ${event.detail}`);
      if (event.kind !== 'spotTop') return;
      bid = event.bid;
      ask = event.ask;
    });
    return (text) => {
      for (const event of decodeKraken(text, 0)) events$.next(event);
      top(bid, ask);
    };
  },
  'tardis-dev OrderBook': (top) => {
    const book = new OrderBook();
    const level = ({ price, qty }) => ({ price, amount: qty });
    return (text) => {
      const { type, data } = JSON.parse(text);
      const [{ bids, asks }] = data;
      book.update({ isSnapshot: type === 'snapshot', bids: bids.map(level), asks: asks.map(level) });
      top(book.bestBid().price, book.bestAsk().price);
    };
  },
  'ccxt pro handleOrderBook (checksum off)': (top) => {
    const exchange = new ccxt.pro.kraken();
    const client = { resolve: () => {}, reject: () => {} };
    return (text) => {
      exchange.handleOrderBook(client, JSON.parse(text));
      const { bids, asks } = exchange.orderbooks['BTC/USD'];
      top(bids[0][0], asks[0][0]);
    };
  },
};

/** Messages after which the best prices differ from the reference book's. */
function mismatches(peer, { texts, bids, asks }) {
  let index = 0;
  let wrong = 0;
  const onText = peer((bid, ask) => {
    if (bid !== bids[index] || ask !== asks[index]) wrong++;
  });
  for (; index < texts.length; index++) onText(texts[index]);
  return wrong;
}

/**
 * Messages a second of each, median of interleaved rounds, and ours over theirs. Throws unless all agree with
 * the reference after each message.
 */
export async function comparePeers() {
  const recording = krakenMessages({ count: MESSAGES, depth: DEPTH });
  const rates = new Map();
  for (const [name, peer] of Object.entries(peers)) {
    const wrong = mismatches(peer, recording);
    if (wrong > 0) throw new Error(`peers: mismatches of ${name} must be 0, was ${wrong}`);
    rates.set(name, []);
  }
  let sum = 0;
  for (let round = 0; round < ROUNDS; round++)
    for (const [name, peer] of Object.entries(peers)) {
      const onText = peer((bid, ask) => {
        sum += ask - bid;
      });
      const from = performance.now();
      for (const text of recording.texts) onText(text);
      rates.get(name).push((MESSAGES / (performance.now() - from)) * 1000);
    }
  if (!(sum > 0)) throw new Error(`peers: sum of spreads must be above 0, was ${sum}`);
  const [ours] = rates.values();
  return {
    name: 'Kraken v2 book, JSON text to best prices after each message, against peers',
    messages: MESSAGES,
    rounds: ROUNDS,
    peers: Object.fromEntries(
      [...rates].map(([name, each]) => [
        name,
        {
          messagesPerSecond: Math.round(median(each)),
          slowest: Math.round(Math.min(...each)),
          fastest: Math.round(Math.max(...each)),
          oursOverThis: Math.round(median(each.map((rate, round) => ours[round] / rate)) * 100) / 100,
          mismatches: 0,
        },
      ]),
    ),
  };
}

import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { KrakenBookMessage } from '../../../src/domain/events/venue.ts';
import { rfc3339Micros } from '../../../src/domain/rfc3339.ts';
import { scanBook } from '../../../src/venues/kraken/scan-book.ts';
import { krakenWire } from '../../../src/venues/kraken/wire.ts';
import { dataPath, describeData } from '../../support/data.ts';
import { mutatedTexts } from './mutations.ts';

/** What JSON.parse and the schema make of a text; the codec cannot be asked, since it asks `scanBook` first. */
function parsed(text: string): readonly KrakenBookMessage[] | undefined {
  let frame: unknown;
  try {
    frame = JSON.parse(text);
  } catch {
    return undefined;
  }
  const { data } = krakenWire.book.safeParse(frame);
  return data?.data.map(({ symbol, bids, asks, checksum, timestamp }) => ({
    kind: 'krakenBook',
    at: rfc3339Micros(timestamp ?? '') ?? 7,
    receivedAt: 7,
    symbol,
    snapshot: data.type === 'snapshot',
    bids,
    asks,
    checksum,
  }));
}

const decimals = fc
  .tuple(
    fc.integer({ min: 0, max: 999_999 }),
    fc.integer({ min: 0, max: 999_999_999 }),
    fc.integer({ min: 1, max: 9 }),
  )
  .map(([whole, part, width]) => `${whole}.${String(part).padStart(9, '0').slice(0, width)}`);
const prices = decimals.filter((text) => Number(text) > 0);
const level = fc.tuple(prices, decimals).map(([price, qty]) => `{"price":${price},"qty":${qty}}`);
const side = fc.array(level, { maxLength: 4 }).map((levels) => levels.join(','));
const texts = fc
  .record({
    type: fc.constantFrom('snapshot', 'update'),
    symbol: fc.constantFrom('BTC/USD', '1INCH/USD', 'ETH2.S/USD'),
    bids: side,
    asks: side,
    checksum: fc.integer({ min: 0, max: 2 ** 32 - 1 }),
    time: fc.constantFrom(
      '2026-08-24T22:21:58.343688Z',
      '2026-08-24T22:21:58Z',
      '2026-08-24T22:21:58.1+01:00',
    ),
  })
  .map(
    ({ type, symbol, bids, asks, checksum, time }) =>
      `{"channel":"book","type":"${type}","data":[{"symbol":"${symbol}","bids":[${bids}],"asks":[${asks}],"checksum":${checksum},"timestamp":"${time}"}]}`,
  );

describe('scanBook', () => {
  test('property: text as the venue prints it is read, and as JSON.parse and the schema read it', () => {
    fc.assert(
      fc.property(texts, (text) => {
        expect([scanBook(text, 7)]).toEqual(parsed(text));
      }),
      { numRuns: 500 },
    );
  });

  test('property: of mutated text it reads none that they refuse, and none otherwise than they do', () => {
    const seen = { read: 0, left: 0 };
    fc.assert(
      fc.property(
        texts.chain((text) => mutatedTexts([text])),
        (text) => {
          const message = scanBook(text, 7);
          seen[message ? 'read' : 'left']++;
          if (message) expect([message]).toEqual(parsed(text));
        },
      ),
      { numRuns: 5000 },
    );
    // The property is empty unless both happen often.
    expect(Math.min(seen.read, seen.left)).toBeGreaterThan(300);
  });

  const PLAIN =
    '{"channel":"book","type":"update","data":[{"symbol":"BTC/USD","bids":[{"price":9.5,"qty":0.1}],"asks":[],"checksum":1,"timestamp":"2026-08-24T22:21:58Z"}]}';

  test.each([
    ['an exponent', '9.5', '9.5e0'],
    ['a sign', '9.5', '-9.5'],
    ['a leading zero', '9.5', '09.5'],
    ['a bare point', '9.5', '9.'],
    ['a missing integer', '9.5', '.5'],
    ['more digits than a double holds', '9.5', '9.123456789012345'],
    ['a price of nothing', '9.5', '0.0'],
    ['a checksum with a fraction', '"checksum":1', '"checksum":1.5'],
    ['a checksum of 33 bits', '"checksum":1', '"checksum":4294967296'],
    ['a trailing comma', '0.1}]', '0.1},]'],
    ['an escape', 'BTC/USD', 'BTC\\/USD'],
    ['a space', '"bids":', '"bids": '],
    ['a second entry', '"}]}', '"},{}]}'],
    ['something after the end', '"}]}', '"}]}}'],
    ['an impossible time', '08-24', '08-32'],
    ['another channel', '"book"', '"trade"'],
  ])('text with %s is left to JSON.parse', (_, from, to) => {
    expect(scanBook(PLAIN, 7)).toBeDefined();
    expect(PLAIN).toContain(from);
    expect(scanBook(PLAIN.replace(from, to), 7)).toBeUndefined();
  });

  test('the quotient of two exact integers is the double that JSON.parse gives', () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: 1n, max: 10n ** 15n - 1n }),
        fc.integer({ min: 1, max: 14 }),
        (digits, places) => {
          const padded = String(digits).padStart(places + 1, '0');
          const price = `${padded.slice(0, -places)}.${padded.slice(-places)}`;
          expect(scanBook(PLAIN.replace('9.5', price), 7)?.bids[0]?.price).toBe(Number(price));
        },
      ),
      { numRuns: 2000 },
    );
  });
});

describeData('scanBook on recorded frames', () => {
  test('it reads every book message of the sample', () => {
    const frames = readFileSync(dataPath('kraken', 'book-v2-sample.jsonl'), 'utf8')
      .split('\n')
      .filter((line) => line.includes('"channel":"book","type"'));
    expect(frames.length).toBe(4);
    for (const text of frames) expect([scanBook(text, 7)]).toEqual(parsed(text));
  });
});

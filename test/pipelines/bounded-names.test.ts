import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { boundedNames } from '../../pipelines/edges/bounded-names.ts';
import type { CodecEvent, SpotTrade } from '../../src/domain/events/venue.ts';
import { HOUR, MINUTE } from '../../src/domain/time.ts';
import type { VenueCodec } from '../../src/operators/decode.ts';
import '../support/properties.ts';

const trade = (symbol: string, receivedAt: number): SpotTrade => ({
  kind: 'spotTrade',
  at: receivedAt,
  receivedAt,
  venue: 'kraken',
  symbol,
  price: 1,
  quantity: 1,
  taker: 'buy',
  tradeId: 1,
  replayed: false,
});
/** Reads a text of symbols, separated by spaces, as trades. */
const codec: VenueCodec = {
  wire: (text, receivedAt) => text.split(' ').map((symbol) => trade(symbol, receivedAt)),
  rest: () => [],
};
const kinds = (events: readonly CodecEvent[]): readonly string[] => events.map(({ kind }) => kind);

describe('boundedNames', () => {
  test('property: up to 4,096 names an hour all pass, as often as they come and in any grouping', () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat(4_095), { maxLength: 300 }),
        fc.integer({ min: 1, max: 50 }),
        (names, group) => {
          const { wire } = boundedNames('kraken', codec);
          for (let from = 0; from < names.length; from += group) {
            const text = names.slice(from, from + group).join(' ');
            expect(wire(text, from)).toEqual(codec.wire(text, from));
          }
        },
      ),
    );
  });

  test('the names beyond are rejected one by one, known ones still pass, and the next hour begins anew', () => {
    const { wire } = boundedNames('kraken', codec);
    for (let i = 0; i < 4_096; i++) expect(kinds(wire(`N${i}`, i))).toEqual(['spotTrade']);
    expect(kinds(wire('N4095 new N4090', MINUTE))).toEqual(['spotTrade', 'rejected', 'spotTrade']);
    expect(kinds(wire('new', MINUTE))).toEqual(['rejected']);
    expect(kinds(wire('new', HOUR))).toEqual(['spotTrade']);
    // A name that was in use within the last thousands does not count as new.
    expect(kinds(wire('N7', HOUR))).toEqual(['spotTrade']);
  });

  test('a name of more than 64 characters is never used', () => {
    const { wire } = boundedNames('kraken', codec);
    expect(kinds(wire('K'.repeat(64), 0))).toEqual(['spotTrade']);
    expect(kinds(wire('K'.repeat(65), 0))).toEqual(['rejected']);
  });
});

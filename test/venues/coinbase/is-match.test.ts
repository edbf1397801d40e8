import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { isMatch } from '../../../src/venues/coinbase/is-match.ts';
import { coinbaseWire } from '../../../src/venues/coinbase/wire.ts';
import { mutatedTexts } from '../kraken/mutations.ts';

const MATCH =
  '{"type":"match","trade_id":1017481505,"product_id":"BTC-USD","price":"80179.92","time":"2026-05-13T12:59:42.787638Z"}';
const FULL = MATCH.replace('}', ',"size":"0.00100000","side":"buy","sequence":50}');
const LAST = FULL.replace('"match"', '"last_match"');
const HEARTBEAT = '{"type":"heartbeat","product_id":"BTC-USD","time":"2026-05-13T12:59:42.787638Z"}';

const bySchema = (frame: unknown): boolean => {
  const { data } = coinbaseWire.safeParse(frame);
  return data?.type === 'match' || data?.type === 'last_match';
};

describe('isMatch', () => {
  test('it accepts trades of every form and no other frame', () => {
    expect([MATCH, FULL, LAST, HEARTBEAT].map((text) => isMatch(JSON.parse(text)))).toEqual([
      true,
      true,
      true,
      false,
    ]);
  });

  test('property: it accepts exactly what the schema accepts as a trade', () => {
    let accepted = 0;
    let refused = 0;
    fc.assert(
      fc.property(mutatedTexts([MATCH, FULL, LAST]), (text) => {
        let frame: unknown;
        try {
          frame = JSON.parse(text);
        } catch {
          return;
        }
        const guess = isMatch(frame);
        expect(guess).toBe(bySchema(frame));
        if (guess) accepted++;
        else refused++;
      }),
      { numRuns: 4_000 },
    );
    expect(Math.min(accepted, refused)).toBeGreaterThan(100);
  });
});

import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Frame } from '../../src/domain/frame.ts';
import { MINUTE } from '../../src/domain/time.ts';
import { readOwnLine, tapeLine } from '../../src/tape/line.ts';

const AT = 1_778_477_473_462_729;
const venue = fc.constantFrom('kraken' as const, 'coinbase' as const, 'kalshi' as const);
const price = fc.double({ min: 0.1, max: 1e6, noNaN: true });

const ownFrames: fc.Arbitrary<Frame> = fc.oneof(
  fc.record({
    kind: fc.constant('rest' as const),
    at: fc.constant(AT),
    venue,
    resource: fc.string(),
    text: fc.string({ unit: 'grapheme' }),
  }),
  fc.record({
    kind: fc.constant('connection' as const),
    at: fc.constant(AT),
    venue,
    change: fc.constantFrom('opened' as const, 'live' as const, 'refused' as const, 'closed' as const),
    detail: fc.string({ unit: 'grapheme' }),
  }),
  fc.record({
    kind: fc.constant('clock' as const),
    at: fc.constant(AT),
    venue,
    offsetMicros: fc.maxSafeInteger(),
    roundTripMicros: fc.maxSafeNat(),
  }),
  fc.record({
    kind: fc.constant('session' as const),
    at: fc.constant(AT),
    name: fc.string(),
    history: fc.array(
      fc.record({
        openAt: fc.nat(30_000_000).map((minutes) => minutes * MINUTE),
        open: price,
        high: price,
        low: price,
        close: price,
        volume: fc.double({ min: 0, max: 1e5, noNaN: true }),
        flag: fc.constantFrom(0 as const, 1 as const, 2 as const),
      }),
      { maxLength: 5 },
    ),
  }),
  fc.record({
    kind: fc.constant('outcome' as const),
    at: fc.constant(AT),
    ticker: fc.string(),
    valueUnits: fc.option(fc.nat(), { nil: undefined }),
    result: fc.constantFrom('yes' as const, 'no' as const),
  }),
  fc.record({
    kind: fc.constant('command' as const),
    at: fc.constant(AT),
    command: fc.constantFrom('halt' as const, 'resume' as const),
  }),
  fc.record({ kind: fc.constant('tick' as const), at: fc.constant(AT) }),
);

describe('own lines of a tape', () => {
  test('property: every frame of ours reads back as it was written, on one line', () => {
    fc.assert(
      fc.property(ownFrames, (frame) => {
        const line = tapeLine(frame);
        expect(line.indexOf('\n')).toBe(line.length - 1);
        const [nanos, column, text] = line.trimEnd().split('\t') as [string, string, string];
        expect([nanos, column]).toEqual([`${AT}000`, 'voltage']);
        // JSON writes −0 as 0.
        expect(readOwnLine(text, AT)).toEqual({ kind: 'frame', frame: JSON.parse(JSON.stringify(frame)) });
      }),
    );
  });

  test.each([
    ['no JSON', 'tick', /must hold JSON/],
    ['a kind that nobody knows', '{"kind":"tock"}', /a frame this build knows/],
    ['a field too many', '{"kind":"tick","and":1}', /a frame this build knows/],
    ['a part that is no number', '{"kind":"segment","session":"a","part":0}', /a frame this build knows/],
  ])('%s is told and never thrown', (_, text, why) => {
    expect(readOwnLine(text, AT)).toEqual({ kind: 'unreadable', why: expect.stringMatching(why) });
  });
});

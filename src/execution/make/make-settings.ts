import { z } from 'zod';
import { MINUTE, SECOND } from '../../domain/time.ts';

const span = (micros: number) => z.int().nonnegative().default(micros);
const dollars = (value: number) => z.number().nonnegative().default(value);
const counts = (value: number) => z.int().nonnegative().default(value);

/** What a score found of resting orders in one range of times to the close. */
const evidence = z.strictObject({
  fromMinutes: z.number().nonnegative().describe('Start of the range of minutes to the close.'),
  toMinutes: z.number().positive().describe('End of the range, left out of it.'),
  markoutDollars: z.number().describe('Mean markout of one contract, adjusted for the queue.'),
  standardErrorDollars: z.number().nonnegative().describe('Its standard error, clustered by market.'),
});

/** Settings of the maker. */
export const makeSettings = z
  .strictObject({
    mode: z
      .enum(['off', 'proven', 'always'])
      .default('off')
      .describe(
        '`proven` quotes only where `execution.make.evidence` is above zero. `always` quotes everywhere, to gather that evidence on paper; where orders go to a venue it counts as `proven`.',
      ),
    evidence: z
      .array(evidence)
      .default([])
      .describe('Queue-adjusted markouts of resting orders by time to the close, as a score measured them.'),
    evidenceErrors: z
      .number()
      .nonnegative()
      .default(2)
      .describe('A markout is above zero if it is so by this many of its standard errors.'),
    quoteCount: counts(500).describe('Largest count of one quote.'),
    inventoryMaxCount: counts(1_500).describe(
      'Largest position in one contract, of either side, that quotes may lead to.',
    ),
    skewDollars: dollars(0.03).describe(
      'How far the middle of our quotes moves away from a position of `inventoryMaxCount`; less in proportion.',
    ),
    marginDollars: dollars(0.005).describe(
      'What a quote must earn on average, after the fee and the allowance.',
    ),
    errorMultiple: z
      .number()
      .nonnegative()
      .default(0.5)
      .describe('Quotes are wider by this multiple of the standard error of our probability.'),
    // A late joiner with a pessimistic queue lost half a cent at the touch, which lies about a cent from the middle.
    adverseDollars: dollars(0.015).describe(
      'Allowance for adverse selection before our own fills have told: the move of the middle against a fill.',
    ),
    adverseFills: z
      .number()
      .positive()
      .default(50)
      .describe('Fills that `adverseDollars` counts for beside those that were measured.'),
    markoutMicros: span(30 * SECOND).describe('Time after a fill at which its adverse move is measured.'),
    distanceTicks: z
      .int()
      .positive()
      .default(100)
      .describe(
        'A quote is placed anew when it is further than this behind the price that it should have, and pulled when it is half of this too generous.',
      ),
    volatilityMultiple: z
      .number()
      .nonnegative()
      .default(1)
      .describe('That distance is at least so many standard deviations of fair value over `reactMicros`.'),
    reactMicros: span(SECOND).describe('Time that a quote needs to be taken away.'),
    minAgeMicros: span(3 * SECOND).describe(
      'Youngest age at which a quote is placed anew because it is too far behind, and least time between two quotes of one side.',
    ),
    keepAheadCount: counts(500).describe(
      'A quote with at most this count ahead of it by our own estimate keeps its place, unless it is twice too far behind.',
    ),
    toCloseMinMicros: span(2 * MINUTE).describe('Closer to the close than this nothing is quoted.'),
    jumpBasisPoints: z
      .number()
      .positive()
      .default(4)
      .describe('A move of the index or of a spot venue that pulls all quotes of the asset.'),
    jumpSpanMicros: z.int().positive().default(SECOND).describe('Time within which such a move counts.'),
    jumpHoldMicros: span(10 * SECOND).describe('Time after a jump, or a run of fills, without quotes.'),
    fillsMaxCount: counts(1_500).describe(
      'Count that may fill in one close within `fillsSpanMicros`; with more, all its quotes are pulled.',
    ),
    fillsSpanMicros: span(15 * SECOND).describe('Time over which fills of a close are counted.'),
    restMicros: z
      .int()
      .min(5 * SECOND)
      .default(2 * MINUTE)
      .describe('A quote ends at the venue after this time, unless it is placed once more.'),
  })
  .describe('The maker, which quotes both sides with orders that rest.');

/** Settings of the maker, defaults filled in. */
export type MakeSettings = z.infer<typeof makeSettings>;

import { z } from 'zod';
import { DAY, MINUTE, SECOND } from '../domain/time.ts';

/** A limit above these holds nothing back, so it is a slip of the pen. */
const dollars = z.number().positive().max(10_000_000);
const atMost = (most: number) => z.int().positive().max(most);
const patience = atMost(DAY);

/**
 * Limits of the live lane. Those of money have no default: whoever risks it states how much.
 */
export const liveSettings = z
  .strictObject({
    orderContractsMax: z.number().positive().max(1_000_000).describe('Most contracts of one order.'),
    openOrdersMax: atMost(10_000).describe('Most orders whose end is not known.'),
    ordersPerMinuteMax: atMost(10_000).describe(
      'Most orders within a minute. One more halts the lane, since the desk has a limit of its own.',
    ),
    dollarsPerDayMax: dollars.describe(
      'Most dollars that the orders of one day (UTC) may cost together, filled or not.',
    ),
    dayLossMaxDollars: dollars.describe('A realised loss of one day (UTC) of this size halts the lane.'),
    drawdownMaxDollars: dollars.describe(
      'Equity (cash, and open positions at cost) this far below its peak halts the lane.',
    ),
    rejectsPerMinuteMax: atMost(10_000)
      .default(10)
      .describe('This many refusals of the venue within a minute halt the lane.'),
    unknownMaxMicros: patience
      .default(MINUTE)
      .describe('An order whose state is unknown for longer halts the lane.'),
    feedPatienceMicros: patience
      .default(10 * SECOND)
      .describe('A feed that is silent, or an index in doubt, for longer lets only orders pass that reduce.'),
    forecastPatienceMicros: patience
      .default(5 * MINUTE)
      .describe('Without a new forecast for longer, only orders pass that reduce.'),
    groupContractsMax: atMost(100_000)
      .default(1_000)
      .describe(
        'Contracts of one close that may match within 15 s; the venue then cancels and blocks the order group.',
      ),
    supervisorPatienceMs: z
      .int()
      .min(1_000)
      .max(60_000)
      .default(3_000)
      .describe('The supervisor cancels all orders when the lane has not given a sign for so long.'),
  })
  .describe('Hard limits of the live lane, which hold whatever the desk decides. `voltage live` needs them.');

/** Limits of the live lane, defaults filled in. */
export type LiveSettings = z.infer<typeof liveSettings>;

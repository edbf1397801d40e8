import { z } from 'zod';
import { MILLISECOND, MINUTE, SECOND } from '../domain/time.ts';
import { bundleSettings } from './bundle-settings.ts';
import { liveSettings } from './live-settings.ts';
import { makeSettings } from './make/make-settings.ts';

const latency = z
  .int()
  .nonnegative()
  .default(250 * MILLISECOND);

/** Settings of execution. */
export const executionSettings = z
  .strictObject({
    paper: z
      .strictObject({
        takeLatencyMicros: latency.describe('Time from the decision to the match of an order that takes.'),
        makeLatencyMicros: latency.describe('Time from the decision until an order rests in the book.'),
        cancelLatencyMicros: latency.describe('Time from the decision until a cancel takes effect.'),
        restMaxMicros: z
          .int()
          .positive()
          .default(10 * MINUTE)
          .describe(
            "How long an order may rest before it expires: the same dead man's switch that the real gateway sets.",
          ),
      })
      .prefault({})
      .describe('The paper gateway, which fills orders against real prices and sends none.'),
    desk: z
      .strictObject({
        startingDollars: z.number().nonnegative().default(1_000).describe('Cash that the run starts with.'),
        evaluateEveryMicros: z
          .int()
          .positive()
          .default(100 * MILLISECOND)
          .describe('Least time between two evaluations of one contract.'),
        evaluateAtOnce: z
          .int()
          .positive()
          .default(32)
          .describe(
            'Contracts of one asset that are evaluated in one go. The others follow a millisecond later, so that no frame waits for a thousand.',
          ),
        repeatMicros: z
          .int()
          .positive()
          .default(MINUTE)
          .describe('A verdict that stays the same is published again after this time.'),
        heartbeatMicros: z
          .int()
          .positive()
          .default(SECOND)
          .describe(
            'Without any input, contracts are evaluated this often all the same, so that silence itself is noticed.',
          ),
        requiredFeeds: z
          .array(z.enum(['krakenBook', 'kraken', 'kalshi', 'index']))
          .default(['krakenBook', 'kalshi', 'index'])
          .describe(
            'Feeds that the checks wait for. One that a recording lacks is named once and not waited for.',
          ),
        feedsMustCome: z
          .boolean()
          .default(false)
          .describe(
            'False where a feed may be lacking for good, as on a tape. True where it must come, as live.',
          ),
        feedPatienceMicros: z
          .int()
          .nonnegative()
          .default(5 * SECOND)
          .describe("How long after a session's start a feed that has not spoken counts as lacking."),
      })
      .prefault({})
      .describe('The desk, which decides contract by contract.'),
    take: z
      .boolean()
      .default(true)
      .describe('False where the desk sends no order that takes, so that the maker trades alone.'),
    make: makeSettings.prefault({}),
    bundles: bundleSettings.prefault({}),
    orders: z
      .enum(['paper', 'venue'])
      .default('paper')
      .describe(
        'Where orders go. A live lane sets `venue` in its recording, so that a replay takes what became of orders from the tape; other lanes trade on paper whatever stands here.',
      ),
    live: liveSettings.optional(),
    member: z
      .enum(['direct', 'nonDirect'])
      .default('direct')
      .describe(
        'Whose cash precision fees are rounded to: $0.0001 for ordinary API accounts (`direct`), $0.01 for members behind a broker.',
      ),
  })
  .describe('What becomes of prices: decisions, orders, fills on paper.');

/** Settings of execution, defaults filled in. */
export type ExecutionSettings = z.infer<typeof executionSettings>;

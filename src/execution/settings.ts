import { z } from 'zod';
import { MILLISECOND, MINUTE, SECOND } from '../domain/time.ts';

/** Settings of execution. */
export const executionSettings = z.strictObject({
  paper: z
    .strictObject({
      /** Time from decision to matching, for an order that takes and one that rests, and for a cancel. */
      takeLatencyMicros: z
        .int()
        .nonnegative()
        .default(250 * MILLISECOND),
      makeLatencyMicros: z
        .int()
        .nonnegative()
        .default(250 * MILLISECOND),
      cancelLatencyMicros: z
        .int()
        .nonnegative()
        .default(250 * MILLISECOND),
      /** How long an order may rest before it expires: the dead man's switch that the real gateway also sets. */
      restMaxMicros: z
        .int()
        .positive()
        .default(10 * MINUTE),
    })
    .prefault({}),
  desk: z
    .strictObject({
      /** Cash that the run starts with. */
      startingDollars: z.number().nonnegative().default(1_000),
      /** A contract is evaluated at most this often. */
      evaluateEveryMicros: z
        .int()
        .positive()
        .default(100 * MILLISECOND),
      /** A verdict that stays the same is told again this often. */
      repeatMicros: z.int().positive().default(MINUTE),
      /** Without any input, contracts are evaluated this often all the same, so that silence itself is noticed. */
      heartbeatMicros: z.int().positive().default(SECOND),
      /** Feeds that the checks wait for. One that a recording lacks is named once and not waited for. */
      requiredFeeds: z
        .array(z.enum(['krakenBook', 'kraken', 'kalshi', 'index']))
        .default(['krakenBook', 'kalshi', 'index']),
      /** False where a feed may be lacking for good, as on a tape; true where it must come, as live. */
      feedsMustCome: z.boolean().default(false),
      /** How long after a session's start a feed that has not spoken counts as lacking. */
      feedPatienceMicros: z
        .int()
        .nonnegative()
        .default(5 * SECOND),
    })
    .prefault({}),
  /** Whose cash precision fees are rounded to: $0.0001 for ordinary API accounts, $0.01 for members behind a broker. */
  member: z.enum(['direct', 'nonDirect']).default('direct'),
});

/** Settings of execution, defaults filled in. */
export type ExecutionSettings = z.infer<typeof executionSettings>;

import { z } from 'zod';
import { CALLS } from './call.ts';
import { DATA_CHANNELS } from './data-channel.ts';

/** Faults that act on a socket's texts, on REST, and on the venue itself. */
export const FAULT_KINDS = [
  'drop',
  'silence',
  'delay',
  'duplicate',
  'reorder',
  'checksum',
  'hole',
  'slowReader',
  'tooMany',
  'serverError',
  'timeoutAfterAccept',
  'serverErrorAfterAccept',
  'clockSkew',
  'maintenance',
  'earlyClose',
  'exchangePause',
  'marketHalt',
  'dispute',
  'readLag',
  'readContradict',
  'wrongOrder',
  'deposit',
  'withdrawal',
  'attestationLapse',
  'cancelAllTail',
] as const;

/** A kind of fault. */
export type FaultKind = (typeof FAULT_KINDS)[number];

/** What `only` may name for a kind; a kind that is not here strikes everything. */
const SELECTORS: Readonly<Partial<Record<FaultKind, readonly string[] | 'ticker'>>> = {
  delay: DATA_CHANNELS,
  duplicate: DATA_CHANNELS,
  reorder: DATA_CHANNELS,
  hole: DATA_CHANNELS,
  tooMany: CALLS,
  serverError: CALLS,
  timeoutAfterAccept: CALLS,
  serverErrorAfterAccept: CALLS,
  earlyClose: 'ticker',
  marketHalt: 'ticker',
  dispute: 'ticker',
};

/**
 * Something that goes wrong at a venue, `atMs` after the run's start (or now, when injected by hand).
 *
 * Sockets. `drop`: every socket ends without a close frame. `silence`: sockets stay open but send nothing for
 * `spanMs`, new ones too. `delay`: texts arrive `value` ms late for `spanMs`. `duplicate`, `hole`: the next
 * `value` data texts come twice, or never. `reorder`: the next data text comes after the one that follows it.
 * These four strike all data texts, the member's own (`fill`, `user_orders`, `market_positions`) among them,
 * or those of the channel that `only` names. `checksum`: the next book message of Kraken has a wrong one.
 * `slowReader`: nothing is read for `spanMs`; Kraken queues, Kalshi ends the subscription (error 25).
 *
 * REST, all calls or those that `only` names (`create`, `batchCreate`, `amend`, `decrease`, `cancel`,
 * `batchCancel`, `cancelAll`, `groups`, `read`), for `spanMs` and, with a `value`, for no more than so many
 * calls. `tooMany`, `serverError`: the answer is 429 or 503, and nothing was done. `timeoutAfterAccept`: the
 * call is done and never answered. `serverErrorAfterAccept`: it is done and the answer is 503. `clockSkew`:
 * the venue's clock for signatures is `value` ms off for `spanMs`.
 *
 * Kalshi's exchange; other venues have none of these but `maintenance`. `maintenance`: no matching for
 * `spanMs`; Kalshi refuses orders and amendments, takes cancels, and cancels what rests when it ends.
 * `exchangePause`: cancels are refused too. `marketHalt`: the same as `maintenance` for one market, the one
 * that `only` names or the next to close. `earlyClose`: that market closes now. `dispute`: the next
 * determination (of the market that `only` names) is disputed for `spanMs` of the market's time, then amended
 * to the other result, or with `value` 0 to the same. `readLag`: portfolio reads are `value` ms of the
 * market's time old (1,000 if left out), for `spanMs`; `readContradict`: every other one is. The next `value`
 * answers to amend and cancel describe another order: `wrongOrder`. `deposit`, `withdrawal`: `value` dollars
 * (100 if left out) come or go, pending for `spanMs` of the market's time. `attestationLapse`: the member's
 * location is not attested for `spanMs`, and he cannot trade. `cancelAllTail`: for `spanMs`, a cancel-all also
 * kills what is placed in the minute after it.
 */
export const faultSchema = z
  .strictObject({
    kind: z.enum(FAULT_KINDS),
    venue: z.enum(['kraken', 'kalshi']),
    atMs: z.number().nonnegative().default(0),
    spanMs: z.number().nonnegative().default(5_000),
    value: z.number().optional(),
    only: z.string().min(1).optional(),
  })
  .superRefine(({ kind, only, value }, context) => {
    const refuse = (path: string, message: string): void =>
      context.addIssue({ code: 'custom', path: [path], message });
    const allowed = SELECTORS[kind];
    if (only !== undefined && allowed === undefined)
      refuse('only', `${kind} strikes everything and takes no choice, was ${only}`);
    if (only !== undefined && Array.isArray(allowed) && !allowed.includes(only))
      refuse('only', `for ${kind} it must be one of ${allowed.join(', ')}, was ${only}`);
    if ((kind === 'deposit' || kind === 'withdrawal') && value !== undefined && !(value >= 0.01))
      refuse('value', `must be dollars, at least 0.01, was ${value}`);
  });

/** A fault, defaults filled in. */
export type Fault = z.infer<typeof faultSchema>;

const TEXT =
  /^(\w+)@([\d.]+)(ms|s|m)?(?:\+([\d.]+)(ms|s|m)?)?(?:=(-?[\d.]+)(ms|s|m)?)?:(\w+)(?:\/([\w.-]+))?$/;
const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000 };
const millis = (number: string, unit: string | undefined): number =>
  Number(number) * (UNITS[unit ?? 's'] ?? 1_000);

/**
 * Reads `kind@at+span=value:venue`, such as `delay@10s+5s=300ms:kraken`, or `kind@at+span=value:venue/only`,
 * such as `hole@30s=2:kalshi/fill`; times in seconds unless they name `ms`, `s` or `m`.
 */
export function parseFault(text: string): Fault | string {
  const match = TEXT.exec(text);
  if (!match)
    return `a fault is written kind@time+span=value:venue, such as drop@30s:kraken or delay@10s+5s=300ms:kalshi, was ${text}`;
  const [, kind, at = '', atUnit, span, spanUnit, value, valueUnit, venue, only] = match;
  const { data, error } = faultSchema.safeParse({
    kind,
    venue,
    atMs: millis(at, atUnit),
    ...(span !== undefined && { spanMs: millis(span, spanUnit) }),
    ...(value !== undefined && { value: Number(value) * (valueUnit ? (UNITS[valueUnit] ?? 1) : 1) }),
    ...(only !== undefined && { only }),
  });
  return data ?? `${text}: ${error?.issues[0]?.path.join('.')}: ${error?.issues[0]?.message}`;
}

import { z } from 'zod';

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
  'clockSkew',
  'maintenance',
  'earlyClose',
] as const;

/**
 * Something that goes wrong at a venue, `atMs` after the run's start (or now, when injected by hand). `drop`:
 * every socket ends without a close frame. `silence`: sockets stay open but send nothing for `spanMs`, new
 * ones too. `delay`: texts arrive `value` ms late for `spanMs`. `duplicate`, `hole`: the next `value` data
 * texts come twice, or never. `reorder`: the next data text comes after the one that follows it. `checksum`:
 * the next book message of Kraken has a wrong one. `slowReader`: nothing is read for `spanMs`; Kraken queues,
 * Kalshi ends the subscription (error 25). `tooMany`, `serverError`: REST answers 429 or 503 for `spanMs`.
 * `timeoutAfterAccept`: REST acts and never answers, for `spanMs`. `clockSkew`: the venue's clock for
 * signatures is `value` ms off for `spanMs`. `maintenance`: no matching for `spanMs`. `earlyClose`: Kalshi
 * closes the contract next to close now.
 */
export const faultSchema = z.strictObject({
  kind: z.enum(FAULT_KINDS),
  venue: z.enum(['kraken', 'kalshi']),
  atMs: z.number().nonnegative().default(0),
  spanMs: z.number().nonnegative().default(5_000),
  value: z.number().optional(),
});

/** A fault, defaults filled in. */
export type Fault = z.infer<typeof faultSchema>;

const TEXT = /^(\w+)@([\d.]+)(ms|s|m)?(?:\+([\d.]+)(ms|s|m)?)?(?:=(-?[\d.]+)(ms|s|m)?)?:(\w+)$/;
const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000 };
const millis = (number: string, unit: string | undefined): number =>
  Number(number) * (UNITS[unit ?? 's'] ?? 1_000);

/**
 * Reads `kind@at+span=value:venue`, such as `delay@10s+5s=300ms:kraken`; times in seconds unless they name
 * `ms`, `s` or `m`.
 */
export function parseFault(text: string): Fault | string {
  const match = TEXT.exec(text);
  if (!match)
    return `a fault is written kind@time+span=value:venue, such as drop@30s:kraken or delay@10s+5s=300ms:kalshi, was ${text}`;
  const [, kind, at = '', atUnit, span, spanUnit, value, valueUnit, venue] = match;
  const { data, error } = faultSchema.safeParse({
    kind,
    venue,
    atMs: millis(at, atUnit),
    ...(span !== undefined && { spanMs: millis(span, spanUnit) }),
    ...(value !== undefined && { value: Number(value) * (valueUnit ? (UNITS[valueUnit] ?? 1) : 1) }),
  });
  return data ?? `${text}: ${error?.issues[0]?.path.join('.')}: ${error?.issues[0]?.message}`;
}

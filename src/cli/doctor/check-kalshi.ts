import { filter, map, type Observable } from 'rxjs';
import type { Dial } from '../../transport/dial.ts';
import type { KalshiSigner } from '../../venues/kalshi/sign.ts';
import type { Asked } from './ask.ts';
import type { DateAnswer } from './ask-date.ts';
import { checkClock } from './check-clock.ts';
import { explainRefusal } from './explain-refusal.ts';
import { fail, ok, skipped, type Verdict } from './verdict.ts';

/** What to do if Kalshi cannot be reached. */
export const KALSHI_HINT =
  'check the network and its firewall or proxy, and kalshi.environment, kalshi.restUrl and kalshi.wsUrl of the configuration';

const UNAUTHORISED = 401;

/** Whether REST answers, by `GET /exchange/status`, unsigned. */
export function checkKalshiRest(status: Asked): Verdict {
  if (status.kind === 'failed') return fail(status.why, KALSHI_HINT);
  return status.kind === 'refused'
    ? explainRefusal(status.status, status.text, KALSHI_HINT)
    : ok(`answered in ${Math.round(status.receivedMillis - status.sentMillis)} ms`);
}

/** The clock against Kalshi's, by the `Date` header. */
export const checkKalshiClock = (date: DateAnswer): Verdict =>
  date.kind === 'failed'
    ? skipped(`Kalshi did not give its time: ${date.why}`, 'see Kalshi REST')
    : checkClock(date);

/**
 * Whether the socket opens, signed if there is a signer. Without a signer a 401 is the right answer, because
 * Kalshi's socket is for members only.
 */
export const checkKalshiSocket = (
  dial: Dial,
  wsUrl: string,
  signer: KalshiSigner | undefined,
): Observable<Verdict> =>
  dial({ url: wsUrl, headers: signer?.headers('GET', new URL(wsUrl).pathname) ?? {} }).pipe(
    map((event): Verdict | undefined => {
      if (event.kind === 'text') return undefined;
      if (event.kind === 'opened') return ok(signer ? 'opened, signed' : 'opened');
      const { status, detail, code } = event;
      if (status === UNAUTHORISED && !signer)
        return ok('answers; it opens for a key only, so REST is polled');
      return status === undefined
        ? fail(detail || `closed with code ${code}`, KALSHI_HINT)
        : explainRefusal(status, detail, KALSHI_HINT);
    }),
    filter((verdict) => verdict !== undefined),
  );

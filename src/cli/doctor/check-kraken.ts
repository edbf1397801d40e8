import { filter, map, type Observable } from 'rxjs';
import type { Dial } from '../../transport/dial.ts';
import { frameLabel } from '../../venues/kraken/frame-label.ts';
import { timeBody } from '../../venues/kraken/rest-wire.ts';
import type { Asked } from './ask.ts';
import { checkClock } from './check-clock.ts';
import { explainRefusal } from './explain-refusal.ts';
import { fail, ok, skipped, type Verdict, warn } from './verdict.ts';

/** What to do if Kraken cannot be reached. */
export const KRAKEN_HINT =
  'check the network and its firewall or proxy, and kraken.restUrl and kraken.wsUrl of the configuration';

const SECOND_MS = 1_000;

const unixtimeOf = (json: unknown): number | string => {
  const { data } = timeBody.safeParse(json);
  if (!data) return 'the answer to Time has another shape than Kraken’s';
  return data.error.length > 0
    ? data.error.join(', ')
    : (data.result as { readonly unixtime: number }).unixtime;
};

/** Whether REST answers, by `GET /0/public/Time`. */
export function checkKrakenRest(time: Asked): Verdict {
  if (time.kind === 'failed') return fail(time.why, KRAKEN_HINT);
  if (time.kind === 'refused') return explainRefusal(time.status, time.text, KRAKEN_HINT);
  const unixtime = unixtimeOf(time.json);
  return typeof unixtime === 'string'
    ? fail(unixtime, KRAKEN_HINT)
    : ok(`answered in ${Math.round(time.receivedMillis - time.sentMillis)} ms`);
}

/** The clock against Kraken's, by the same answer, which has whole seconds. */
export function checkKrakenClock(time: Asked): Verdict {
  const unixtime = time.kind === 'answered' ? unixtimeOf(time.json) : 'no answer';
  if (time.kind !== 'answered' || typeof unixtime === 'string')
    return skipped('Kraken did not give its time', 'see Kraken REST');
  const fromMillis = unixtime * SECOND_MS;
  return checkClock({ ...time, fromMillis, untilMillis: fromMillis + SECOND_MS });
}

/** Whether the socket opens and its first status is that the market trades. */
export const checkKrakenSocket = (dial: Dial, wsUrl: string): Observable<Verdict> =>
  dial({ url: wsUrl, headers: {} }).pipe(
    map((event): Verdict | undefined => {
      if (event.kind === 'opened') return undefined;
      if (event.kind === 'closed')
        return event.status === undefined
          ? fail(event.detail || `closed with code ${event.code}`, KRAKEN_HINT)
          : explainRefusal(event.status, event.detail, KRAKEN_HINT);
      const { label } = frameLabel(event.text);
      if (label.kind !== 'status') return undefined;
      return label.system === 'online'
        ? ok('opened; the market is online')
        : warn(
            `opened; the market is in ${label.system}`,
            'wait until Kraken trades again (status.kraken.com)',
          );
    }),
    filter((verdict) => verdict !== undefined),
  );

import { concatMap, defer, of } from 'rxjs';
import { after } from '../../../src/operators/after.ts';
import type { EdgeClock } from '../../../src/transport/edge-clock.ts';
import type { Http, HttpAnswer, HttpRequest } from '../../../src/transport/http.ts';

/** A request as it was sent. `resource` is its path with the query. */
export interface Sent {
  readonly atMs: number;
  readonly resource: string;
  readonly request: HttpRequest;
}

/** REST that answers as the test says; requests are kept with their times. */
export interface ScriptedHttp {
  readonly http: Http;
  readonly sent: readonly Sent[];
}

export const ok = (body: unknown): HttpAnswer => ({
  kind: 'answered',
  status: 200,
  text: JSON.stringify(body),
});
export const status = (code: number, text = ''): HttpAnswer => ({ kind: 'answered', status: code, text });

/** Answers `delayMs` after the request with what `answer` gives for its path and query, told which request it is, from 1. */
export function scriptedHttp(
  clock: EdgeClock,
  answer: (resource: URL, nth: number) => HttpAnswer,
  delayMs = 0,
): ScriptedHttp {
  const sent: Sent[] = [];
  return {
    sent,
    http: (request) =>
      defer(() => {
        const url = new URL(request.url);
        sent.push({ atMs: clock.now(), resource: `${url.pathname}${url.search}`, request });
        const found = answer(url, sent.length);
        return delayMs === 0 ? of(found) : after(delayMs, clock).pipe(concatMap(() => of(found)));
      }),
  };
}

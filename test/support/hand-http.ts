import { map } from 'rxjs';
import { after } from '../../src/operators/after.ts';
import type { EdgeClock } from '../../src/transport/edge-clock.ts';
import type { Http, HttpAnswer, HttpRequest } from '../../src/transport/http.ts';

/** A request and when it was made. */
export interface HandRequest extends HttpRequest {
  readonly atMs: number;
}

/** A body with status 200. */
export const body = (text: string, status = 200): HttpAnswer => ({ kind: 'answered', status, text });

/** REST whose far end is a function of the request and of how many came before it. Each answer takes `takesMs`. */
export function handHttp(
  clock: EdgeClock,
  answer: (request: HandRequest, nth: number) => HttpAnswer,
  takesMs = 10,
): { readonly http: Http; readonly requests: readonly HandRequest[] } {
  const requests: HandRequest[] = [];
  return {
    requests,
    http: (request) => {
      const asked = { ...request, atMs: clock.now() };
      requests.push(asked);
      const answered = answer(asked, requests.length - 1);
      return after(takesMs, clock).pipe(map(() => answered));
    },
  };
}

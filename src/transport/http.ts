import type { Observable } from 'rxjs';

/** One request, complete. `timeoutMs` bounds it from first byte to last. */
export interface HttpRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
  readonly timeoutMs: number;
}

/** The venue answered, whatever it said. */
export interface HttpAnswered {
  readonly kind: 'answered';
  readonly status: number;
  readonly text: string;
}

/** No answer: refused, reset, or out of time. The venue may have acted all the same unless `arrived` is false. */
export interface HttpFailed {
  readonly kind: 'failed';
  readonly why: string;
  readonly arrived: boolean;
}

/** What came of a request. */
export type HttpAnswer = HttpAnswered | HttpFailed;

/** The port to REST: subscribing sends, one answer follows, then the end; unsubscribing aborts. Never errors and never retries. */
export type Http = (request: HttpRequest) => Observable<HttpAnswer>;

import type { Observable } from 'rxjs';

/** One whole request. `timeoutMs` limits the time from sending it to the last byte of the answer. */
export interface HttpRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
  readonly timeoutMs: number;
}

/** The venue answered, with any status. */
export interface HttpAnswered {
  readonly kind: 'answered';
  readonly status: number;
  readonly text: string;
}

/**
 * There was no answer: the connection was refused or reset, or time ran out. The venue may still have acted
 * on the request, unless `arrived` is false.
 */
export interface HttpFailed {
  readonly kind: 'failed';
  readonly why: string;
  readonly arrived: boolean;
}

/** The result of a request. */
export type HttpAnswer = HttpAnswered | HttpFailed;

/**
 * The port for REST. Subscribing sends the request; one answer follows, then the stream completes.
 * Unsubscribing aborts. It never errors and never retries.
 */
export type Http = (request: HttpRequest) => Observable<HttpAnswer>;

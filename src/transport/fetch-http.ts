import { Observable } from 'rxjs';
import type { Http, HttpAnswer } from './http.ts';

/** Error codes that prove that nothing of the request was sent. */
const NEVER_SENT: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ENETUNREACH',
  'EHOSTUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
]);

/**
 * The fields of an error of `fetch` that are read. `instanceof` is no help, because the platform's error
 * classes may differ from ours.
 */
interface Thrown {
  readonly name?: unknown;
  readonly message?: unknown;
  readonly code?: unknown;
  readonly cause?: unknown;
}

const fieldsOf = (thrown: unknown): Thrown => (typeof thrown === 'object' && thrown !== null ? thrown : {});

const failureOf = (thrown: unknown, timeoutMs: number): HttpAnswer => {
  const { name, cause } = fieldsOf(thrown);
  if (name === 'TimeoutError')
    return { kind: 'failed', why: `no answer within ${timeoutMs} ms`, arrived: true };
  const inner = cause ?? thrown;
  const { message, code, name: innerName } = fieldsOf(inner);
  return {
    kind: 'failed',
    why: String(message || code || innerName || inner),
    arrived: typeof code !== 'string' || !NEVER_SENT.has(code),
  };
};

/**
 * REST through the platform's `fetch`. Redirects are not followed, because a signature is valid for one path
 * only.
 */
export const fetchHttp =
  (): Http =>
  ({ method, url, headers, body, timeoutMs }) =>
    new Observable((to) => {
      const abort = new AbortController();
      const limit = AbortSignal.timeout(timeoutMs);
      const ask = async (): Promise<HttpAnswer> => {
        try {
          const response = await fetch(url, {
            method,
            headers,
            redirect: 'manual',
            signal: AbortSignal.any([abort.signal, limit]),
            ...(body !== undefined && { body }),
          });
          return { kind: 'answered', status: response.status, text: await response.text() };
        } catch (cause) {
          return failureOf(cause, timeoutMs);
        }
      };
      void ask().then((answer) => {
        to.next(answer);
        to.complete();
      });
      return () => abort.abort();
    });

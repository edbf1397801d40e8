import { Observable } from 'rxjs';
import type { Http, HttpAnswer } from './http.ts';

/** Errors at which not one byte of the request can have left. */
const NEVER_SENT: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ENETUNREACH',
  'EHOSTUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
]);

const codeOf = (cause: unknown): string | undefined =>
  typeof cause === 'object' && cause !== null && 'code' in cause && typeof cause.code === 'string'
    ? cause.code
    : undefined;

const failureOf = (cause: unknown, timeoutMs: number): HttpAnswer => {
  const inner = cause instanceof Error && cause.cause !== undefined ? cause.cause : cause;
  if (cause instanceof Error && cause.name === 'TimeoutError')
    return { kind: 'failed', why: `no answer within ${timeoutMs} ms`, arrived: true };
  const code = codeOf(inner);
  const why = inner instanceof Error ? inner.message || (code ?? inner.name) : String(inner);
  return { kind: 'failed', why, arrived: code === undefined || !NEVER_SENT.has(code) };
};

/** REST through the platform's `fetch`. Redirects are not followed: a signature is good for one path. */
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

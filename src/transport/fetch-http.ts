import { Observable } from 'rxjs';
import type { Http, HttpAnswer } from './http.ts';
import { MOST_CHARACTERS } from './json-bounds.ts';

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
 * Reads a body of at most `mostBytes` (after decompression) as text. A longer one is undefined, and no more of
 * it is received.
 */
async function boundedText(response: Response, mostBytes: number): Promise<string | undefined> {
  if (!response.body) return '';
  const decoder = new TextDecoder();
  let text = '';
  let bytes = 0;
  for await (const chunk of response.body as AsyncIterable<Uint8Array>) {
    bytes += chunk.byteLength;
    // Leaving the loop cancels the body.
    if (bytes > mostBytes) return undefined;
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}

/**
 * REST through the platform's `fetch`. Redirects are not followed, because a signature is valid for one path
 * only. A body above `mostBytes` is a failure; the default is what the codecs read.
 */
export const fetchHttp =
  ({ mostBytes = MOST_CHARACTERS }: { readonly mostBytes?: number } = {}): Http =>
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
          const text = await boundedText(response, mostBytes);
          return text === undefined
            ? { kind: 'failed', why: `the body is longer than ${mostBytes} bytes`, arrived: true }
            : { kind: 'answered', status: response.status, text };
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

import { request } from 'node:http';

/** What came of asking a process on its socket. `silent`: something holds the socket and does not answer. */
export type Asked =
  | { readonly kind: 'answered'; readonly status: number; readonly body: Readonly<Record<string, unknown>> }
  | { readonly kind: 'absent' | 'silent'; readonly why: string };

/** One request. A `GET` has no reason. */
export interface Asking {
  readonly socketPath: string;
  readonly token: string;
  readonly name: string;
  readonly reason?: string | undefined;
  /**
   * A process that does not say within this that it has begun is silent; by default a second, in
   * milliseconds.
   */
  readonly beginMs?: number;
}

/** A process whose loop runs says within this that it has begun, even if the act takes longer. */
const BEGIN_MS = 1_000;
/** An act that has begun may take so long: the cancelling gives up after a minute. */
const END_MS = 90_000;
const MOST_CHARACTERS = 1 << 20;
const ABSENT: ReadonlySet<string | undefined> = new Set(['ENOENT', 'ECONNREFUSED', 'ENOTSOCK']);

/** Asks the process that listens on a Unix socket. It never rejects. */
export const askSocket = ({ socketPath, token, name, reason, beginMs = BEGIN_MS }: Asking): Promise<Asked> =>
  new Promise((resolve) => {
    const sent = request({
      socketPath,
      method: reason === undefined ? 'GET' : 'POST',
      path: `/${name}`,
      headers: { authorization: `Bearer ${token}`, connection: 'close' },
    });
    const silent = (spanMs: number): NodeJS.Timeout =>
      setTimeout(() => end({ kind: 'silent', why: `no answer within ${spanMs / 1_000} s` }), spanMs);
    let limit = silent(beginMs);
    const end = (asked: Asked): void => {
      clearTimeout(limit);
      resolve(asked);
      sent.destroy();
    };
    const goOn = (): void => {
      clearTimeout(limit);
      limit = silent(END_MS);
    };
    sent.on('information', goOn);
    sent.on('error', ({ code, message }: NodeJS.ErrnoException) =>
      end({ kind: ABSENT.has(code) ? 'absent' : 'silent', why: message }),
    );
    sent.on('response', (answer) => {
      let text = '';
      answer.setEncoding('utf8');
      answer.on('data', (chunk: string) => {
        text += chunk;
        if (text.length > MOST_CHARACTERS) end({ kind: 'silent', why: 'the answer has no end' });
      });
      answer.on('error', ({ message }) => end({ kind: 'silent', why: message }));
      answer.on('end', () => {
        try {
          const body = JSON.parse(text) as Readonly<Record<string, unknown>>;
          end({ kind: 'answered', status: answer.statusCode ?? 0, body });
        } catch {
          end({ kind: 'silent', why: 'the answer is no JSON' });
        }
      });
    });
    sent.end(reason === undefined ? undefined : JSON.stringify({ reason }));
  });

import { defer, from, type Observable } from 'rxjs';

/**
 * A venue's time from the headers of an HTTP answer: it was within [`fromMillis`, `untilMillis`) when the
 * answer was made.
 */
export type DateAnswer =
  | {
      readonly kind: 'dated';
      readonly fromMillis: number;
      readonly untilMillis: number;
      readonly sentMillis: number;
      readonly receivedMillis: number;
    }
  | { readonly kind: 'failed'; readonly why: string };

/** Reads the `Date` header, which `Http` does not give. Emits one answer and never errors. */
export type AskDate = (url: string) => Observable<DateAnswer>;

const TIMEOUT_MS = 6_000;
const SECOND_MS = 1_000;

const failed = (why: string): DateAnswer => ({ kind: 'failed', why });

/**
 * `AskDate` by the platform's `fetch`. In an answer from a cache, `Age` is how long ago its `Date` was (RFC
 * 9111 §5.1). Both are whole seconds.
 */
export const fetchDate =
  (wallMillis: () => number): AskDate =>
  (url) =>
    defer(() => {
      const read = async (): Promise<DateAnswer> => {
        try {
          const sentMillis = wallMillis();
          const { headers, body } = await fetch(url, {
            redirect: 'manual',
            signal: AbortSignal.timeout(TIMEOUT_MS),
          });
          const receivedMillis = wallMillis();
          await body?.cancel();
          const date = Date.parse(headers.get('date') ?? '');
          if (Number.isNaN(date)) return failed('the answer has no Date header');
          const age = headers.get('age');
          const fromMillis = date + Number(age ?? 0) * SECOND_MS;
          if (!Number.isFinite(fromMillis)) return failed(`the answer’s Age is no number, was ${age}`);
          return {
            kind: 'dated',
            fromMillis,
            untilMillis: fromMillis + (age === null ? SECOND_MS : 2 * SECOND_MS),
            sentMillis,
            receivedMillis,
          };
        } catch (cause) {
          // `fetch` puts the reason into the cause of its error.
          const { message, cause: inner } = cause as {
            readonly message: string;
            readonly cause?: Partial<Error>;
          };
          return failed(inner?.message || message);
        }
      };
      return from(read());
    });

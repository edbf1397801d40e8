import { withoutSecrets } from '../../transport/without-secrets.ts';
import { readError } from '../../venues/kalshi/read-error.ts';
import { fail, type Verdict, warn } from './verdict.ts';

const SERVER_ERROR = 500;
const TOO_MANY = 429;
/**
 * The code for a body that is not in Kalshi's format, such as a proxy's. Its 401 would say nothing about our
 * key.
 */
const UNREADABLE = 'unreadable';

/**
 * The verdict on an HTTP status that is not a success. For a 401, Kalshi's reason decides what to do next;
 * `hint` is for statuses without an explanation.
 */
export function explainRefusal(status: number, text: string, hint: string): Verdict {
  // Remove secrets before `readError` cuts the text: half a signature could not be recognised.
  const { code, details, why } = readError(status, withoutSecrets(text));
  const found = [`${status} ${code}`, ...(details ? [details] : [])].join(': ');
  if (status === TOO_MANY) return warn(found, 'asked too often: wait a minute and run this again');
  if (status >= SERVER_ERROR) return fail(found, 'the venue is in trouble: wait and run this again');
  return fail(
    found,
    code !== UNREADABLE && why.startsWith(`${found}: `) ? why.slice(found.length + 2) : hint,
  );
}

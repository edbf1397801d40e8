import { readError } from '../../venues/kalshi/read-error.ts';
import { fail, type Verdict, warn } from './verdict.ts';
import { withoutSecrets } from './without-secrets.ts';

const SERVER_ERROR = 500;
const TOO_MANY = 429;
/** The code of a body in no shape of Kalshi's: a proxy's, say, whose 401 tells nothing of our key. */
const UNREADABLE = 'unreadable';

/** The verdict on an HTTP status that is no success, with Kalshi's reasons of a 401 as what to do next. `hint` is for statuses that explain nothing. */
export function explainRefusal(status: number, text: string, hint: string): Verdict {
  // Before `readError` cuts the text, after which half a signature could not be told from a word.
  const { code, details, why } = readError(status, withoutSecrets(text));
  const found = [`${status} ${code}`, ...(details ? [details] : [])].join(': ');
  if (status === TOO_MANY) return warn(found, 'asked too often: wait a minute and run this again');
  if (status >= SERVER_ERROR) return fail(found, 'the venue is in trouble: wait and run this again');
  return fail(
    found,
    code !== UNREADABLE && why.startsWith(`${found}: `) ? why.slice(found.length + 2) : hint,
  );
}

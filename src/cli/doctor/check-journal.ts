import type { Verified } from '../../execution/journal/verify-journal.ts';
import { fail, ok, type Verdict } from './verdict.ts';

/**
 * Whether the account's journal is whole. `verified` is what was found in `path`, or undefined if the account
 * has none yet.
 */
export function checkJournal(path: string, verified: Verified | undefined): Verdict {
  if (verified === undefined) return ok('none yet: the first live lane begins it');
  if (verified.kind === 'broken')
    return fail(
      `${path}: ${verified.why}`,
      'keep the file as it is and compare the account at kalshi.com with it; docs/live.md, "The journal is broken", says how to go on',
    );
  return ok(
    `${verified.rows} rows, none changed${verified.sealed ? '' : '; not closed regularly, or in use now'}`,
  );
}

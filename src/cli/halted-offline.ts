import { existsSync } from 'node:fs';
import { type Halted, readHalted } from '../execution/journal/halted-file.ts';
import { readJournal } from '../execution/journal/read-journal.ts';
import type { LiveState } from './live-state.ts';

const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

/** The halt that the journal ends in; undefined if it was resumed since, or never halted. */
function lastHalt(path: string): Halted | undefined {
  if (!existsSync(path)) return undefined;
  let last: { readonly at: number; readonly body: string } | undefined;
  try {
    for (const { kind, at, body } of readJournal(path)) {
      if (kind === 'halt') last = { at, body };
      if (kind === 'resume') last = undefined;
    }
    if (!last) return undefined;
    const body = JSON.parse(last.body) as Readonly<Record<string, unknown>>;
    return {
      at: last.at,
      by: textOf(body['by']) ?? 'the journal',
      reason: textOf(body['reason']) ?? 'the journal gives no reason',
    };
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    return {
      at: last?.at ?? 0,
      by: 'the journal',
      reason: `${path} cannot be read (${why}): whether it is halted is not known, and so it counts as halted`,
    };
  }
}

/**
 * Whether an account without a running lane is halted, by `halted.json` or by the journal; undefined if it is
 * not.
 */
export const haltedOffline = (files: LiveState): Halted | undefined =>
  readHalted(files.halted) ?? lastHalt(files.journal);

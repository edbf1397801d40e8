import { appendFileSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { appendTrial, type NewEntry, readLedger, trialsOf } from '../../pipelines/research/ledger.ts';
import { tempFolder } from '../support/temp-folder.ts';
import '../support/properties.ts';

const root = tempFolder();
const trial = (id: string, of: Partial<NewEntry> = {}): NewEntry => ({
  state: 'ended',
  id,
  name: id,
  mark: '',
  from: '2026-05-13T00:00:00.000Z',
  until: '2026-05-13T06:00:00.000Z',
  sharpe: 0.1,
  hours: 6,
  totalDollars: 1,
  decisionSha256: null,
  ...of,
});
const ledgerOf = (entries: readonly NewEntry[]): string => {
  const path = join(mkdtempSync(join(root, 'ledger-')), 'trials.ndjson');
  for (const entry of entries) appendTrial(path, entry);
  return path;
};
const names = (entries: readonly { readonly id: string }[]): readonly string[] => entries.map(({ id }) => id);

describe('the ledger of trials', () => {
  test('property: what is appended is read, and a line that is taken away or changed is told unless it was the last', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ minLength: 1, maxLength: 8 }), { minLength: 2, maxLength: 6 }),
        fc.nat(),
        fc.boolean(),
        (ids, at, takenAway) => {
          const path = ledgerOf(ids.map((id) => trial(id)));
          expect(readLedger(path)).toMatchObject({ doubt: undefined, entries: ids.map((id) => ({ id })) });
          const lines = readFileSync(path, 'utf8').split('\n').filter(Boolean);
          const which = at % (lines.length - 1);
          const harmed = lines.flatMap((line, i) =>
            i !== which ? [line] : takenAway ? [] : [line.replace('"hours":6', '"hours":7')],
          );
          writeFileSync(path, `${harmed.join('\n')}\n`);
          expect(readLedger(path).doubt).toContain('does not go on');
        },
      ),
      { numRuns: 30 },
    );
  });

  test('a line that was torn by a kill is told, stays, and the next trial has a line of its own', () => {
    const path = ledgerOf([trial('a')]);
    appendFileSync(path, '{"n":2,"state":"beg');
    appendTrial(path, trial('b'));
    const { entries, doubt } = readLedger(path);
    expect(names(entries)).toEqual(['a', 'b']);
    expect(doubt).toContain('trials.ndjson:2 cannot be read');
  });

  test('a trial counts once, those that decided alike as one, and one that never ended for every time', () => {
    const path = ledgerOf([
      trial('a', { state: 'began', from: null, until: null, sharpe: null }),
      trial('a', { decisionSha256: 'x' }),
      trial('b', { decisionSha256: 'x' }),
      trial('broken', { state: 'began', from: null, until: null, sharpe: null }),
      trial('later', { from: '2026-06-01T00:00:00.000Z', until: '2026-06-02T00:00:00.000Z' }),
      trial('emulated', { mark: 'SIMULATED' }),
    ]);
    const { entries, doubt } = readLedger(path);
    expect(doubt).toBeUndefined();
    expect(names(trialsOf(entries))).toEqual(['b', 'broken', 'later', 'emulated']);
    const over = { mark: '', from: '2026-05-13T05:00:00.000Z', until: '2026-05-14T00:00:00.000Z' };
    expect(names(trialsOf(entries, over))).toEqual(['b', 'broken']);
  });

  test('a ledger that is not there is empty', () => {
    expect(readLedger(join(root, 'none.ndjson'))).toEqual({ entries: [], doubt: undefined });
  });
});

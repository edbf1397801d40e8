import { mkdirSync, mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { retain } from '../../../src/telemetry/store/retain.ts';
import { stemOf } from '../../../src/telemetry/store/segment-names.ts';
import { tempFolder } from '../../support/temp-folder.ts';

const NOW = 1_780_000_000_000;
const DAY = 86_400_000;

describe('what a store keeps', () => {
  const root = tempFolder();

  test('is the newest that fits, never what is being written or is not its own', () => {
    const stretch = fc.record({
      ageDays: fc.integer({ min: 0, max: 40 }),
      bytes: fc.integer({ min: 0, max: 500 }),
      kind: fc.constantFrom('parquet', 'ndjson', 'part', 'busy'),
    });
    fc.assert(
      fc.property(
        fc.array(stretch, { maxLength: 12 }),
        fc.integer({ min: 0, max: 3000 }),
        (given, keepBytes) => {
          const folder = mkdtempSync(join(root, 'kept-'));
          // Numbered from the oldest on.
          const all = [...given]
            .sort((one, other) => other.ageDays - one.ageDays)
            .map((each, i) => ({ ...each, stem: stemOf(NOW - each.ageDays * DAY, i) }));
          for (const { stem, bytes, kind } of all) {
            const text = 'x'.repeat(bytes);
            if (kind === 'parquet') {
              mkdirSync(join(folder, `${stem}.parquet`));
              writeFileSync(join(folder, `${stem}.parquet`, 'refusal.parquet'), text);
            } else writeFileSync(join(folder, `${stem}.ndjson${kind === 'part' ? '.part' : ''}`), text);
          }
          writeFileSync(join(folder, 'points.txt'), 'x'.repeat(5000));
          const busy = new Set(all.filter(({ kind }) => kind === 'busy').map(({ stem }) => stem));

          // The rule told the other way around: what is kept, from the total down.
          const expected: string[] = [];
          let total = all.reduce((sum, { bytes }) => sum + bytes, 0);
          for (const { stem, bytes, kind, ageDays } of all) {
            const held = kind === 'part' || kind === 'busy';
            if (held || (ageDays <= 30 && total <= keepBytes)) expected.push(stem);
            else total -= bytes;
          }
          const { bytes } = retain(folder, { keepBytes, keepDays: 30 }, NOW, busy);
          const left = readdirSync(folder).filter((name) => name !== 'points.txt');
          expect(left.map((name) => name.split('.')[0]).sort()).toEqual([...expected].sort());
          expect(bytes).toBe(total);
          expect(readdirSync(folder)).toContain('points.txt');
        },
      ),
      { numRuns: 60 },
    );
  });
});

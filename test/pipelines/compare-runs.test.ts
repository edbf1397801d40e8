import { mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { compareRuns } from '../../pipelines/research/compare-runs.ts';
import { type RunFiles, runsIn } from '../../pipelines/run/run-files.ts';
import { comparisonLines } from '../../src/cli/commands/compare.ts';
import { HOUR, MINUTE } from '../../src/domain/time.ts';
import { decisionLine } from '../../src/telemetry/decision-line.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { decisionAt } from '../telemetry/samples.ts';
import '../support/properties.ts';

const root = tempFolder();
const CLOSE_AT = Date.parse('2026-06-01T14:00:00Z') * 1_000;

interface Made {
  readonly failing: readonly string[];
  readonly inputs?: string;
}
/** A run of one decision a minute and one fill an hour, whose settlement pays `profits` less the price. */
const run = (decisions: readonly Made[], profits: readonly number[] = [], madeOf?: object): RunFiles => {
  const folder = mkdtempSync(join(root, 'run-'));
  const write = (name: string, lines: readonly string[]): void =>
    writeFileSync(join(folder, name), lines.map((line) => `${line}\n`).join(''));
  write(
    'decisions.ndjson',
    decisions.map(({ failing, inputs = 'aaaaaaaa' }, i) =>
      decisionLine({ ...decisionAt(CLOSE_AT + i * MINUTE, failing), id: i + 1, inputs }),
    ),
  );
  write(
    'fills.ndjson',
    profits.flatMap((profit, hour) => {
      const ticker = `H${hour}`;
      const at = CLOSE_AT + hour * HOUR;
      const side = profit > 0 ? 'bid' : 'ask';
      // One YES of $0.50 that pays a dollar, or one NO of it that pays nothing: ± $0.50 a contract.
      return [
        JSON.stringify({
          kind: 'fill',
          ticker,
          at,
          side,
          priceTicks: 5_000,
          count: 200 * Math.abs(profit),
          taker: true,
          fee: 0,
        }),
        JSON.stringify({ kind: 'settlement', ticker, at, result: 'yes' }),
      ];
    }),
  );
  if (madeOf)
    write('provenance.json', [
      JSON.stringify({ version: '1', node: 'v20', tapes: [], models: [], settings: {}, ...madeOf }),
    ]);
  const [made] = runsIn(folder);
  if (!made) throw new Error('no run');
  return made;
};
const passing: Made = { failing: [] };
const refusing: Made = { failing: ['edge'] };

describe('compareRuns', () => {
  test('property: runs part at the first line that differs, or where the shorter one ends', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.boolean(), { minLength: 1, maxLength: 8 }),
        fc.array(fc.boolean(), { minLength: 1, maxLength: 8 }),
        async (one, other) => {
          const of = (list: readonly boolean[]) => run(list.map((pass) => (pass ? passing : refusing)));
          const longest = Math.max(one.length, other.length);
          const differs = Array.from({ length: longest }, (_, i) => one[i] !== other[i]).indexOf(true);
          const { alike, parting } = await compareRuns(of(one), of(other));
          expect(alike).toBe(differs === -1 ? one.length : differs);
          expect(parting?.line).toBe(differs === -1 ? undefined : differs + 1);
          expect(parting?.first?.id).toBe(differs === -1 || differs >= one.length ? undefined : differs + 1);
        },
      ),
      { numRuns: 40 },
    );
  });

  test('equal inputs blame what the runs were made of, and others the frames', async () => {
    const [first, second] = [
      run([passing], [], { settings: { risk: { edgeMinDollars: 0 } } }),
      run([refusing], [], { settings: { risk: { edgeMinDollars: 0.02 } }, version: '2' }),
    ];
    const compared = await compareRuns(first, second);
    expect(compared.parting).toMatchObject({ line: 1, sameInputs: true });
    expect(compared.madeOf).toEqual([
      'version was "1", now "2"',
      'settings.risk.edgeMinDollars was 0, now 0.02',
    ]);
    const text = comparisonLines(compared).join('\n');
    expect(text).toContain('what they were made of makes the difference');
    expect(text).toContain('settings.risk.edgeMinDollars was 0, now 0.02');
    const otherFrames = await compareRuns(run([passing]), run([{ ...refusing, inputs: 'bbbbbbbb' }]));
    expect(otherFrames.parting?.sameInputs).toBe(false);
    expect(comparisonLines(otherFrames).join('\n')).toContain('the frames differ');
  });

  test('the difference of profit is of hours of either, and says whether it covers zero', async () => {
    const compared = await compareRuns(run([passing], [1, -1, 1, 1]), run([passing], [2, 1, 2, 3]));
    expect(compared).toMatchObject({ alike: 1, parting: undefined, firstDollars: 2, secondDollars: 8 });
    expect(compared.difference).toMatchObject({ total: 6, blocks: 4 });
    expect(compared.difference.low).toBeGreaterThan(0);
    expect(comparisonLines(compared)[0]).toContain('The runs decide alike');
    expect(comparisonLines(compared).at(-1)).toContain('does not cover zero');
    const few = await compareRuns(run([passing], [1]), run([passing], [2]));
    expect(comparisonLines(few).at(-1)).toContain('too few hours');
  });
});

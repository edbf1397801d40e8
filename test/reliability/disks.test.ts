import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import type { Frame } from '../../src/domain/frame.ts';
import type { TapeProblem } from '../../src/tape/problem.ts';
import { readTape } from '../../src/tape/read.ts';
import { openRecorder, type TapeIndexLine } from '../../src/tape/recorder.ts';
import { type DiskWrite, failingDisk } from '../support/failing-disk.ts';
import { random } from '../support/random.ts';
import { startVoltage } from '../support/started-voltage.ts';
import { tally } from '../support/tally.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { voltage } from '../support/voltage.ts';

const root = tempFolder();
const RUNS = Number(process.env['RELIABILITY_RUNS'] ?? 1);
const SEED = 20_261_128;
const sha256 = (path: string): string => createHash('sha256').update(readFileSync(path)).digest('hex');

describe('a full disk', () => {
  test('a recorder on one that is full now and then keeps whole blocks, claims no more, and throws', async () => {
    const { uniform } = random(SEED);
    const tried = 100 * RUNS;
    const costs: string[] = [];
    let lost = 0;
    for (let run = 0; run < tried; run++) {
      const folder = mkdtempSync(join(root, 'full-'));
      const before = costs.length;
      let failed = false;
      const next = (): DiskWrite => {
        const chance = uniform();
        if (chance < 0.5) return { kind: 'whole' };
        if (chance < 0.9) return { kind: 'short', part: uniform() };
        failed = true;
        return { kind: 'full', part: uniform() };
      };
      const recorder = openRecorder({
        folder,
        session: 's',
        blockChars: 300,
        blockMs: 1e9,
        openFile: failingDisk(next),
      });
      const given: Frame[] = [];
      let thrown = false;
      try {
        for (let i = 0; i < 40; i++) {
          const frame: Frame = {
            kind: 'wire',
            at: 1_778_477_400_000_000 + i,
            venue: 'kraken',
            text: `{"i":${i}}`,
          };
          recorder.add([frame]);
          given.push(frame);
          await new Promise((done) => setImmediate(done));
        }
        await recorder.close();
      } catch {
        thrown = true;
        await recorder.close().catch(() => {});
      }
      const read: Frame[] = [];
      const problems: TapeProblem[] = [];
      const tape = join(folder, 's-0001.tape.gz');
      if (existsSync(tape))
        for await (const batch of readTape(tape, (problem) => problems.push(problem))) read.push(...batch);
      if (thrown !== failed) costs.push(`run ${run}: thrown ${thrown}, failed ${failed}`);
      if (problems.length > 0) costs.push(`run ${run}: the tape is damaged`);
      if (JSON.stringify(read) !== JSON.stringify(given.slice(0, read.length)))
        costs.push(`run ${run}: other frames`);
      if (!failed && read.length !== given.length) costs.push(`run ${run}: frames are missing`);
      const index = join(folder, 'INDEX.ndjson');
      for (const line of existsSync(index) ? readFileSync(index, 'utf8').split('\n').filter(Boolean) : []) {
        const { sha256: claimed, bytes, frames } = JSON.parse(line) as TapeIndexLine;
        if (claimed !== sha256(tape) || bytes !== statSync(tape).size || frames !== read.length)
          costs.push(`run ${run}: the index claims what is not there`);
      }
      if (costs.length > before) lost++;
    }
    tally({ kind: 'full disks under a recorder', tried, survived: tried - lost, lost });
    expect(costs).toEqual([]);
  });

  test('a backtest whose files may not grow further ends with the reason, and leaves only whole lines that say they are incomplete', async () => {
    const { uniform } = random(SEED);
    const folder = mkdtempSync(join(root, 'limit-'));
    const tape = join(folder, 'market.tape.gz');
    expect(voltage(['generate', '--minutes', '3', '--seed', 'disks', '--out', tape]).code).toBe(0);
    const whole = join(folder, 'whole');
    expect(voltage(['backtest', tape, '--out', whole, '--json']).code).toBe(0);
    const length = statSync(join(whole, 'decisions.ndjson')).size;
    const tried = 2 * RUNS;
    const costs: string[] = [];
    let lost = 0;
    for (let run = 0; run < tried; run++) {
      const before = costs.length;
      const out = join(folder, `run-${run}`);
      // In units of 512 bytes or of 1,024, as the shell has it: below the length in either.
      const blocks = Math.max(8, Math.floor((uniform() * length) / 1_024) - 8);
      const { code, stderr } = await startVoltage(
        [],
        [
          'sh',
          '-c',
          `ulimit -f ${blocks}; exec "$0" dist/src/cli/main.js backtest "$1" --out "$2" --json`,
          process.execPath,
          tape,
          out,
        ],
      ).ended;
      if (code !== 1) costs.push(`run ${run}: it ended with ${code}`);
      if (!/EFBIG|ENOSPC/.test(stderr)) costs.push(`run ${run}: it said ${stderr}`);
      const names = readdirSync(out);
      if (names.includes('decisions.ndjson')) costs.push(`run ${run}: an incomplete file has its final name`);
      if (names.some((name) => /\.(part|lock)$/.test(name)))
        costs.push(`run ${run}: it leaves ${names.join(', ')}`);
      const text = readFileSync(join(out, 'decisions.incomplete.ndjson'), 'utf8');
      if (!readFileSync(join(whole, 'decisions.ndjson'), 'utf8').startsWith(text) || !text.endsWith('\n'))
        costs.push(`run ${run}: its lines are others`);
      const summary = JSON.parse(readFileSync(join(out, 'summary.json'), 'utf8')) as Record<string, unknown>;
      if (!/EFBIG|ENOSPC/.test(String(summary['incomplete'])))
        costs.push(`run ${run}: its summary does not say why`);
      if (summary['decisionSha256'] !== sha256(join(out, 'decisions.incomplete.ndjson')))
        costs.push(`run ${run}: its hash is not the file’s`);
      if (costs.length > before) lost++;
    }
    tally({ kind: 'full disks during a backtest', tried, survived: tried - lost, lost });
    expect(costs).toEqual([]);
  });
});

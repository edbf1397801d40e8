import {
  copyFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import type { BacktestSummary } from '../../pipelines/lanes/backtest.ts';
import type { RecordSummary } from '../../pipelines/lanes/record.ts';
import type { Frame } from '../../src/domain/frame.ts';
import type { TapeProblem } from '../../src/tape/problem.ts';
import { readTape } from '../../src/tape/read.ts';
import type { TapeIndexLine } from '../../src/tape/recorder.ts';
import { tapeFiles } from '../../src/tape/sessions.ts';
import { grown } from '../support/grown.ts';
import { type Started, startVoltage } from '../support/started-voltage.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { until } from '../support/until.ts';
import { lastJson, voltage } from '../support/voltage.ts';

const root = tempFolder();
const config = join(root, 'live.json');
const recorders: Started[] = [];
const emulation = startVoltage(['emulate', '--config', dense({ strikes: 9 })]);

/** Settings of a market that says much, as a file. */
function dense(emulator: Readonly<Record<string, unknown>>): string {
  const file = join(mkdtempSync(join(root, 'config-')), 'dense.json');
  writeFileSync(file, JSON.stringify({ emulator: { density: 10, historyMinutes: 20, ...emulator } }));
  return file;
}

beforeAll(async () => {
  const { krakenWs, krakenRest, kalshiWs, kalshiRest, kalshiKeyId, kalshiPrivateKeyPath } = JSON.parse(
    await emulation.firstLine,
  ) as Readonly<Record<string, string>>;
  writeFileSync(
    config,
    JSON.stringify({
      kraken: { wsUrl: krakenWs, restUrl: krakenRest },
      kalshi: {
        wsUrl: kalshiWs,
        restUrl: kalshiRest,
        keyId: kalshiKeyId,
        privateKeyPath: kalshiPrivateKeyPath,
      },
    }),
  );
});
afterAll(async () => {
  emulation.kill('SIGTERM');
  await emulation.ended;
});

// Those that a failed test left behind.
afterEach(async () => {
  for (const { end } of recorders.splice(0)) await end();
});

interface Read {
  readonly frames: readonly Frame[];
  readonly wires: number;
  readonly problems: readonly TapeProblem[];
}

const readTapes = async (...paths: readonly string[]): Promise<Read> => {
  const frames: Frame[] = [];
  const problems: TapeProblem[] = [];
  for (const { path } of await tapeFiles(paths))
    for await (const batch of readTape(path, (problem) => problems.push(problem))) frames.push(...batch);
  return { frames, wires: frames.filter(({ kind }) => kind === 'wire').length, problems };
};
const tapesOf = (folder: string): readonly string[] =>
  existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.tape.gz')) : [];
const indexOf = (folder: string): readonly TapeIndexLine[] =>
  existsSync(join(folder, 'INDEX.ndjson'))
    ? readFileSync(join(folder, 'INDEX.ndjson'), 'utf8')
        .split('\n')
        // The last line may be half written while the recording goes on.
        .slice(0, -1)
        .map((line) => JSON.parse(line) as TapeIndexLine)
    : [];

/** Starts `voltage record` and gives it back once `enough` is on the disk; the caller ends it. */
async function recording(words: readonly string[], enough: (folder: string) => boolean | Promise<boolean>) {
  const folder = join(mkdtempSync(join(root, 'tapes-')), 'out');
  const command = startVoltage(['record', '--out', folder, '--json', ...words]);
  recorders.push(command);
  let over = false;
  const ended = command.ended.then((end) => {
    over = true;
    return end;
  });
  const more = grown(folder);
  await until('enough on the disk', async () => over || (more() && (await enough(folder))));
  if (over) throw new Error(`voltage record ended too early: ${JSON.stringify(await ended)}`);
  return { folder, kill: command.kill, ended };
}
const live = ['--config', config];
/** True once some blocks with frames of both venues can be read back. */
const some = async (folder: string): Promise<boolean> =>
  tapesOf(folder).length > 0 &&
  (await readTapes(folder).then(
    ({ frames, wires }) =>
      wires > 300 &&
      ['kraken', 'kalshi'].every((name) => frames.some((f) => f.kind === 'wire' && f.venue === name)),
    () => false,
  ));
const backtested = (...paths: readonly string[]): BacktestSummary => {
  const ended = voltage(['backtest', ...paths, '--json']);
  // What it said is the reason, and a matcher would not show it.
  if (ended.code !== 0) throw new Error(`voltage backtest ended with ${ended.code}: ${ended.stderr}`);
  return lastJson<BacktestSummary>(ended);
};

/**
 * Minutes by default. A megabyte takes a market that keeps a core busy for most of a minute, and is there when
 * `RELIABILITY_RUNS` multiplies the campaigns; by bytes on the disk `test/tape/recorder.test.ts` rotates each time.
 */
const ROTATIONS = [
  ['--rotate-minutes', 4, 1, 0],
  ...(Number(process.env['RELIABILITY_RUNS'] ?? 1) > 1
    ? ([['--rotate-megabytes', 60, 10, 1 << 20]] as const)
    : []),
] as const;

describe('voltage record', () => {
  test('killed in the middle leaves tapes that read and replay up to the last block', async () => {
    const { folder, kill, ended } = await recording(live, some);
    const before = await readTapes(folder);
    kill('SIGKILL');
    expect((await ended).code).toBeNull();
    const { frames, wires, problems } = await readTapes(folder);
    expect(frames.slice(0, before.frames.length)).toEqual(before.frames);
    // The kill may have come within the write of a block: that one is lost, and said.
    expect(problems.filter(({ kind }) => kind !== 'damaged')).toEqual([]);
    expect(problems.length).toBeLessThanOrEqual(1);
    expect(indexOf(folder)).toEqual([]);
    expect(backtested(folder)).toMatchObject({
      frames: wires,
      rejectedFrames: 0,
      badLines: 0,
      kraken: { checksumsFailed: 0 },
      kalshi: { sequenceGaps: 0 },
    });
  });

  test.each(['SIGTERM', 'SIGINT'] as const)(
    '%s ends it cleanly: exit 0, a summary, and an index that names each file with its frames and span',
    async (signal) => {
      const { folder, kill, ended } = await recording(live, some);
      kill(signal);
      const end = await ended;
      expect(end.code).toBe(0);
      const summary = lastJson<RecordSummary>(end);
      const { frames, wires, problems } = await readTapes(folder);
      expect(problems).toEqual([]);
      expect(summary).toMatchObject({
        lane: 'record',
        frames: wires,
        shedFrames: { kraken: 0, kalshi: 0 },
        recorded: { frames: frames.length, files: 1, lostFrames: 0 },
        kraken: { checksumsFailed: 0 },
        kalshi: { sequenceGaps: 0 },
      });
      const [file = ''] = tapesOf(folder);
      expect(indexOf(folder)).toMatchObject([
        {
          file,
          session: summary.session,
          part: 1,
          firstAt: frames[0]?.at,
          lastAt: frames.at(-1)?.at,
          frames: frames.length,
          bytes: statSync(join(folder, file)).size,
        },
      ]);
      expect(backtested(folder)).toMatchObject({ frames: wires, until: summary.until, warnings: [] });
    },
  );

  test.each(ROTATIONS)(
    'a new tape begins after %s 1, and the parts replay as one session',
    async (flag, strikes, density, leastBytes) => {
      const busy = ['--venues', 'emulated', '--speed', '12', '--config', dense({ strikes, density })];
      const { folder, kill, ended } = await recording(
        [...busy, flag, '1'],
        (path) => indexOf(path).length > 0,
      );
      kill('SIGTERM');
      const summary = lastJson<RecordSummary>(await ended);
      const index = indexOf(folder);
      expect(index.map(({ file }) => file)).toEqual(tapesOf(folder));
      expect(index.length).toBeGreaterThan(1);
      const parts = index.map((_, i) => i + 1);
      expect(index.map(({ part }) => part)).toEqual(parts);
      expect((await tapeFiles([folder])).map(({ segment }) => segment?.part)).toEqual(parts);
      for (const { bytes } of index.slice(0, -1)) expect(bytes).toBeGreaterThan(leastBytes);
      for (const { file, firstAt, lastAt, frames: count } of index) {
        const { frames } = await readTapes(join(folder, file));
        expect([frames[0]?.at, frames.at(-1)?.at, frames.length]).toEqual([firstAt, lastAt, count]);
      }
      expect(backtested(folder)).toMatchObject({
        tapes: index.length,
        frames: summary.frames,
        rejectedFrames: 0,
        kraken: { checksumsFailed: 0 },
        kalshi: { sequenceGaps: 0 },
        warnings: [],
      });
    },
  );

  test('a tape that lost its end replays up to the cut, and console and summary say so', async () => {
    const { folder, kill, ended } = await recording(live, some);
    kill('SIGTERM');
    await ended;
    const [file = ''] = tapesOf(folder);
    const whole = await readTapes(folder);
    const size = statSync(join(folder, file)).size;
    for (const bytes of [size - 1, Math.floor(size * 0.8)]) {
      const cut = join(mkdtempSync(join(root, 'cut-')), file);
      copyFileSync(join(folder, file), cut);
      truncateSync(cut, bytes);
      const { frames, wires, problems } = await readTapes(cut);
      expect(frames).toEqual(whole.frames.slice(0, frames.length));
      expect(problems.map(({ kind }) => kind)).toEqual(['damaged']);
      const summary = backtested(cut);
      expect(summary.frames).toBe(wires);
      expect(summary.warnings).toEqual([
        expect.stringMatching(/damaged after line \d+ .*replayed up to there/),
      ]);
      expect(voltage(['backtest', cut]).stdout).toContain(`warning     ${summary.warnings[0]}`);
    }
  });

  test('a part that a crash left without a frame is left out, and the others replay', async () => {
    const { folder, kill, ended } = await recording(live, some);
    kill('SIGTERM');
    await ended;
    const { wires } = await readTapes(folder);
    const [file = ''] = tapesOf(folder);
    const begun = file.replace('0001', '0002');
    writeFileSync(join(folder, begun), readFileSync(join(folder, file)).subarray(0, 30));
    const { frames, warnings } = backtested(folder);
    expect(frames).toBe(wires);
    expect(warnings).toEqual([expect.stringContaining(`${begun}: holds no whole frame`)]);
    expect(voltage(['backtest', join(folder, begun)])).toMatchObject({ code: 1 });
  });
});

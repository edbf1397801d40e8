import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as waited } from 'node:timers/promises';
import { gunzipSync } from 'node:zlib';
import { afterEach, describe, expect, test } from '@jest/globals';
import type { Frame } from '../../src/domain/frame.ts';
import type { TapeProblem } from '../../src/tape/problem.ts';
import { readTape } from '../../src/tape/read.ts';
import type { TapeIndexLine } from '../../src/tape/recorder.ts';
import { random } from '../support/random.ts';
import { type Started, startVoltage } from '../support/started-voltage.ts';
import { tally } from '../support/tally.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { until } from '../support/until.ts';
import { lastJson, voltage } from '../support/voltage.ts';

const root = tempFolder();
const room = (): string => mkdtempSync(join(root, 'kill-'));
const RUNS = Number(process.env['RELIABILITY_RUNS'] ?? 1);
const SEED = 20_261_128;

const linesOf = (path: string): readonly string[] =>
  existsSync(path) ? readFileSync(path, 'utf8').split('\n').slice(0, -1) : [];
const isWhole = (line: string): boolean => {
  try {
    JSON.parse(line);
    return true;
  } catch {
    return false;
  }
};
const sha256 = (path: string): string => createHash('sha256').update(readFileSync(path)).digest('hex');
const tapesOf = (folder: string): readonly string[] =>
  existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.gz')) : [];
const readTapes = async (folder: string) => {
  const frames: Frame[] = [];
  const problems: TapeProblem[] = [];
  for (const name of tapesOf(folder))
    for await (const batch of readTape(join(folder, name), (problem) => problems.push(problem)))
      frames.push(...batch);
  return { frames, problems };
};
const begun: Started[] = [];
/** Starts a run that is ended with its test, whatever came. */
const start = (...given: Parameters<typeof startVoltage>): Started => {
  const run = startVoltage(...given);
  begun.push(run);
  return run;
};
afterEach(async () => {
  for (const { end } of begun.splice(0)) await end();
});
/** Kills the run, and waits until the system has taken it away. */
const killed = async (run: Started): Promise<void> => {
  run.kill('SIGKILL');
  await run.ended;
};
/** Counts the faults that cost something; what they cost is the test's failure. */
const campaign = async (
  kind: string,
  runs: number,
  one: (run: number, part: () => number) => Promise<readonly string[]>,
): Promise<void> => {
  const { uniform } = random(SEED);
  const costs: string[] = [];
  let lost = 0;
  for (let run = 0; run < runs; run++) {
    const found = await one(run, uniform);
    if (found.length > 0) lost++;
    costs.push(...found);
  }
  tally({ kind, tried: runs, survived: runs - lost, lost });
  expect(costs).toEqual([]);
};

describe('kill −9', () => {
  test('of paper trading leaves every order and fill that its tape replays to, whole lines only, and a tape that reads', async () => {
    await campaign('kills while trading on paper', RUNS, async (_, part) => {
      const folder = room();
      const [tape, out] = [join(folder, 'tape'), join(folder, 'out')];
      const run = start([
        'paper',
        '--venues',
        'emulated',
        '--speed',
        '60',
        '--record',
        tape,
        '--out',
        out,
        '--json',
      ]);
      const orders = join(out, 'SIMULATED-orders.ndjson.part');
      await until('an order', () => linesOf(orders).length > 0);
      await waited(1_000 * part());
      await killed(run);
      const { frames, problems } = await readTapes(tape);
      const settings = readdirSync(tape).find((name) => name.endsWith('.settings.json')) ?? '';
      const replayed = voltage([
        'backtest',
        tape,
        '--config',
        join(tape, settings),
        '--out',
        join(folder, 'replay'),
        '--json',
      ]);
      const want = (name: string): readonly string[] => linesOf(join(folder, 'replay', `${name}.ndjson`));
      const have = (name: string): readonly string[] => linesOf(join(out, `SIMULATED-${name}.ndjson.part`));
      const costs: string[] = [];
      if (replayed.code !== 0) costs.push(`the tape does not replay: ${replayed.stderr}`);
      if (frames.length === 0) costs.push('the tape is empty');
      if (problems.some(({ kind }) => kind !== 'damaged')) costs.push('the tape has bad lines');
      for (const name of ['orders', 'fills']) {
        if (!have(name).every(isWhole)) costs.push(`${name} has half lines`);
        // The tape lags the lane by at most its open block, so that all it replays to has happened.
        if (have(name).length < want(name).length)
          costs.push(`${name}: ${have(name).length} of ${want(name).length} lines are on the disk`);
        if (want(name).some((line, i) => line !== have(name)[i])) costs.push(`${name} are others`);
      }
      if (!have('decisions').every(isWhole)) costs.push('decisions has half lines');
      return costs;
    });
  });

  test('of a recording leaves a tape that reads up to its last block, and an index that claims no more', async () => {
    const folder = room();
    await campaign('kills while recording', RUNS, async (_, part) => {
      const out = join(folder, 'tapes');
      const run = start(['record', '--venues', 'emulated', '--speed', '12', '--out', out, '--json']);
      const before = tapesOf(out).length;
      await until('a tape', () => tapesOf(out).length > before);
      await waited(1_500 * part());
      await killed(run);
      const { problems } = await readTapes(out);
      const costs: string[] = [];
      if (problems.some(({ kind }) => kind !== 'damaged')) costs.push('the tape has bad lines');
      for (const line of linesOf(join(out, 'INDEX.ndjson'))) {
        const { file, sha256: claimed } = JSON.parse(line) as TapeIndexLine;
        if (sha256(join(out, file)) !== claimed) costs.push(`the index is wrong of ${file}`);
      }
      return costs;
    });
  });

  test('of a backtest leaves no half file under a final name, and the same folder then gives the same run', async () => {
    const folder = room();
    const tape = join(folder, 'market.tape.gz');
    expect(voltage(['generate', '--minutes', '3', '--seed', 'kills', '--out', tape]).code).toBe(0);
    const startedMs = performance.now();
    const whole = voltage(['backtest', tape, '--out', join(folder, 'whole'), '--json']);
    const tookMs = performance.now() - startedMs;
    const { decisionSha256 } = lastJson<{ decisionSha256: string }>(whole);
    await campaign('kills during a backtest', 2 * RUNS, async (run, part) => {
      const out = join(folder, `run-${run}`);
      const words = ['backtest', tape, '--out', out, '--json'];
      const first = start(words);
      await Promise.race([waited(tookMs * part()), first.ended]);
      await killed(first);
      const costs: string[] = [];
      const decisions = join(out, 'decisions.ndjson');
      if (existsSync(decisions) && sha256(decisions) !== decisionSha256)
        costs.push('half a file has its final name');
      if (!existsSync(join(out, 'summary.json'))) {
        const again = voltage(words);
        if (again.code !== 0) costs.push(`the folder cannot be used again: ${again.stderr}`);
      }
      if (sha256(decisions) !== decisionSha256) costs.push('the run again is another');
      if (readdirSync(out).some((name) => /\.(part|lock)$/.test(name))) costs.push('a .part or a lock stays');
      return costs;
    });
  });

  test('of a download of history loses no page: the file comes out as if nothing had been', async () => {
    const untilSeconds = 1_778_500_000 - (1_778_500_000 % 60);
    const from = untilSeconds - 3_600;
    const trades = Array.from({ length: 1_400 }, (_, i) => [
      (80_000 + (i % 97)).toFixed(1),
      '0.01000000',
      from - 100 + i * 3 + 0.5,
      'b',
      'm',
      '',
      i + 1,
    ]);
    const server = createServer((request, response) => {
      const since = Number(new URL(request.url ?? '', 'http://venue').searchParams.get('since')) / 1e9;
      const rows = trades.filter((trade) => Number(trade[2]) > since).slice(0, 500);
      const last = rows.at(-1);
      response.end(
        JSON.stringify({
          error: [],
          result: {
            XXBTZUSD: rows,
            last: last ? String(BigInt(Number(last[2]) * 1_000) * 1_000_000n) : `${since * 1e9}`,
          },
        }),
      );
    }).listen(0, '127.0.0.1');
    try {
      await new Promise((done) => server.once('listening', done));
      const environment = {
        VOLTAGE_KRAKEN_REST_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      };
      const iso = (seconds: number): string => new Date(seconds * 1_000).toISOString();
      const download = (out: string): Started =>
        start(
          ['history', '--from', iso(from), '--until', iso(untilSeconds), '--out', out, '--json'],
          undefined,
          'none',
          environment,
        );
      const folder = room();
      expect((await download(join(folder, 'whole.csv.gz')).ended).code).toBe(0);
      const want = gunzipSync(readFileSync(join(folder, 'whole.csv.gz'))).toString();
      await campaign('kills while downloading history', RUNS, async (run, part) => {
        const out = join(folder, `run-${run}.csv.gz`);
        const first = download(out);
        let over = false;
        const gone = first.ended.then(() => {
          over = true;
        });
        await until('a page', () => over || existsSync(`${out}.cursor`));
        await waited(1_500 * part());
        await killed(first);
        await gone;
        const costs: string[] = [];
        if (!existsSync(out)) {
          const { code, stderr } = await download(out).ended;
          if (code !== 0) costs.push(`it does not go on: ${stderr}`);
        }
        if (!existsSync(out) || gunzipSync(readFileSync(out)).toString() !== want)
          costs.push('the bars are others');
        return costs;
      });
    } finally {
      server.closeAllConnections();
      server.close();
    }
  });
});

import { mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from '@jest/globals';
import type { BacktestSummary } from '../../pipelines/lanes/backtest.ts';
import type { DemoSummary } from '../../pipelines/lanes/demo.ts';
import type { PaperSummary } from '../../pipelines/lanes/paper.ts';
import type { Frame } from '../../src/domain/frame.ts';
import { readTape } from '../../src/tape/read.ts';
import { grown } from '../support/grown.ts';
import { type Started, startVoltage } from '../support/started-voltage.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { until } from '../support/until.ts';
import { lastJson, voltage } from '../support/voltage.ts';

const root = tempFolder();
const room = (): string => mkdtempSync(join(root, 'test-'));

let running: Started | undefined;
afterEach(() => running?.end());

interface Decided {
  readonly at: number;
  readonly ticker: string;
  readonly failing: readonly string[];
}

/** Replays a recording with nothing else said. */
function replayed(tapes: string): {
  readonly summary: BacktestSummary;
  readonly decisions: readonly Decided[];
} {
  const out = room();
  const ended = voltage(['backtest', tapes, '--json', '--out', out]);
  if (ended.code !== 0) throw new Error(`voltage backtest ended with ${ended.code}: ${ended.stderr}`);
  const lines = readFileSync(join(out, 'decisions.ndjson'), 'utf8').trimEnd().split('\n');
  return {
    summary: lastJson<BacktestSummary>(ended),
    decisions: lines.map((line) => JSON.parse(line) as Decided),
  };
}

/** What of a recording under way is on the disk so far. */
async function framesOf(tapes: string): Promise<readonly Frame[]> {
  const frames: Frame[] = [];
  const files = readdirSync(tapes, { withFileTypes: true }).filter(({ name }) => name.endsWith('.tape.gz'));
  for (const { name } of files) for await (const batch of readTape(join(tapes, name))) frames.push(...batch);
  return frames;
}

/** Waits until so many wire frames stand on the tape, after the newest command if there is one. */
const heard = (tapes: string, commands: number, wires: number): Promise<void> => {
  const more = grown(tapes);
  return until(`${wires} wire frames after command ${commands}`, async () => {
    if (!more()) return false;
    // The folder may not be there yet, and a block may be half written.
    const frames = await framesOf(tapes).catch(() => []);
    const said = frames.flatMap(({ kind }, i) => (kind === 'command' ? [i] : []));
    const after = frames.slice((said[commands - 1] ?? -1) + 1).filter(({ kind }) => kind === 'wire');
    return said.length === commands && after.length >= wires;
  });
};

const ofAsset = (name: string, decisions: readonly Decided[]): readonly Decided[] =>
  decisions.filter(({ ticker }) => ticker.startsWith(`KX${name}`));

describe('two assets', () => {
  test('a demo of Bitcoin and Ether decides on both, and its tape replays to its hash by itself', () => {
    const tapes = join(room(), 'tapes');
    const words = ['demo', '--assets', 'BTC,ETH', '--minutes', '6', '--speed', '60', '--record', tapes];
    const ended = voltage([...words, '--json']);
    expect({ code: ended.code, stderr: ended.stderr }).toMatchObject({ code: 0 });
    const summary = lastJson<DemoSummary>(ended);
    const { summary: replay } = replayed(tapes);
    expect(replay).toMatchObject({
      frames: summary.frames,
      decisionSha256: summary.decisionSha256,
      assets: summary.assets,
      warnings: [],
    });
    for (const { assets } of [summary, replay])
      for (const name of ['BTC', 'ETH']) expect(assets[name]?.decisions).toBeGreaterThan(0);
    expect(summary).toMatchObject({ rejectedFrames: 0, kalshi: { sequenceGaps: 0 } });
  });

  test('paper on both, halted and resumed by its operator, replays with the halt in its decisions', async () => {
    const tapes = join(room(), 'tapes');
    const words = [
      'paper',
      '--venues',
      'emulated',
      '--assets',
      'BTC,ETH',
      '--speed',
      '20',
      '--record',
      tapes,
    ];
    running = startVoltage([...words, '--json'], undefined, 'open');
    await heard(tapes, 0, 600);
    running.say('halt the spreads look odd\n');
    await heard(tapes, 1, 600);
    running.say('what\nresume\n');
    await heard(tapes, 2, 600);
    running.kill('SIGTERM');
    const ended = await running.ended;
    expect(ended.code).toBe(0);
    const summary = lastJson<PaperSummary>(ended);

    const commands = (await framesOf(tapes)).flatMap((frame) => (frame.kind === 'command' ? [frame] : []));
    expect(commands).toMatchObject([
      { command: 'halt', reason: 'the spreads look odd' },
      { command: 'resume', reason: '' },
    ]);
    const { summary: replay, decisions } = replayed(tapes);
    expect(replay).toMatchObject({ decisionSha256: summary.decisionSha256, assets: summary.assets });
    const [haltAt = Number.NaN, resumeAt = Number.NaN] = commands.map(({ at }) => at);
    for (const name of ['BTC', 'ETH']) {
      const own = ofAsset(name, decisions);
      const halted = own.filter(({ at }) => at > haltAt && at < resumeAt);
      expect(halted.length).toBeGreaterThan(0);
      expect(halted.filter(({ failing }) => !failing.includes('killSwitch'))).toEqual([]);
      const free = own.filter(({ at }) => at < haltAt || at > resumeAt);
      expect([free.some(({ at }) => at < haltAt), free.some(({ at }) => at > resumeAt)]).toEqual([
        true,
        true,
      ]);
      expect(free.filter(({ failing }) => failing.includes('killSwitch'))).toEqual([]);
    }
  });
});

describe('the input of a lane', () => {
  test.each(['none', 'open'] as const)('%s keeps no demo from ending by itself', async (input) => {
    running = startVoltage(['demo', '--minutes', '1', '--speed', '60'], undefined, input);
    if (input === 'open') running.say('stop\n');
    const { code, stdout, stderr } = await running.ended;
    expect(code).toBe(0);
    expect(stdout).toContain('SIMULATED');
    if (input === 'open') expect(stderr).toMatch(/^SIMULATED {2}a command must be halt or reduce .*"stop"$/m);
  });
});

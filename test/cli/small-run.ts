import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { voltageProgram } from '../../src/cli/program.ts';
import { voltage } from '../support/voltage.ts';

/** Trades often in four minutes around a close, on an emulated market. */
const SETTINGS = {
  label: "it's small",
  pricing: {
    edge: { blend: { marketWeight: 0.3, modelWeight: 0.7, modelWeightError: 0 } },
    sizing: { maxOrderCount: 500 },
  },
  risk: { indexSourcesMin: 1, edgeMinDollars: 0, edgeErrorMultiple: 0, orderCooldownMicros: 2_000_000 },
  emulator: { startAt: '2026-06-01T14:27:00Z', spanMinutes: 4, historyMinutes: 700 },
};

/** Makes a run in `folder` by the commands themselves; its name is hostile to SQL, globs and shells. */
export function smallRun(root: string): string {
  const config = join(root, 'small.json');
  const tape = join(root, 'small.tape.gz');
  const folder = join(root, `run's "1"; DROP TABLE runs; --[x]*`);
  writeFileSync(config, JSON.stringify(SETTINGS));
  for (const words of [
    ['generate', '--config', config, '--out', tape],
    ['backtest', tape, '--config', config, '--out', folder],
  ]) {
    const { code, stderr } = voltage(words);
    if (code !== 0) throw new Error(stderr);
  }
  return folder;
}

/** The lines of a file of a run. */
export const linesOf = (path: string): readonly string[] =>
  readFileSync(path, 'utf8').split('\n').filter(Boolean);

/** What a command prints on stdout, run in this process; what it throws is thrown. */
export async function said(...words: readonly string[]): Promise<string> {
  const write = process.stdout.write;
  let text = '';
  process.stdout.write = ((chunk: string | Uint8Array) => {
    text += String(chunk);
    return true;
  }) as typeof write;
  try {
    await (await voltageProgram(words)).parseAsync(['node', 'voltage', ...words]);
  } finally {
    process.stdout.write = write;
  }
  return text;
}

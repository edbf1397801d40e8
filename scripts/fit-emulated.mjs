// Fits a backbone to bars of an emulated market, for the demo and tests alone. The same arguments give the
// same bytes. Needs a build.
import { execFileSync } from 'node:child_process';
import { closeSync, mkdirSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { assetNamed } from '../dist/src/config/assets.js';
import { emulatorSettings } from '../dist/src/emulator/settings.js';
import { emulatedHistory } from '../dist/src/emulator/world/generate.js';
import { HISTORY_HEADER, historyLine } from '../dist/src/tape/history-line.js';

const { values } = parseArgs({
  options: {
    asset: { type: 'string', default: 'ETH' },
    days: { type: 'string', default: '400' },
    // Sessions of the demo have other seeds and begin later: none is forecast by what was fitted on it.
    until: { type: 'string', default: '2026-05-01T00:00:00Z' },
    seed: { type: 'string', default: 'emulated backbone' },
    out: { type: 'string', default: 'models/emulated/eth.backbone.json' },
  },
});
const asset = assetNamed([], values.asset);
if (!asset) {
  process.stderr.write(`fit-emulated: --asset must be an asset known by name, was ${values.asset}\n`);
  process.exit(2);
}

const [{ bars }] = emulatedHistory(
  emulatorSettings.parse({
    seed: values.seed,
    startAt: values.until,
    historyMinutes: 1_440 * Number(values.days),
  }),
  [asset],
);
const folder = mkdtempSync(join(tmpdir(), 'voltage-emulated-'));
try {
  const csv = join(folder, 'bars.csv');
  const file = openSync(csv, 'w');
  writeSync(file, HISTORY_HEADER);
  for (let from = 0; from < bars.length; from += 1_440)
    writeSync(
      file,
      bars
        .slice(from, from + 1_440)
        .map(historyLine)
        .join(''),
    );
  closeSync(file);
  mkdirSync(dirname(values.out), { recursive: true });
  execFileSync(
    process.execPath,
    [
      'dist/src/cli/main.js',
      'fit-backbone',
      '--force',
      '--asset',
      asset.name,
      '--bars',
      csv,
      '--out',
      values.out,
    ],
    { stdio: 'inherit' },
  );
} finally {
  rmSync(folder, { recursive: true });
}

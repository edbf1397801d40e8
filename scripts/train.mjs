// Trains the models from bars: for each date a backbone, a data set made with it, LightGBM and PatchTST, and
// at the end the manifest. Needs Python 3.11.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';

const refuse = (why) => {
  process.stderr.write(
    `train: ${why}. Example:\n  npm run train -- --bars index.csv.gz --volume coinbase.csv.gz --volume kraken.csv.gz --fold calibration=2025-08-13 --fold holdout=2026-02-13 --fold final=2026-05-13\n`,
  );
  process.exit(2);
};
const options = {
  bars: { type: 'string' },
  volume: { type: 'string', multiple: true, default: [] },
  labels: { type: 'string' },
  // Whose bars they are; the first configured asset when absent. Artefacts name it.
  asset: { type: 'string' },
  // Name and date of each fold, in order; the first calibrates the second and is not shipped.
  fold: {
    type: 'string',
    multiple: true,
    default: ['calibration=2025-08-13', 'holdout=2026-02-13', 'final=2026-05-13'],
  },
  work: { type: 'string', default: 'runs/train' },
  out: { type: 'string', default: 'models' },
  python: { type: 'string', default: 'python3' },
};
let values;
try {
  ({ values } = parseArgs({ options }));
} catch (cause) {
  refuse(cause.message);
}
if (!values.bars) refuse('--bars CSV is needed, and --volume CSV where the bars are an index');
for (const file of [values.bars, ...values.volume, ...(values.labels ? [values.labels] : [])])
  if (!existsSync(file)) refuse(`there is no ${file}`);
for (const fold of values.fold)
  if (!/^\w+=\d{4}-\d\d-\d\d$/.test(fold)) refuse(`a fold is NAME=YYYY-MM-DD, was ${fold}`);

const run = (program, args) => {
  process.stderr.write(`> ${program} ${args.join(' ')}\n`);
  execFileSync(program, args, { stdio: 'inherit' });
};
const voltage = (...args) => run(process.execPath, ['dist/src/cli/main.js', ...args]);
const asset = values.asset === undefined ? [] : ['--asset', values.asset];
const flags = (name, files) => (files.length === 0 ? [] : [`--${name}`, ...files]);

const work = resolve(values.work);
const training = resolve('models/training');
const venv = join(work, 'venv');
const python = join(venv, 'bin', 'python');
const requirements = readFileSync(join(training, 'requirements.txt'), 'utf8');
const stamp = join(venv, 'installed.txt');
mkdirSync(work, { recursive: true });
if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== requirements) {
  run(values.python, ['-m', 'venv', venv]);
  run(python, ['-m', 'pip', 'install', '--only-binary', ':all:', '-r', join(training, 'requirements.txt')]);
  writeFileSync(stamp, requirements);
}

run(python, ['-m', 'unittest', 'discover', '-s', training, '-p', 'test_*.py']);

const folds = values.fold.map((text) => {
  const [name, until] = text.split('=');
  return { name, until, folder: join(work, name) };
});
for (const { name, until, folder } of folds) {
  mkdirSync(folder, { recursive: true });
  const backbone = join(folder, 'backbone.json');
  voltage(
    'fit-backbone',
    '--force',
    ...asset,
    '--bars',
    values.bars,
    ...(values.labels ? ['--labels', values.labels] : []),
    '--until',
    until,
    '--out',
    backbone,
  );
  voltage(
    'dataset',
    '--force',
    ...asset,
    '--bars',
    values.bars,
    ...flags('volume', values.volume),
    ...(values.labels ? ['--labels', values.labels] : []),
    '--backbone',
    backbone,
    '--out',
    join(folder, 'origins.parquet'),
    '--channels',
    join(folder, 'minutes.parquet'),
  );
  process.stderr.write(`train: data of ${name} is ready\n`);
}
run(python, [
  join(training, 'train.py'),
  ...folds.flatMap(({ name, until, folder }) => ['--fold', name, until, folder]),
  '--out',
  resolve(values.out),
  '--data',
  ...[values.bars, ...values.volume, ...(values.labels ? [values.labels] : [])].map((file) => resolve(file)),
]);

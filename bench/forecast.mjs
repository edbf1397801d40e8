import { loadModels, openFold } from '../dist/pipelines/load-models.js';
import { emulatedHistory } from '../dist/src/emulator/generate.js';
import { emulatorSettings } from '../dist/src/emulator/settings.js';
import { minuteFeatures } from '../dist/src/features/minute-features.js';
import { ensemble } from '../dist/src/forecast/ensemble.js';
import { quantiles } from './quantiles.mjs';

const HISTORY_MINUTES = 11_000;
const ROWS = 600;
const ROUNDS = 4;

/** Rows as the graph makes them of emulated minutes; warm, so that nothing is NaN. */
function rows() {
  const history = emulatedHistory(emulatorSettings.parse({ historyMinutes: HISTORY_MINUTES }));
  const features = minuteFeatures();
  const made = [];
  for (const [i, bar] of history.entries()) {
    if (i < history.length - ROWS) features.digest(bar);
    else made.push(features.push(bar));
  }
  return made.filter((row) => row?.warm);
}

const rounded = ({ p50, p99, max, count }) => ({
  p50: Number((1000 * p50).toFixed(1)),
  p99: Number((1000 * p99).toFixed(1)),
  max: Number((1000 * max).toFixed(0)),
  count,
});

/**
 * One forecast of the shipped models, features ready to variances of all horizons, in microseconds: with all members, and with the trees alone, alternating row by
 * row in one process. Members' answers are checked to be numbers before timing.
 */
export async function forecast() {
  const at = loadModels();
  const opened = await openFold(at, at.models.folds.at(-1));
  const open = (members) => ensemble(at.models, opened.fold, opened.backbone, members);
  const sides = {
    'all members': open(opened.members),
    'without PatchTST': open(opened.members.filter(({ name }) => name !== 'patchtst')),
    'HAR-X alone': open([]),
  };
  const made = rows();
  const [first] = made;
  const { logs } = await sides['all members'].forecast(first);
  for (const [name, values] of Object.entries(logs))
    if (!values.every(Number.isFinite) && opened.members.some((member) => member.name === name))
      throw new Error(`forecast: ${name} must give numbers, was ${[...values]}`);
  const times = Object.fromEntries(Object.keys(sides).map((name) => [name, []]));
  for (let round = 0; round <= ROUNDS; round++)
    for (const row of made.slice(1))
      for (const [name, side] of Object.entries(sides)) {
        const from = performance.now();
        await side.forecast(row);
        if (round > 0) times[name].push(performance.now() - from);
      }
  await opened.close();
  return {
    micros: Object.fromEntries(
      Object.entries(times).map(([name, values]) => [name, rounded(quantiles(Float64Array.from(values)))]),
    ),
  };
}

import { loadModels, openFold } from '../dist/pipelines/load/load-models.js';
import { settingsSchema } from '../dist/src/config/settings.js';
import { emulatedHistory } from '../dist/src/emulator/world/generate.js';
import { minuteFeatures } from '../dist/src/features/rows/minute-features.js';
import { variancePath } from '../dist/src/forecast/backbone/variance-path.js';
import { ensemble } from '../dist/src/forecast/serve/ensemble.js';
import { ensembleKnots } from '../dist/src/forecast/serve/ensemble-knots.js';
import { weekProfile } from '../dist/src/maths/seasons.js';
import { quantiles } from './quantiles.mjs';

const HISTORY_MINUTES = 20_500;
const ROWS = 10_000;
/**
 * Rows before the clock starts: by then scales, guard and drift are as full as they are in a lane that has
 * run for days.
 */
const RUN_IN = 7_600;
// Turns and not rows: PatchTST would empty the cache of a side that is to be without it.
const TURN = 100;

/** Rows as the graph makes them of emulated minutes, in order of time; warm, so that nothing is NaN. */
function rows() {
  const { emulator, assets } = settingsSchema.parse({ emulator: { historyMinutes: HISTORY_MINUTES } });
  const history = emulatedHistory(emulator, assets)[0].bars;
  const features = minuteFeatures(assets[0]);
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
 * One forecast of the shipped models, from features to band and path of variance, in microseconds: with all
 * members, with the trees alone, and the backbone's, alternating in turns of a hundred rows in one process.
 * Every fifth minute is one at which forecasts are judged, as in a lane. Answers are checked to be numbers
 * before timing.
 */
export async function forecast() {
  const at = loadModels();
  const opened = await openFold(at, at.models.folds.at(-1));
  const profile = weekProfile(opened.backbone.season);
  const { knotsOf } = ensembleKnots(opened.fold, opened.backbone);
  const open = (members) => {
    const { forecast } = ensemble(at.models, opened.fold, opened.backbone, members);
    return async (row) => {
      const said = await forecast(row);
      return { said, path: variancePath(row.at, knotsOf(said), profile) };
    };
  };
  const sides = {
    'all members': open(opened.members),
    'without PatchTST': open(opened.members.filter(({ name }) => name !== 'patchtst')),
    'HAR-X alone': open([]),
  };
  const made = rows();
  const { logs, band } = (await sides['all members'](made[0])).said;
  const answers = Object.entries(logs).filter(
    ([name]) => name === 'ensemble' || opened.members.some((member) => member.name === name),
  );
  for (const [name, values] of [...answers, ['low', band?.low ?? []], ['high', band?.high ?? []]])
    if (values.length === 0 || !values.every(Number.isFinite))
      throw new Error(`forecast: ${name} must give numbers, was [${[...values]}]`);
  const times = Object.fromEntries(Object.keys(sides).map((name) => [name, []]));
  const rest = made.slice(1);
  for (let start = 0; start < rest.length; start += TURN)
    for (const [name, side] of Object.entries(sides))
      for (const [k, row] of rest.slice(start, start + TURN).entries()) {
        const from = performance.now();
        await side(row);
        if (start + k >= RUN_IN) times[name].push(performance.now() - from);
      }
  await opened.close();
  return {
    micros: Object.fromEntries(
      Object.entries(times).map(([name, values]) => [name, rounded(quantiles(Float64Array.from(values)))]),
    ),
  };
}

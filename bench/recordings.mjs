import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadBackbone } from '../dist/pipelines/load/load-backbone.js';
import { loadConfig } from '../dist/src/config/load.js';
import { settingsSchema } from '../dist/src/config/settings.js';
import { DAY, MINUTE } from '../dist/src/domain/time.js';
import { backboneForecaster } from '../dist/src/forecast/serve/forecaster.js';
import { readHistory } from '../dist/src/tape/history.js';
import { readTape } from '../dist/src/tape/read.js';
import { tapeFiles } from '../dist/src/tape/sessions.js';
import { readSettled } from '../dist/src/tape/settled.js';

const repository = fileURLToPath(new URL('..', import.meta.url));
const data = resolve(repository, process.env.VOLTAGE_DATA ?? '../shared/data');
const HISTORY_MICROS = 8 * DAY;

/** Where the recordings are, or why there are none. */
export const recordings = existsSync(join(data, 'tapes'))
  ? {
      kind: 'found',
      tapes: [join(data, 'tapes')],
      history: join(data, 'btcusd', 'kraken-1m.csv.gz'),
      settled: join(data, 'kalshi', 'settled-kxbtc15m.csv'),
    }
  : { kind: 'absent', why: 'no recordings: VOLTAGE_DATA must name a folder that holds tapes/' };

/**
 * Settings that make the machinery move on the recorded tapes, and the shipped model: what all benchmarks of
 * the graph run with.
 */
export function mechanics() {
  const loaded = loadConfig(join(repository, 'config', 'mechanics.yaml'), settingsSchema);
  if (loaded.kind === 'configProblem') throw new Error(`bench: ${loaded.why}`);
  return { settings: loaded.settings, forecaster: backboneForecaster(loadBackbone()) };
}

/**
 * Everything of a replay that is read before its first frame: the tapes' order, the bars that warm them, the
 * outcomes.
 */
export async function readInputs() {
  const files = await tapeFiles(recordings.tapes);
  const history = await readHistory(recordings.history, {
    from: files[0].firstAt - HISTORY_MICROS,
    before: files.at(-1).firstAt,
  });
  const { outcomes } = await readSettled(recordings.settled, settingsSchema.parse({}).assets);
  return { files, history, outcomes };
}

/**
 * One recording after the other, read into memory before it is given: `{ firstAt, session, frames }`, with
 * the session's warm-up and the outcomes slipped in as the back-test does it. That both decide alike is
 * checked by their hashes.
 */
export async function* recordedSessions() {
  const { files, history, outcomes } = await readInputs();
  let next = 0;
  let lastAt = 0;
  for (const [index, { path, name, firstAt }] of files.entries()) {
    const frames = [];
    for await (const batch of readTape(path))
      for (const frame of batch) {
        for (; outcomes[next]?.at <= frame.at; next++) frames.push({ ...outcomes[next], at: frame.at });
        frames.push(frame);
      }
    lastAt = frames.at(-1).at;
    if (index === files.length - 1)
      for (; next < outcomes.length; next++) frames.push({ ...outcomes[next], at: lastAt });
    yield {
      name,
      firstAt,
      frames,
      session: {
        kind: 'session',
        at: firstAt,
        name,
        history: [
          {
            asset: undefined,
            bars: history.filter(
              ({ openAt }) => openAt + MINUTE <= firstAt && openAt >= firstAt - HISTORY_MICROS,
            ),
          },
        ],
      },
    };
  }
}

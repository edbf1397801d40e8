import { randomBytes } from 'node:crypto';
import { basename, resolve } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { firstValueFrom } from 'rxjs';
import { consoleFeed } from '../../../pipelines/edges/console-feed.ts';
import { consolePlayer } from '../../../pipelines/edges/console-player.ts';
import { backtest } from '../../../pipelines/lanes/backtest.ts';
import { openForecasters } from '../../../pipelines/load/open-forecasters.ts';
import { type RunFolder, runEvents, runFolder } from '../../../pipelines/load/run-events.ts';
import { type ConsoleFilm, consoleFilm } from '../../../pipelines/run/console-film.ts';
import type { Settings } from '../../config/settings.ts';
import { type ConsoleModel, consoleModel } from '../../console/console-model.ts';
import { MILLISECOND, type Micros } from '../../domain/time.ts';
import {
  type AssetFile,
  assetsOption,
  collectAssetFiles,
  filesByAsset,
  withChosenAssets,
} from '../asset-options.ts';
import { existingFile, existingTape } from '../existing-file.ts';
import { interrupts } from '../interrupts.ts';
import { addModelOptions, type ModelFlags, withModels } from '../model-options.ts';
import { readSettings } from '../read-settings.ts';
import { openRecording } from '../recording.ts';
import { screenLine } from '../screen-line.ts';
import { serveConsole } from '../serve-console.ts';
import { integerWithin } from '../usage.ts';

interface Flags extends ModelFlags {
  readonly port?: number;
  readonly at?: Micros;
  readonly speed: number;
  readonly assets?: readonly string[];
  readonly history?: readonly AssetFile[];
  readonly settled?: string;
  readonly config?: string;
}

const MARK = 'REPLAY';
const SPEED = 60;
const MOST_SPEED = 3_600;
const KEEP_MS = 2 ** 30;
/** After so many lines of a run the loop turns, so that the page is served meanwhile. */
const TURN_EVENTS = 2_000;
const MEGABYTE = 2 ** 20;

const timeOf = (text: string): Micros => {
  const at = Date.parse(text);
  if (Number.isNaN(at)) throw new InvalidArgumentError('a time such as 2026-06-01T14:25:00Z.');
  return at * MILLISECOND;
};

const say = (line: string): void => {
  process.stderr.write(`${MARK}  ${screenLine(line)}\n`);
};

/** What is opened: its settings, and how its events come. */
interface Opened {
  readonly settings: Settings;
  readonly name: string;
  /** Films all of it; `read` is told the share that was read. */
  readonly film: (film: ConsoleFilm, read: (share: number) => void, stopped: () => boolean) => Promise<void>;
}

function openRun(path: string, run: RunFolder, flags: Flags): Opened {
  return {
    settings: withChosenAssets(readSettings(flags.config), flags.assets),
    name: basename(resolve(path)),
    film: async (film, _, stopped) => {
      let bad = 0;
      let events = 0;
      for await (const audited of runEvents(run, () => bad++)) {
        film.add(audited);
        if (++events % TURN_EVENTS === 0) await setImmediate();
        if (stopped()) return;
      }
      say(`a run's files hold its decisions, orders and fills, not the market: its tape shows that too`);
      if (bad > 0) say(`${bad} lines of ${path} could not be read and are left out`);
    },
  };
}

async function openTape(path: string, flags: Flags): Promise<Opened> {
  const recording = await openRecording([path], flags.config);
  const settings = withModels(withChosenAssets(recording.settings, flags.assets), flags);
  const models = {
    runtime: flags.runtime ?? recording.models[0]?.runtime,
    fallback: flags.fallback ?? recording.models.some(({ fallback }) => fallback),
  };
  const files = filesByAsset('--history', flags.history ?? [], settings);
  return {
    settings,
    name: basename(resolve(path)),
    film: async (film, read, stopped) => {
      // After the address, which comes first everywhere.
      if (recording.keptIn !== undefined) say(`settings of the recording: ${recording.keptIn}`);
      const { warnings, lacks } = await backtest({
        tapes: [path],
        history: [...files].map(([asset, file]) => ({ asset, path: file })),
        settled: flags.settled,
        out: undefined,
        settings,
        stopped,
        openForecasters: async (at) => (await openForecasters(settings.assets, models, at)).of,
        tap: film.add,
        progress: (done, tapes) => read(done / tapes),
      });
      for (const line of [...warnings, ...lacks]) say(`note: ${line}`);
    },
  };
}

/** Adds `voltage console`. */
export function addConsole(program: Command): void {
  addModelOptions(program.command('console'))
    .argument('<run|tape>', 'a tape, a folder of tapes, or the folder of a run', existingTape)
    .addOption(
      new Option(
        '--port <port>',
        'where the console listens; 0 is any free port (default: 7007, or a free one)',
      ).argParser(integerWithin(0, 65_535)),
    )
    .addOption(
      new Option(
        '--at <time>',
        'where to begin, such as 2026-06-01T14:25:00Z (default: at its start)',
      ).argParser(timeOf),
    )
    .addOption(
      new Option('--speed <factor>', 'event time a second')
        .argParser(integerWithin(1, MOST_SPEED))
        .default(SPEED),
    )
    .addOption(assetsOption())
    .addOption(
      new Option(
        '--history <[asset=]csv>',
        'one-minute bars that warm the forecast (.csv or .csv.gz); repeatable',
      ).argParser(collectAssetFiles),
    )
    .addOption(
      new Option('--settled <csv>', 'settlements, for tapes without the index').argParser(existingFile),
    )
    .addOption(
      new Option(
        '--config <file>',
        'settings, YAML or JSON, on top of those that a recording kept beside its tapes',
      ).argParser(existingFile),
    )
    .action(async (path: string, flags: Flags) => {
      const stop$ = interrupts();
      let stopped = false;
      const stop = firstValueFrom(stop$).then(() => {
        stopped = true;
      });
      const run = runFolder(path);
      const { settings, name, film: filmed } = run ? openRun(path, run, flags) : await openTape(path, flags);
      const lane = { mark: MARK, name, label: settings.label, acts: [], speed: flags.speed } as const;
      const model: ConsoleModel = consoleModel({ lane, assets: settings.assets, risk: settings.risk });
      const empty = model.snapshot();
      const film = consoleFilm(model);
      let share = 0;
      const player = consolePlayer({
        film,
        empty,
        at: flags.at,
        speed: flags.speed,
        loaded: () => (film.finished() ? 1 : Math.min(share, 0.99)),
        nowMs: () => performance.now(),
        jumped: () => feed.jumped(),
      });
      const feed = consoleFeed(player);
      const served = await serveConsole({
        settings: settings.console,
        port: flags.port,
        say,
        feed,
        decision: film.decision,
        acts: () => ({}),
        // Nothing can be done here; on another address it still guards what is shown.
        token: randomBytes(24).toString('hex'),
        replay: player,
      });
      // The page alone keeps no process alive.
      const alive = setInterval(() => {}, KEEP_MS);
      try {
        if (!served) return;
        const sinceMs = performance.now();
        await filmed(
          film,
          (read) => {
            share = read;
          },
          () => stopped,
        );
        film.finish();
        const seconds = ((performance.now() - sinceMs) / 1000).toFixed(1);
        if (!film.span()) say(`there is nothing to show in ${path}`);
        else
          say(
            `all of it was read in ${seconds} s and lies in ${(film.bytes() / MEGABYTE).toFixed(1)} MB of a temporary file; any time of it is shown at once. Ctrl-C ends`,
          );
        await stop;
      } finally {
        clearInterval(alive);
        await served?.close();
        film.close();
      }
    });
}

import { existsSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { type ModelIdentity, modelsFileOf, readModels } from '../../pipelines/run/keep-models.ts';
import { settingsDifferences } from '../../pipelines/run/settings-differences.ts';
import { loadConfig } from '../config/load.ts';
import { type Settings, settingsSchema } from '../config/settings.ts';
import { tapeFiles } from '../tape/sessions.ts';
import { readSettings } from './read-settings.ts';
import { recordedSettings } from './recorded-settings.ts';
import { UsageError } from './usage.ts';

/** What a replay of tapes begins with. */
export interface Recording {
  readonly settings: Settings;
  /** The file that the settings were kept in; undefined for tapes without one. */
  readonly keptIn: string | undefined;
  /** The models that the recorded lanes ran on; empty where none was kept. */
  readonly models: readonly ModelIdentity[];
  /** Where settings differ from those of the recording, one sentence each. */
  readonly differences: (used: Settings) => readonly string[];
}

async function recordedModels(tapes: readonly string[]): Promise<readonly ModelIdentity[]> {
  const files = new Set(
    (await tapeFiles(tapes)).flatMap(({ path, segment }) =>
      segment ? [modelsFileOf(dirname(path), segment.session)] : [],
    ),
  );
  return [...files]
    .filter((file) => existsSync(file))
    .flatMap((file) => readModels(file, readFileSync(file, 'utf8')));
}

/**
 * The settings to replay tapes with: those that their recording kept, with `config` on top. What a
 * subscription asked for is a fact of the tape, so it stays as it was recorded. Tapes that keep no settings
 * are replayed by `config`, else by `voltage.config.*` or the defaults. Throws UsageError for settings that
 * cannot be used, and for sessions that were recorded with different ones where no `config` chooses.
 */
export async function openRecording(
  tapes: readonly string[],
  config: string | undefined,
): Promise<Recording> {
  const keptIn = await recordedSettings(tapes).catch((cause: unknown) => {
    if (config === undefined || !(cause instanceof UsageError)) throw cause;
    return undefined;
  });
  const models = await recordedModels(tapes);
  if (keptIn === undefined) return { settings: readSettings(config), keptIn, models, differences: () => [] };
  const loaded = loadConfig(keptIn, settingsSchema);
  if (loaded.kind === 'configProblem') throw new UsageError(loaded.why);
  const kept = loaded.settings;
  const asked = config === undefined ? readSettings(keptIn) : readSettings(config, kept);
  const settings: Settings = {
    ...asked,
    kraken: { ...asked.kraken, bookDepth: kept.kraken.bookDepth },
    kalshi: { ...asked.kalshi, useYesPrice: kept.kalshi.useYesPrice },
  };
  const stays = (key: string, recorded: unknown, wanted: unknown): readonly string[] =>
    recorded === wanted ? [] : [`${key} stays ${recorded} as recorded, asked for was ${wanted}`];
  return {
    settings,
    keptIn,
    models,
    differences: (used) => [
      ...stays('kraken.bookDepth', kept.kraken.bookDepth, asked.kraken.bookDepth),
      ...stays('kalshi.useYesPrice', kept.kalshi.useYesPrice, asked.kalshi.useYesPrice),
      ...settingsDifferences(kept, used),
    ],
  };
}

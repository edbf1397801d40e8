import { createHash } from 'node:crypto';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { settingsFileOf } from '../../pipelines/run/keep-settings.ts';
import { tapeFiles } from '../tape/sessions.ts';
import { UsageError } from './usage.ts';

/**
 * The settings file that a live lane kept beside these tapes, so that a recording replays without further
 * options; undefined if there is none. Throws UsageError if sessions were recorded with different settings,
 * or if only some have a file. Then the user must choose one.
 */
export async function recordedSettings(tapes: readonly string[]): Promise<string | undefined> {
  const byContent = new Map<string, string>();
  for (const { path, segment } of await tapeFiles(tapes)) {
    const file = segment && settingsFileOf(dirname(path), segment.session);
    const kept = file !== undefined && existsSync(file) && statSync(file).isFile() ? file : undefined;
    const content = kept ? createHash('sha256').update(readFileSync(kept)).digest('hex') : '';
    if (!byContent.has(content)) byContent.set(content, kept ?? '');
  }
  if (byContent.size > 1)
    throw new UsageError(
      `backtest: these tapes were not all recorded with the same settings (${[...byContent.values()].map((file) => file || 'some with none').join(', ')}); name one with --config, or replay them apart`,
    );
  return [...byContent.values()][0] || undefined;
}

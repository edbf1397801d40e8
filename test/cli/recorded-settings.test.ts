import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { keepSettings, settingsFileOf } from '../../pipelines/run/keep-settings.ts';
import { readSettings } from '../../src/cli/read-settings.ts';
import { recordedSettings } from '../../src/cli/recorded-settings.ts';
import { UsageError } from '../../src/cli/usage.ts';
import { settingsSchema } from '../../src/config/settings.ts';
import { segmentLine, tapeLine } from '../../src/tape/line.ts';
import { tempFolder } from '../support/temp-folder.ts';

const START = 1_778_477_400_000_000;
const settings = settingsSchema.parse({ label: 'one', assets: ['BTC', 'ETH'] });

describe('recordedSettings', () => {
  const root = tempFolder();
  let minute = 0;
  /** A tape of one tick in a folder of its own or in `folder`; a part of a recording where `session` names one. */
  const tape = (session: string | undefined, folder = mkdtempSync(join(root, 'tapes-'))): string => {
    const at = START + ++minute * 60_000_000;
    const path = join(folder, `${session ?? 'whole'}-${minute}.tape`);
    const mark = session === undefined ? '' : segmentLine(at, session, 1);
    writeFileSync(path, `${mark}${tapeLine({ kind: 'tick', at })}`);
    return path;
  };
  const folder = (): string => mkdtempSync(join(root, 'tapes-'));

  test('none where no settings lie beside the tapes, and none for a tape that is no recording of ours', async () => {
    expect(await recordedSettings([tape('a')])).toBeUndefined();
    const beside = folder();
    keepSettings(beside, 'a', settings);
    expect(await recordedSettings([tape(undefined, beside)])).toBeUndefined();
  });

  test('those of the one session, whatever its parts, and they read as what was kept', async () => {
    const beside = folder();
    keepSettings(beside, 'a', settings);
    tape('a', beside);
    tape('a', beside);
    const kept = await recordedSettings([beside]);
    expect(kept).toBe(settingsFileOf(beside, 'a'));
    const { label, assets, risk } = readSettings(kept);
    expect({ label, assets, risk }).toEqual({
      label: 'one',
      assets: JSON.parse(JSON.stringify(settings.assets)),
      risk: settings.risk,
    });
  });

  test('the first of several that say the same', async () => {
    const beside = folder();
    for (const session of ['a', 'b', 'c']) {
      keepSettings(beside, session, settings);
      tape(session, beside);
    }
    expect(await recordedSettings([beside])).toBe(settingsFileOf(beside, 'a'));
  });

  test('different ones are refused, with each of them, and so is a session with beside one without', async () => {
    const beside = folder();
    keepSettings(beside, 'a', settings);
    keepSettings(beside, 'b', { ...settings, label: 'two' });
    const paths = [tape('a', beside), tape('b', beside)];
    await expect(recordedSettings(paths)).rejects.toThrow(UsageError);
    await expect(recordedSettings(paths)).rejects.toThrow(
      `(${settingsFileOf(beside, 'a')}, ${settingsFileOf(beside, 'b')}); name one with --config`,
    );
    const without = [tape('a', beside), tape('z', beside)];
    await expect(recordedSettings(without)).rejects.toThrow('some with none');
  });

  test('a folder that bears the name of a settings file is none', async () => {
    const beside = folder();
    mkdirSync(settingsFileOf(beside, 'a'));
    expect(await recordedSettings([tape('a', beside)])).toBeUndefined();
  });
});

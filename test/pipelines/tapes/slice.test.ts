import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { sliceTape } from '../../../pipelines/tapes/slice.ts';
import type { Frame } from '../../../src/domain/frame.ts';
import { SECOND } from '../../../src/domain/time.ts';
import { readTape } from '../../../src/tape/read.ts';
import { tapeFiles } from '../../../src/tape/sessions.ts';
import { writeTape } from '../../../src/tape/write.ts';
import { tempFolder } from '../../support/temp-folder.ts';
import { emulatedSession, settingsOf } from '../market.ts';

const root = tempFolder();
const settings = settingsOf({ spanMinutes: 1, seed: 'slice' });
const { session, wire, startAt } = emulatedSession(settings);
const tape = join(root, 'whole.tape.gz');
const from = startAt + 5 * SECOND;
const to = startAt + 8 * SECOND;

const sliced = (out: string, more: { readonly keptIn?: string; readonly from?: number } = {}) =>
  sliceTape({ tapes: [tape], from: more.from ?? from, to, out, settings, keptIn: more.keptIn });

describe('a slice of tapes', () => {
  test('is a tape of the span, with the settings of its recording beside it', async () => {
    await writeTape(tape, [session, ...wire.slice(0, 2_000)]);
    const folder = mkdtempSync(join(root, 'slice-'));
    const keptIn = join(root, 'kept.json');
    writeFileSync(keptIn, '{"label":"kept"}\n');
    const out = join(folder, 'cut.tape.gz');
    const { frames, opening } = await sliced(out, { keptIn });
    const read: Frame[] = [];
    for await (const batch of readTape(out)) read.push(...batch);
    expect(read.slice(opening)).toEqual(wire.slice(0, 2_000).filter(({ at }) => at >= from && at < to));
    expect(read.length).toBe(opening + frames);
    expect(readFileSync(join(folder, 'cut.settings.json'), 'utf8')).toBe('{"label":"kept"}\n');
    expect((await tapeFiles([out]))[0]?.segment).toMatchObject({ session: 'cut', part: 1 });
  });

  test('overwrites nothing, neither a tape nor settings, and leaves nothing where it is refused', async () => {
    const folder = mkdtempSync(join(root, 'slice-'));
    const keptIn = join(root, 'kept.json');
    writeFileSync(join(folder, 'tape.tape.gz'), 'of another');
    await expect(sliced(join(folder, 'tape.tape.gz'), { keptIn })).rejects.toThrow(/is there already/);
    writeFileSync(join(folder, 'settings.settings.json'), 'of another');
    await expect(sliced(join(folder, 'settings.tape.gz'), { keptIn })).rejects.toThrow(/is there already/);
    expect(readdirSync(folder).sort()).toEqual(['settings.settings.json', 'tape.tape.gz']);
    expect(readFileSync(join(folder, 'tape.tape.gz'), 'utf8')).toBe('of another');
  });

  test('a span without a frame is refused, and nothing stays', async () => {
    const folder = mkdtempSync(join(root, 'slice-'));
    const keptIn = join(root, 'kept.json');
    await expect(
      sliceTape({
        tapes: [tape],
        from: startAt - 2 * SECOND,
        to: startAt - SECOND,
        out: join(folder, 'none.tape.gz'),
        settings,
        keptIn,
      }),
    ).rejects.toThrow(/no frame of .* lies in the span/);
    expect(readdirSync(folder)).toEqual([]);
  });

  test('a file of that name that comes while it is written stays as it is', async () => {
    const folder = mkdtempSync(join(root, 'slice-'));
    const out = join(folder, 'race.tape.gz');
    async function* frames(): AsyncGenerator<Frame> {
      yield session;
      writeFileSync(out, 'of another');
    }
    await expect(writeTape(out, frames(), { fresh: true })).rejects.toThrow(/EEXIST/);
    expect(readFileSync(out, 'utf8')).toBe('of another');
    expect(readdirSync(folder)).toEqual(['race.tape.gz']);
  });
});

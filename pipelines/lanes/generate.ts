import type { Frame } from '../../src/domain/frame.ts';
import { MILLISECOND } from '../../src/domain/time.ts';
import { emulatedFrames, emulatedHistory } from '../../src/emulator/generate.ts';
import type { EmulatorSettings } from '../../src/emulator/settings.ts';
import { writeTape } from '../../src/tape/write.ts';

/**
 * Writes a tape of the emulated venues as one subscriber of each would have recorded it, warm-up included: no socket and no clock, so the same settings give the
 * same bytes. Gives the frames written.
 */
export async function generate(
  settings: EmulatorSettings,
  out: string,
): Promise<{ readonly frames: number }> {
  let frames = 0;
  function* all(): Generator<Frame> {
    const at = Date.parse(settings.startAt) * MILLISECOND;
    yield { kind: 'session', at, name: `emulated ${settings.seed}`, history: emulatedHistory(settings) };
    for (const frame of emulatedFrames(settings)) {
      frames++;
      yield frame;
    }
  }
  await writeTape(out, all());
  return { frames };
}

import type { Asset } from '../../src/domain/asset.ts';
import type { Frame } from '../../src/domain/frame.ts';
import { MILLISECOND } from '../../src/domain/time.ts';
import type { EmulatorSettings } from '../../src/emulator/settings.ts';
import { emulatedFrames, emulatedHistory } from '../../src/emulator/world/generate.ts';
import { writeTape } from '../../src/tape/write.ts';

/**
 * Writes a tape of the emulated venues, as one subscriber of each would have recorded it, warm-up included.
 * No socket and no clock take part, so the same settings and assets give the same bytes. Returns the frames
 * written; if it is `stopped` before the end, there is no tape.
 */
export async function generate(
  settings: EmulatorSettings,
  assets: readonly Asset[],
  out: string,
  stopped: () => boolean = () => false,
): Promise<{ readonly kind: 'complete' | 'interrupted'; readonly frames: number }> {
  const interrupted = new Error('generate: interrupted');
  let frames = 0;
  function* all(): Generator<Frame> {
    const at = Date.parse(settings.startAt) * MILLISECOND;
    const all = emulatedHistory(settings, assets);
    // A tape of a single asset does not name it; such a tape is read as one of the first asset.
    const history = all.length === 1 ? all.map(({ bars }) => ({ asset: undefined, bars })) : all;
    yield {
      kind: 'session',
      at,
      name: `emulated ${settings.seed}`,
      history,
    };
    for (const frame of emulatedFrames(settings, assets)) {
      if (stopped()) throw interrupted;
      frames++;
      yield frame;
    }
  }
  try {
    await writeTape(out, all());
  } catch (cause) {
    if (cause !== interrupted) throw cause;
    return { kind: 'interrupted', frames: 0 };
  }
  return { kind: 'complete', frames };
}

import type { Frame } from '../../src/domain/frame.ts';
import type { Micros } from '../../src/domain/time.ts';
import type { AssembleSettings } from '../assemble.ts';
import { opening } from './opening.ts';

/** The end of a cut: what was left out and what was given. */
export interface CutTotals {
  /** Frames of the span itself. */
  frames: number;
  /** Frames that give the state at the span's beginning. */
  opening: number;
}

/**
 * The frames of a recording that lie in [`from`, `to`), after frames that give the state at `from`. Reading
 * ends at `to`. `totals` is counted up while it runs.
 */
export async function* cut(
  batches: AsyncIterable<readonly Frame[]>,
  span: { readonly from: Micros; readonly to: Micros; readonly name: string },
  settings: AssembleSettings,
  totals: CutTotals = { frames: 0, opening: 0 },
): AsyncGenerator<readonly Frame[]> {
  const { from, to, name } = span;
  const before = opening(settings);
  let begun = false;
  try {
    for await (const batch of batches) {
      const inside: Frame[] = [];
      for (const frame of batch) {
        if (frame.at >= to) {
          if (inside.length > 0) yield inside;
          return;
        }
        if (frame.at < from) {
          before.add(frame);
          continue;
        }
        if (!begun) {
          begun = true;
          // A session of its own forgets all that was before.
          const opened = frame.kind === 'session' ? [] : before.frames(from, name);
          totals.opening = opened.length;
          inside.push(...opened);
        }
        totals.frames++;
        inside.push(frame);
      }
      if (inside.length > 0) yield inside;
    }
  } finally {
    before.close();
  }
}

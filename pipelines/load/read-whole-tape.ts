import type { Frame } from '../../src/domain/frame.ts';
import { readTape } from '../../src/tape/read.ts';

/** All frames of one tape, in memory. Throws one sentence for a tape without a frame. */
export async function readWholeTape(path: string): Promise<readonly Frame[]> {
  const frames: Frame[] = [];
  for await (const batch of readTape(path)) frames.push(...batch);
  if (frames.length === 0) throw new Error(`tape: ${path} holds no frame`);
  return frames;
}

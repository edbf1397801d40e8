import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Subject } from 'rxjs';
import { assemble } from '../../../pipelines/assemble.ts';
import { cut } from '../../../pipelines/tapes/cut.ts';
import type { Frame } from '../../../src/domain/frame.ts';
import { MINUTE, type Micros, SECOND } from '../../../src/domain/time.ts';
import '../../support/properties.ts';
import { emulatedSession, settingsOf } from '../market.ts';

const settings = settingsOf({ spanMinutes: 2, seed: 'cut' });
const { session, wire, startAt } = emulatedSession(settings);
const whole: readonly Frame[] = [session, ...wire];

/** What the books and contracts say of frames from `from` on, one line each. */
function told(frames: readonly Frame[], from: number): readonly string[] {
  const frame$ = new Subject<Frame>();
  const lines: string[] = [];
  let inside = false;
  const running = frame$.pipe(assemble(settings)).subscribe((event) => {
    if (!inside) return;
    if (event.kind === 'contractBook' || event.kind === 'krakenBookChecked') {
      const { version: _, ...rest } = event;
      lines.push(JSON.stringify(rest));
    } else if (event.kind === 'contract' || event.kind === 'gap' || event.kind === 'rejected')
      lines.push(JSON.stringify(event));
  });
  frames.forEach((frame, i) => {
    inside = i >= from;
    frame$.next(frame);
  });
  running.unsubscribe();
  return lines;
}

async function cutOf(frames: readonly Frame[], from: Micros, to: Micros) {
  const totals = { frames: 0, opening: 0 };
  const batches: (readonly Frame[])[] = [];
  for (let i = 0; i < frames.length; i += 1_000) batches.push(frames.slice(i, i + 1_000));
  const found: Frame[] = [];
  for await (const batch of cut(asynchronous(batches), { from, to, name: 'cut' }, settings, totals))
    found.push(...batch);
  return { found, totals };
}

async function* asynchronous<T>(items: readonly T[]): AsyncGenerator<T> {
  yield* items;
}

describe('a cut of a recording', () => {
  test('property: from its first frame on, every book and contract is as in the whole recording', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 110 }),
        fc.integer({ min: 1, max: 20 }),
        fc.integer({ min: 0, max: 999_999 }),
        async (second, seconds, micros) => {
          const from = startAt + second * SECOND + micros;
          const to = from + seconds * SECOND;
          const { found, totals } = await cutOf(whole, from, to);
          const span = whole.filter(({ at }) => at >= from && at < to);
          expect(found.slice(totals.opening)).toEqual(span);
          expect(found.slice(0, totals.opening).every(({ at }) => at === from)).toBe(true);
          const before = whole.filter(({ at }) => at < from);
          const expected = told([...before, ...span], before.length);
          expect(expected.length).toBeGreaterThan(0);
          expect(told(found, totals.opening)).toEqual(expected);
        },
      ),
      { numRuns: 6 },
    );
  });

  test('its opening alone shows no hole and nothing that cannot be read', async () => {
    const { found, totals } = await cutOf(whole, startAt + MINUTE, startAt + MINUTE + SECOND);
    const lines = told(found.slice(0, totals.opening), 0);
    expect(lines.filter((line) => /"kind":"(gap|rejected)"/.test(line) && !line.includes('session'))).toEqual(
      [],
    );
  });

  test('a cut from the beginning or from a session adds nothing', async () => {
    const { found, totals } = await cutOf(whole, startAt, startAt + SECOND);
    expect(totals.opening).toBe(0);
    expect(found[0]).toEqual(session);
  });
});

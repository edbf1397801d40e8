import { mkdtempSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Subject } from 'rxjs';
import { assemble } from '../../../pipelines/assemble.ts';
import { marksOf } from '../../../pipelines/edges/codecs.ts';
import { backtest } from '../../../pipelines/lanes/backtest.ts';
import { cut } from '../../../pipelines/tapes/cut.ts';
import { mergedFrames, mergeTapes } from '../../../pipelines/tapes/merge.ts';
import type { Frame, WireFrame } from '../../../src/domain/frame.ts';
import { MILLISECOND, SECOND } from '../../../src/domain/time.ts';
import { readTape } from '../../../src/tape/read.ts';
import { writeTape } from '../../../src/tape/write.ts';
import '../../support/properties.ts';
import { random } from '../../support/random.ts';
import { tempFolder } from '../../support/temp-folder.ts';
import { emulatedSession, forecaster, settingsOf } from '../market.ts';

const root = tempFolder();
const settings = settingsOf({ spanMinutes: 1, seed: 'merge' });
const { session: warm, wire, startAt } = emulatedSession(settings);
/** Its last hours of bars are enough here, and quicker to read. */
const session = { ...warm, history: warm.history.map((each) => ({ ...each, bars: each.bars.slice(-300) })) };
const truth = wire.slice(0, 1_500);
const deltas = truth.flatMap(({ text }, i) => (text.includes('"orderbook_delta","sid"') ? [i] : []));
const whole: readonly Frame[] = [session, ...truth];

async function* batched(frames: readonly Frame[]): AsyncGenerator<readonly Frame[]> {
  for (let i = 0; i < frames.length; i += 700) yield frames.slice(i, i + 700);
}
const opened = (name: string, frames: readonly Frame[]) => ({ name, open: () => batched(frames) });

async function merged(...recordings: (readonly Frame[])[]) {
  const { frames, copies, counts } = await mergedFrames(recordings.map((each, i) => opened(`${i}`, each)));
  const found: Frame[] = [];
  for await (const batch of frames) found.push(...batch);
  return { found, copies, counts };
}

const marks = marksOf();
const isWire = (frame: Frame): frame is WireFrame => frame.kind === 'wire';
/** What a venue said, without the numbers of a connection. */
const said = (frames: readonly Frame[], venue: string): readonly string[] =>
  frames
    .filter(isWire)
    .filter((frame) => frame.venue === venue)
    .map(({ venue: of, text }) => marks[of].renumbered?.(text, 0, 0) ?? text);
/** Without replies and heartbeats, which are of one connection. */
const lasting = (texts: readonly string[]): readonly string[] =>
  texts.filter((text) => !/^\{"(method|type":"subscribed|channel":"(heartbeat|status))/.test(text));

/** What only the first has, and what only the second has. */
function without(a: readonly string[], b: readonly string[]): readonly (readonly string[])[] {
  const left = new Map<string, number>();
  for (const text of a) left.set(text, (left.get(text) ?? 0) + 1);
  for (const text of b) left.set(text, (left.get(text) ?? 0) - 1);
  return [1, -1].map((sign) => [...left].filter(([, n]) => n * sign > 0).map(([text]) => text.slice(0, 200)));
}

/** The books at the end, and the holes that were seen. */
function books(frames: readonly Frame[]) {
  const frame$ = new Subject<Frame>();
  const tops = new Map<string, string>();
  const holes: string[] = [];
  const running = frame$.pipe(assemble(settings)).subscribe((event) => {
    if (event.kind === 'contractBook') {
      const { top } = event;
      tops.set(top.ticker, JSON.stringify(top));
    } else if (event.kind === 'krakenBookChecked')
      tops.set(event.symbol, JSON.stringify([event.verdict, event.bids, event.asks]));
    else if (event.kind === 'gap' && event.cause !== 'session') holes.push(`${event.cause}: ${event.detail}`);
  });
  for (const frame of frames) frame$.next(frame);
  running.unsubscribe();
  return { tops, holes };
}

/** Which recording of `n` loses each frame, none for most; some alone and some in a row. */
function losses(seed: number, n: number): readonly (number | undefined)[] {
  const { uniform } = random(seed);
  const lost: (number | undefined)[] = [];
  while (lost.length < truth.length) {
    const by = Math.floor(uniform() * n);
    const kind = uniform();
    if (kind < 0.9) lost.push(undefined);
    else if (kind < 0.997) lost.push(by);
    else for (let row = Math.floor(uniform() * 200); row >= 0; row--) lost.push(by);
  }
  return lost;
}

/** The same feed over another connection: other numbers, and later by up to `lateMillis`. */
function overAnother(frames: readonly WireFrame[], seed: number, lateMillis: number): readonly WireFrame[] {
  const { uniform } = random(seed);
  const renumber = marksOf();
  const [sids, seqs] = [10 + Math.floor(uniform() * 90), Math.floor(uniform() * 500)];
  let last = 0;
  return frames.map((frame) => {
    const numbers = renumber[frame.venue].numbers?.(frame.text);
    last = Math.max(last, frame.at + Math.floor(uniform() * lateMillis * MILLISECOND));
    const text = numbers
      ? (renumber[frame.venue].renumbered?.(
          frame.text,
          numbers.sid + sids,
          numbers.seq === undefined ? undefined : numbers.seq + seqs,
        ) ?? frame.text)
      : frame.text;
    return { ...frame, at: last, text };
  });
}

describe('merging recordings', () => {
  test('property: lossy copies of one recording give the whole again, line by line, if one of them has each', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(), fc.integer({ min: 2, max: 3 }), async (seed, n) => {
        const lost = losses(seed, n);
        const copies = Array.from({ length: n }, (_, copy) => [
          session,
          ...truth.filter((_, i) => lost[i] !== copy),
        ]);
        const { found, copies: seen } = await merged(...copies);
        expect(seen).toBe(true);
        expect(found.length).toBe(whole.length);
        for (const venue of ['kraken', 'kalshi']) expect(said(found, venue)).toEqual(said(whole, venue));
        expect(books(found)).toEqual(books(whole));
      }),
      { numRuns: 3 },
    );
  });

  test('property: recordings over connections of their own give each message once, in order, with one numbering', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(), fc.integer({ min: 0, max: 300 }), async (seed, late) => {
        const lost = losses(seed, 2);
        const first = [session, ...truth.filter((_, i) => lost[i] !== 0)];
        const second = overAnother(
          truth.filter((_, i) => lost[i] !== 1),
          seed + 1,
          late,
        );
        const { found, copies, counts } = await merged(first, [session, ...second]);
        expect(copies).toBe(false);
        for (const venue of ['kraken', 'kalshi'])
          expect(without(lasting(said(found, venue)), lasting(said(whole, venue)))).toEqual([[], []]);
        expect(counts.holes).toBe(0);
        expect(books(found)).toEqual(books(whole));
      }),
      { numRuns: 3 },
    );
  });

  test('property: what both lost stays a hole, and no book is wrong after it', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(), fc.constantFrom(...deltas.slice(20, -20)), async (seed, at) => {
        const rest = truth.filter((_, i) => i !== at);
        const { found, counts } = await merged([session, ...rest], [session, ...overAnother(rest, seed, 20)]);
        expect(counts.holes).toBe(1);
        const { tops, holes } = books(found);
        expect(holes.filter((hole) => hole.startsWith('sequence'))).toHaveLength(1);
        const right = books(whole).tops;
        for (const [ticker, top] of tops)
          if (top.includes('"live":true')) expect([ticker, top]).toEqual([ticker, right.get(ticker)]);
      }),
      { numRuns: 3 },
    );
  });

  test('a gatherer that joins late takes over from one that dies, and every book goes on', async () => {
    const [joins, dies] = [startAt + 5 * SECOND, startAt + 9 * SECOND];
    const joined: Frame[] = [];
    for await (const batch of cut(batched(whole), { from: joins, to: Infinity, name: 'second' }, settings))
      joined.push(...batch);
    const own = joined.filter(isWire).map((frame) => ({ ...frame, at: frame.at + 1 }));
    const connected: Frame = { kind: 'connection', at: joins, venue: 'kalshi', change: 'opened', detail: '' };
    const closed: Frame = { kind: 'connection', at: dies, venue: 'kalshi', change: 'closed', detail: 'died' };
    const first: readonly Frame[] = [...whole.filter(({ at }) => at < dies), closed];
    const second = [connected, ...overAnother(own, 5, 10)];
    const { found } = await merged(first, second);
    expect(found.filter((frame) => frame.kind === 'connection')).toEqual([]);
    expect(books(found)).toEqual(books(whole));
  });

  test('the merged tape decides as the undamaged one, of copies and of connections of their own', async () => {
    const folder = mkdtempSync(join(root, 'merge-'));
    const tape = async (name: string, frames: readonly Frame[]) => {
      const path = join(folder, `${name}.tape.gz`);
      await writeTape(path, frames);
      return path;
    };
    const lost = losses(7, 2);
    const part = (copy: number) => truth.filter((_, i) => lost[i] !== copy);
    const paths = {
      whole: await tape('whole', whole),
      first: await tape('first', [session, ...part(0)]),
      copy: await tape('copy', [session, ...part(1)]),
      other: await tape('other', [session, ...overAnother(part(1), 3, 0)]),
    };
    const hashOf = async (path: string) => {
      const { decisions, decisionSha256 } = await backtest({
        tapes: [path],
        history: [],
        settled: undefined,
        out: undefined,
        settings,
        openForecasters: async () => () => forecaster,
      });
      // Without a forecast all abstain; each carries the digest of every input before it.
      expect(decisions.abstained).toBeGreaterThan(10);
      return decisionSha256;
    };
    const expected = await hashOf(paths.whole);
    for (const [name, second] of [
      ['of-copies', paths.copy],
      ['of-two', paths.other],
    ] as const) {
      const out = join(folder, `${name}.tape.gz`);
      await mergeTapes({ recordings: [paths.first, second], out, keptIn: undefined });
      expect([name, await hashOf(out)]).toEqual([name, expected]);
    }
    const out = join(folder, 'of-copies.tape.gz');
    const before = readdirSync(folder);
    await expect(
      mergeTapes({ recordings: [paths.first, paths.copy], out, keptIn: undefined }),
    ).rejects.toThrow(/is there already/);
    expect(readdirSync(folder)).toEqual(before);
    const read: Frame[] = [];
    for await (const batch of readTape(out)) read.push(...batch);
    expect(read.length).toBe(whole.length);
  });

  test('recordings of a lane that trades, and a single one, are refused', async () => {
    const command: Frame = { kind: 'command', at: startAt, command: 'halt', reason: '' };
    await expect(merged(whole, [session, command])).rejects.toThrow(/is of a lane that trades/);
    await expect(merged(whole)).rejects.toThrow(/two recordings or more/);
  });
});

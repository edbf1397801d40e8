import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { heardOf } from '../../console/store/heard-of.ts';
import { type Heard, hear, noReplica } from '../../console/store/replica.ts';
import { serverEvents } from '../../console/store/server-events.ts';
import { applyPatch } from '../../src/console/apply-patch.ts';
import type { ConsolePatch, ConsoleState } from '../../src/console/state.ts';
import { samplePatch, sampleState } from '../support/console-sample.ts';

const START = sampleState({ strikes: 2 });
const MOST = 12;

/** A lane's patches from the first on, with the state after each. */
const LANE: { readonly patch: ConsolePatch; readonly after: ConsoleState }[] = [];
for (let at = 0; at < MOST; at++) {
  const before = LANE.at(-1)?.after ?? START;
  const patch = samplePatch(before, at);
  const after = applyPatch(before, patch);
  if (!after) throw new Error('a patch that is the next one must apply');
  LANE.push({ patch, after });
}

const stateAt = (patches: number): ConsoleState => LANE[patches - 1]?.after ?? START;

describe('the page as a replica of the lane', () => {
  test('a page shows nothing before a snapshot, and asks for one when a patch or a beat comes first', () => {
    const first = noReplica(0);
    expect(first).toEqual({ state: undefined, link: 'opening', heardMs: 0 });
    for (const heard of [
      { kind: 'patch', patch: samplePatch(START, 1), wallMs: 5 },
      { kind: 'beat', patch: 1, wallMs: 5 },
    ] as const)
      expect(hear(first, heard)).toEqual({ replica: first, wantsSnapshot: true });
  });

  test('whatever is lost, repeated, shuffled or comes of another run, a live page shows the state of the lane', () => {
    // A word of the stream: the patch of that number, a beat, a snapshot, a broken link, or another run's patch.
    const word = fc.oneof(
      { weight: 6, arbitrary: fc.record({ kind: fc.constant('next' as const) }) },
      { weight: 2, arbitrary: fc.record({ kind: fc.constant('patch' as const), at: fc.nat(MOST - 1) }) },
      { weight: 2, arbitrary: fc.record({ kind: fc.constant('beat' as const), at: fc.nat(MOST) }) },
      { weight: 1, arbitrary: fc.record({ kind: fc.constant('snapshot' as const), at: fc.nat(MOST) }) },
      { weight: 1, arbitrary: fc.record({ kind: fc.constant('lost' as const) }) },
    );
    fc.assert(
      fc.property(fc.array(word, { maxLength: 40 }), (words) => {
        let replica = noReplica(0);
        // The model: how many patches the page has, and whether what it shows is the last that it was told of.
        let has: number | undefined;
        let live = false;
        for (const [wallMs, each] of words.entries()) {
          const number = each.kind === 'next' ? (has ?? 0) : 'at' in each ? each.at : 0;
          const patch = LANE[Math.min(number, MOST - 1)]?.patch;
          const heard: Heard =
            each.kind === 'lost'
              ? { kind: 'lost' }
              : each.kind === 'snapshot'
                ? { kind: 'snapshot', state: stateAt(number), wallMs }
                : each.kind === 'beat'
                  ? { kind: 'beat', patch: START.patch + number, wallMs }
                  : { kind: 'patch', patch: patch as ConsolePatch, wallMs };
          const next = hear(replica, heard);
          replica = next.replica;
          const continues =
            heard.kind === 'patch'
              ? has !== undefined && has < MOST && Math.min(number, MOST - 1) === has
              : heard.kind === 'beat' && has === number;
          if (heard.kind === 'snapshot') [has, live] = [number, true];
          else if (continues) [has, live] = [heard.kind === 'patch' ? number + 1 : number, true];
          else live = false;
          expect(next.wantsSnapshot).toBe(!live && heard.kind !== 'lost');
          expect(replica.link).toBe(live ? 'live' : has === undefined ? 'opening' : 'lost');
          expect(replica.state).toEqual(has === undefined ? undefined : stateAt(has));
        }
      }),
    );
  });

  test('the same patch number of another run, after a restart of the lane, is never taken for the next', () => {
    const other = hear(
      { state: stateAt(5), link: 'lost', heardMs: 1 },
      { kind: 'patch', patch: { patch: 2, seq: 40, at: START.at }, wallMs: 2 },
    );
    expect(other).toMatchObject({ wantsSnapshot: true, replica: { link: 'lost', heardMs: 1 } });
    expect(other.replica.state).toBe(stateAt(5));
  });

  test('when the last word came stays as it is while the link is lost', () => {
    const lost = hear({ state: START, link: 'live', heardMs: 7 }, { kind: 'lost' });
    expect(lost.replica).toMatchObject({ link: 'lost', heardMs: 7 });
  });
});

describe('the stream of events', () => {
  test('however a stream is cut into pieces, the same events come of it', () => {
    const event = fc.record({
      name: fc.constantFrom('snapshot', 'patch', 'beat'),
      id: fc.option(fc.nat().map(String), { nil: undefined }),
      lines: fc.array(
        fc.string().map((text) => text.replace(/[\r\n]/g, '')),
        { minLength: 1, maxLength: 3 },
      ),
      comment: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(event), fc.array(fc.nat(80)), (events, cuts) => {
        const text = events
          .map(
            ({ name, id, lines, comment }) =>
              `${comment ? ': still here\n\n' : ''}event: ${name}\n${id === undefined ? '' : `id: ${id}\n`}${lines
                .map((line) => `data: ${line}\n`)
                .join('')}\n`,
          )
          .join('');
        const read = serverEvents();
        const got = [];
        let from = 0;
        for (const cut of [...cuts, text.length]) {
          got.push(...read(text.slice(from, from + cut)));
          from += cut;
        }
        got.push(...read(text.slice(from)));
        expect(got).toEqual(events.map(({ name, id, lines }) => ({ name, id, data: lines.join('\n') })));
      }),
    );
  });

  test('an event of an unknown name is left out, so that a newer lane does not break the page', () => {
    expect(heardOf({ name: 'weather', id: undefined, data: 'rain' }, 1)).toBeUndefined();
    expect(heardOf({ name: 'beat', id: undefined, data: '{"patch":4}' }, 1)).toEqual({
      kind: 'beat',
      patch: 4,
      wallMs: 1,
    });
  });
});

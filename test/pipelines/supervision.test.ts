import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type Heard, heardOf, supervision, supervisorLine } from '../../pipelines/edges/supervision.ts';
import { timedMarbles } from '../support/marble-clock.ts';
import { forbidWallClock } from '../support/no-wall-clock.ts';
import '../support/properties.ts';

const G = [{ id: 'g', shard: 2 }];
const H = [{ id: 'h', shard: 0 }];
const heard: Readonly<Record<string, Heard>> = {
  a: { kind: 'beat', beat: 1, groups: G },
  b: { kind: 'beat', beat: 2, groups: H },
  s: { kind: 'beat', beat: 3, groups: G, starting: true },
  y: { kind: 'bye' },
};
const alarms = {
  B: { kind: 'blocked', silentMs: 5, groups: G },
  C: { kind: 'blocked', silentMs: 5, groups: H },
  D: { kind: 'died', groups: G },
  N: { kind: 'blocked', silentMs: 8, groups: [] },
  S: { kind: 'blocked', silentMs: 8, groups: G },
  E: { kind: 'died', groups: [] },
};

const patience = { runningMs: 5, startingMs: 8 };

describe('supervision', () => {
  forbidWallClock();

  test.each([
    ['a lane that beats gives no alarm, and its bye ends it', '-a-b-a-y', '-------|'],
    ['a silence is told once, with the groups of the last beat', '-a-------------', '------B--------'],
    [
      'a silence before the first beat is told too, after the patience with a start',
      '-----------',
      '--------N--',
    ],
    ['a lane that starts may be silent for longer', '-s------s------y', '---------------|'],
    ['a lane that starts and stays silent is told', '-s------------', '---------S----'],
    [
      'a lane that has started may not be silent for so long any more',
      '-s---a----------',
      '----------B-----',
    ],
    ['a death of a lane that starts is told at once', '-s-|', '---(D|)'],
    ['a lane that beats again is watched again', '-a-------b-------', '------B-------C--'],
    ['an end without a bye is a death', '-a-|', '---(D|)'],
    ['an end before any beat is a death', '-|', '-(E|)'],
    ['words that fail are a death', '-a-#', '---(D|)'],
    ['a death after a silence is told too', '-a-------|', '------B--(D|)'],
    ['a bye after a silence ends it', '-a-------y', '------B--|'],
    ['nothing counts after a bye', '-a-(yab)----#', '---|'],
  ])('%s', (_, said, told) => {
    timedMarbles(({ cold, expectObservable }, clock) => {
      expectObservable(supervision(cold(said, heard), clock, patience)).toBe(told, alarms);
    });
  });

  test('leaves the words and its timer when it is left, and two watchers do not share either', () => {
    timedMarbles(({ cold, expectObservable, expectSubscriptions }, clock) => {
      const word$ = cold('-a------------', heard);
      const alarm$ = supervision(word$, clock, patience);
      expectObservable(alarm$, '----!').toBe('-----');
      expectObservable(alarm$, '--^-------!').toBe('--------B--', alarms);
      expectSubscriptions(word$.subscriptions).toBe(['^---!', '--^-------!']);
    });
  });
});

describe('a line to the supervisor', () => {
  test('is read as it was said, whatever it names', () => {
    fc.assert(
      fc.property(
        fc.nat(),
        fc.array(fc.record({ id: fc.string({ minLength: 1 }), shard: fc.nat(9) }), { maxLength: 5 }),
        fc.constantFrom(true, false, undefined),
        (beat, groups, starting) => {
          const line = supervisorLine({ kind: 'beat', beat, groups, starting });
          expect(line.indexOf('\n')).toBe(line.length - 1);
          expect(heardOf(line)).toEqual({ kind: 'beat', beat, groups, starting });
        },
      ),
    );
    expect(heardOf(supervisorLine({ kind: 'bye' }))).toEqual({ kind: 'bye' });
  });

  test('that is anything else is no sign of life', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        fc.pre(!/beat|bye/.test(text));
        expect(heardOf(text)).toBeUndefined();
      }),
    );
    for (const text of [
      '{"beat":1}',
      '{"beat":"1","groups":[]}',
      '{"beat":1,"groups":[{"id":"","shard":0}]}',
      '{"beat":1,"groups":[],"starting":1}',
      '{"bye":false}',
    ])
      expect(heardOf(text)).toBeUndefined();
  });
});

import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { count } from '../../../src/domain/money.ts';
import { MINUTE, SECOND } from '../../../src/domain/time.ts';
import {
  type Close,
  type GroupsCall,
  type GroupsInput,
  groupsOf,
  NO_GROUPS,
  planGroups,
} from '../../../src/execution/kalshi/plan-groups.ts';
import '../../support/properties.ts';

const LIMIT = count(5_000);
const OPTIONS = { limit: LIMIT, reachMicros: 60 * MINUTE };
const close = (minutes: number, exchangeIndex = 2): Close => ({ closeAt: minutes * MINUTE, exchangeIndex });

const line = (call: GroupsCall): string => {
  switch (call.kind) {
    case 'list':
      return `list ${call.exchangeIndex}`;
    case 'create':
      return `create ${call.close.closeAt / MINUTE}@${call.close.exchangeIndex}`;
    default:
      return `${call.kind} ${call.id}@${call.exchangeIndex}`;
  }
};

/** A plan whose clock the test sets. */
function plan() {
  let state = NO_GROUPS;
  let now = 0;
  return {
    at: (minutes: number, ...inputs: readonly GroupsInput[]): readonly string[] => {
      now = minutes * MINUTE;
      return inputs.flatMap((input) => {
        const next = planGroups(state, input, now, OPTIONS);
        state = next.state;
        return next.calls.map(line);
      });
    },
    of: (wanted: Close): readonly string[] =>
      groupsOf(state, wanted).map(({ id, triggered }) => `${id}${triggered ? ' triggered' : ''}`),
    ids: () => [...state.groups.keys()],
  };
}
const tick: GroupsInput = { kind: 'tick' };
const seen = (minutes: number, shard = 2): GroupsInput => ({ kind: 'close', close: close(minutes, shard) });
const listed = (...groups: Extract<GroupsInput, { kind: 'listed' }>['groups']): GroupsInput => ({
  kind: 'listed',
  resets: false,
  exchangeIndex: 2,
  groups,
});
const row = (
  id: string,
  rest: Partial<Extract<GroupsInput, { kind: 'listed' }>['groups'][number]> = {},
): Extract<GroupsInput, { kind: 'listed' }>['groups'][number] => ({
  id,
  limit: LIMIT,
  triggered: false,
  stays: false,
  home: { kind: 'free' },
  ...rest,
});
const created = (minutes: number, id: string): GroupsInput => ({
  kind: 'created',
  close: close(minutes),
  id,
});

/** With group `g` for the close at minute 30. */
function kept() {
  const groups = plan();
  groups.at(0, seen(30), listed(), created(30, 'g'));
  return groups;
}

describe('planGroups', () => {
  test('it lists before it creates, and creates one group at a time as closes come within reach', () => {
    const { at, of } = plan();
    expect(at(0, seen(30), tick, tick)).toEqual(['list 2']);
    expect(at(0, listed())).toEqual(['create 30@2']);
    expect(at(0, seen(90), seen(45), tick)).toEqual([]);
    expect(at(1, created(30, 'g'))).toEqual(['create 45@2']);
    expect(at(2, created(45, 'h'), tick)).toEqual([]);
    expect(at(30, tick)).toEqual(['create 90@2']);
    expect([of(close(30)), of(close(45)), of(close(90))]).toEqual([['g'], ['h'], []]);
  });

  test('the same close on two shards has two groups', () => {
    const { at } = plan();
    at(0, seen(30), listed(), created(30, 'g'));
    expect(at(0, seen(30, 3))).toEqual(['list 3']);
    expect(at(0, { kind: 'listed', exchangeIndex: 3, resets: false, groups: [] })).toEqual(['create 30@3']);
  });

  test('groups of before a restart are used again: those of known orders for their close, free ones for any', () => {
    const { at, of } = plan();
    at(0, seen(30), seen(45));
    expect(at(0, listed(row('free'), row('old', { home: { kind: 'close', closeAt: 45 * MINUTE } })))).toEqual(
      [],
    );
    expect([of(close(30)), of(close(45))]).toEqual([['free'], ['old']]);
  });

  test('a group of another limit is somebody else’s and is left alone', () => {
    const { at, ids } = plan();
    at(0, seen(30));
    expect(at(0, listed(row('theirs', { limit: count(1) }), row('odd', { limit: undefined })))).toEqual([
      'create 30@2',
    ]);
    expect(ids()).toEqual([]);
  });

  test('a triggered group that no order was in is deleted, one of a close stops that close', () => {
    const { at, of } = plan();
    at(0, seen(30));
    expect(
      at(
        0,
        listed(
          row('free', { triggered: true }),
          row('g', { triggered: true, home: { kind: 'close', closeAt: 30 * MINUTE } }),
        ),
      ),
    ).toEqual(['delete free@2']);
    expect(of(close(30))).toEqual(['g triggered']);
  });

  test('a trigger stays until the operator resets it: no list, no late frame and no second group undoes it', () => {
    const { at, of } = kept();
    at(1, { kind: 'changed', id: 'g', change: 'triggered' });
    expect(
      at(2, listed(row('g')), { kind: 'changed', id: 'g', change: 'reset' }, { kind: 'doubt' }, tick),
    ).toEqual(['list 2']);
    expect(of(close(30))).toEqual(['g triggered']);
    expect(at(3, { kind: 'reset' })).toEqual(['reset g@2']);
    expect(of(close(30))).toEqual(['g triggered']);
    at(3, { kind: 'notDone', id: 'g' });
    expect(of(close(30))).toEqual(['g triggered']);
    expect(at(4, tick)).toEqual(['reset g@2']);
    at(4, { kind: 'done', id: 'g' });
    expect(of(close(30))).toEqual(['g']);
  });

  test('a triggered group that somebody deletes still stops its close, until the operator’s reset finds it gone', () => {
    const { at, of } = kept();
    at(1, { kind: 'changed', id: 'g', change: 'triggered' }, { kind: 'changed', id: 'g', change: 'deleted' });
    expect(at(2, listed())).toEqual([]);
    expect(of(close(30))).toEqual(['g triggered']);
    expect(at(3, { kind: 'reset' })).toEqual(['reset g@2']);
    expect(at(3, { kind: 'gone', id: 'g' })).toEqual(['create 30@2']);
  });

  test('a group that was triggered before it was taken over is reset, unless the account is halted', () => {
    const rows = [row('a', { triggered: true, home: { kind: 'close', closeAt: close(30).closeAt } })];
    for (const resets of [true, false]) {
      const groups = plan();
      const asked = groups.at(0, seen(30), { kind: 'listed', exchangeIndex: 2, resets, groups: rows }, tick);
      expect(asked.filter((call) => call.startsWith('reset'))).toEqual(resets ? ['reset a@2'] : []);
      if (resets) groups.at(1, { kind: 'done', id: 'a' });
      expect(groups.of(close(30))).toEqual([resets ? 'a' : 'a triggered']);
      // What is triggered from now on stays so, whatever a list says.
      groups.at(2, { kind: 'changed', id: 'a', change: 'triggered' });
      groups.at(3, { kind: 'listed', exchangeIndex: 2, resets, groups: rows });
      expect(groups.of(close(30))).toEqual(['a triggered']);
    }
  });

  test('a group that the venue triggered by itself before it was taken over stays so until the operator’s reset', () => {
    const { at, of } = plan();
    const home = { kind: 'close', closeAt: close(30).closeAt } as const;
    const rows = [row('a', { triggered: true, stays: true, home })];
    const asked = at(0, seen(30), { kind: 'listed', exchangeIndex: 2, resets: true, groups: rows }, tick);
    expect(asked.filter((call) => call.startsWith('reset'))).toEqual([]);
    expect(of(close(30))).toEqual(['a triggered']);
    expect(at(1, { kind: 'reset' })).toEqual(['reset a@2']);
  });

  test('a list that lags behind a reset does not bring the trigger back, a later one or the venue’s word does', () => {
    const rows = [row('a', { triggered: true, home: { kind: 'close', closeAt: close(30).closeAt } })];
    const late = (seconds: number, ...then: readonly GroupsInput[]): readonly string[] => {
      const groups = plan();
      groups.at(0, seen(30), listed(...rows), { kind: 'reset' }, tick);
      groups.at(1, { kind: 'done', id: 'a' });
      groups.at(1 + seconds / 60, ...then);
      return groups.of(close(30));
    };
    expect(late(2, listed(...rows))).toEqual(['a']);
    expect(late(40, listed(...rows))).toEqual(['a triggered']);
    expect(late(2, { kind: 'changed', id: 'a', change: 'triggered' })).toEqual(['a triggered']);
  });

  test('a reset asks nothing of groups that are not triggered', () => {
    expect(kept().at(1, { kind: 'reset' }, tick)).toEqual([]);
  });

  test('a minute after its close a group is deleted, once; a failed deletion is tried again five seconds later', () => {
    const { at, ids } = kept();
    expect(at(30.9, tick)).toEqual([]);
    expect(at(31, tick, tick)).toEqual(['delete g@2']);
    expect(at(31, { kind: 'notDone', id: 'g' }, tick)).toEqual([]);
    expect(at(31.1, tick)).toEqual(['delete g@2']);
    at(31.2, { kind: 'done', id: 'g' });
    expect(ids()).toEqual([]);
    expect(at(32, seen(30), tick)).toEqual([]);
  });

  test('an uncertain creation is looked for in the list before another is made', () => {
    const { at, of } = plan();
    at(0, seen(30), listed());
    expect(at(1, { kind: 'notCreated', close: close(30), certain: false }, tick)).toEqual([]);
    // The list is due at the same time as the next creation, and goes first.
    expect(at(1.1, tick)).toEqual(['list 2']);
    expect(at(1.2, listed(row('lost')))).toEqual([]);
    expect(of(close(30))).toEqual(['lost']);
  });

  test('a certain refusal is tried again five seconds later', () => {
    const { at } = plan();
    at(0, seen(30), listed());
    expect(at(1, { kind: 'notCreated', close: close(30), certain: true }, tick)).toEqual([]);
    expect(at(1.1, tick)).toEqual(['create 30@2']);
  });

  test('a new group that a late list does not have is kept; one that is missing later is made anew', () => {
    const { at, of } = kept();
    expect(at(0.4, listed())).toEqual([]);
    expect(of(close(30))).toEqual(['g']);
    expect(at(1, listed())).toEqual(['create 30@2']);
  });

  test('a trigger of an unknown group asks for the list', () => {
    expect(kept().at(1, { kind: 'changed', id: 'x', change: 'triggered' })).toEqual(['list 2']);
  });

  test('a group of an unknown contract is neither used nor deleted until the contract is known, or ten minutes have passed', () => {
    const { at, of } = plan();
    at(0, seen(30), listed(row('u', { home: { kind: 'unresolved', since: 0 } })));
    expect(at(9, tick)).toEqual([]);
    at(9, { kind: 'resolved', id: 'u', close: close(45) });
    expect(of(close(45))).toEqual(['u']);
    const other = plan();
    other.at(0, seen(30), listed(row('u', { home: { kind: 'unresolved', since: 0 } })));
    expect(other.at(10, tick)).toEqual(['delete u@2']);
  });

  test('property: against any venue, calls are lost or answered late, and no close ever has two groups that may be used', () => {
    const step = fc.record({
      wait: fc.integer({ min: 0, max: 40 }),
      act: fc.constantFrom('tick', 'seen', 'answer', 'lose', 'loseAfter', 'trigger', 'reset', 'doubt'),
      minutes: fc.constantFrom(5, 10, 15, 20),
      which: fc.nat(5),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 150 }), (steps) => {
        // The venue: groups by id, true while triggered.
        const venue = new Map<string, boolean>();
        const homes = new Map<string, number>();
        let made = 0;
        let now = 0;
        let state = NO_GROUPS;
        let waiting: GroupsCall[] = [];
        const blocked = new Set<number>();
        const take = (input: GroupsInput): void => {
          const next = planGroups(state, input, now, OPTIONS);
          state = next.state;
          waiting = [...waiting, ...next.calls];
        };
        const carryOut = (call: GroupsCall): GroupsInput => {
          switch (call.kind) {
            case 'list':
              return {
                kind: 'listed',
                resets: false,
                exchangeIndex: 2,
                groups: [...venue].map(([id, triggered]) => row(id, { triggered })),
              };
            case 'create': {
              const id = `g${++made}`;
              venue.set(id, false);
              homes.set(id, call.close.closeAt);
              return { kind: 'created', close: call.close, id };
            }
            case 'delete':
              venue.delete(call.id);
              return { kind: 'done', id: call.id };
            case 'reset':
              venue.set(call.id, false);
              return { kind: 'done', id: call.id };
          }
        };
        const failed = (call: GroupsCall): GroupsInput => {
          switch (call.kind) {
            case 'list':
              return { kind: 'notListed', exchangeIndex: 2 };
            case 'create':
              return { kind: 'notCreated', close: call.close, certain: false };
            default:
              return { kind: 'notDone', id: call.id };
          }
        };
        for (const { wait, act, minutes, which } of steps) {
          now += wait * SECOND;
          const call = waiting[which % Math.max(1, waiting.length)];
          if (act === 'seen') take(seen(minutes));
          else if (act === 'trigger') {
            const ids = [...venue.keys()];
            const id = ids[which % Math.max(1, ids.length)];
            if (id !== undefined) {
              venue.set(id, true);
              const home = state.groups.get(id)?.home;
              if (home?.kind === 'close') blocked.add(home.closeAt);
              take({ kind: 'changed', id, change: 'triggered' });
            }
          } else if (act === 'reset') {
            blocked.clear();
            take({ kind: 'reset' });
          } else if (act === 'doubt') take({ kind: 'doubt' });
          else if (act === 'tick' || !call) take(tick);
          else {
            waiting = waiting.filter((each) => each !== call);
            const answer = act === 'lose' ? undefined : carryOut(call);
            take(act === 'answer' && answer ? answer : failed(call));
          }
          for (const minutesOf of [5, 10, 15, 20]) {
            const groups = groupsOf(state, close(minutesOf));
            const usable = groups.some(({ triggered }) => triggered) ? [] : groups;
            expect(usable.length).toBeLessThanOrEqual(1);
            if (blocked.has(minutesOf * MINUTE)) expect(usable).toEqual([]);
          }
          expect(waiting.filter(({ kind }) => kind === 'create').length).toBeLessThanOrEqual(1);
        }
      }),
      { numRuns: 300 },
    );
  });
});

import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  type ChannelAction,
  type ChannelEvent,
  type ChannelPhase,
  type ChannelState,
  channelStep,
  idleChannel,
} from '../../../src/venues/kraken/channels.ts';

const granted: ChannelEvent = { kind: 'subscribed', accepted: true };
const refused: ChannelEvent = { kind: 'subscribed', accepted: false };
const at = (phase: ChannelPhase, sinceMs = 0, tries = 0): ChannelState => ({ phase, sinceMs, tries });

/** What a list of timed events asks for, and where it ends. */
function walk(...events: readonly (readonly [nowMs: number, event: ChannelEvent | ChannelEvent['kind']])[]): {
  readonly actions: readonly ChannelAction[];
  readonly state: ChannelState;
} {
  let state = idleChannel;
  const actions = events.map(([nowMs, event]) => {
    const step = channelStep(
      state,
      typeof event === 'string' ? ({ kind: event } as ChannelEvent) : event,
      nowMs,
    );
    state = step.state;
    return step.action;
  });
  return { actions, state };
}

describe('channelStep', () => {
  test('a channel is asked for when the socket opens, granted by the acknowledgement, live by the snapshot', () => {
    const { actions, state } = walk([5, 'open'], [20, granted], [300, 'snapshot']);
    expect(actions).toEqual(['subscribe', undefined, undefined]);
    expect(state).toEqual(at('live', 300));
    expect(walk([5, 'open'], [20, granted]).state).toEqual(at('granted', 20));
  });

  test('a snapshot before its acknowledgement makes it live, and the late acknowledgement changes nothing', () => {
    expect(walk([5, 'open'], [9, 'snapshot'], [10, granted]).state).toEqual(at('live', 9));
  });

  test('a refused channel is not asked for again before 30 s', () => {
    const asked = walk([0, 'open'], [100, refused], [30_099, 'time'], [30_100, 'time'], [30_200, granted]);
    expect(asked.actions).toEqual(['subscribe', undefined, undefined, 'subscribe', undefined]);
    expect(asked.state.phase).toBe('granted');
  });

  test('a resync leaves, subscribes anew once that is acknowledged, and is live with the next snapshot', () => {
    const { actions, state } = walk(
      [0, 'open'],
      [1, granted],
      [2, 'snapshot'],
      [50, 'resync'],
      [55, 'snapshot'],
      [60, 'unsubscribed'],
      [70, granted],
      [80, 'snapshot'],
    );
    expect(actions).toEqual([
      'subscribe',
      undefined,
      undefined,
      'unsubscribe',
      undefined,
      'subscribe',
      undefined,
      undefined,
    ]);
    expect(state).toEqual(at('live', 80));
  });

  test.each(['idle', 'asked', 'granted', 'leaving', 'refused'] as const)(
    'a resync of a channel that is %s changes nothing: a new snapshot comes anyway',
    (phase) => {
      const state = at(phase, 7, 1);
      expect(channelStep(state, { kind: 'resync' }, 9)).toEqual({ state, action: undefined });
    },
  );

  test.each([
    ['asked', [[0, 'open']]],
    [
      'granted',
      [
        [-5, 'open'],
        [0, granted],
      ],
    ],
    [
      'leaving',
      [
        [-9, 'open'],
        [-5, 'snapshot'],
        [0, 'resync'],
      ],
    ],
  ] as const)(
    'ten seconds in %s and it is asked for again, ten more and the socket is given up',
    (phase, steps) => {
      const again = walk(...steps, [9_999, 'time'], [10_000, 'time'], [19_999, 'time'], [20_000, 'time']);
      expect(walk(...steps).state.phase).toBe(phase);
      expect(again.actions.slice(-4)).toEqual([undefined, 'subscribe', undefined, 'reconnect']);
    },
  );

  test('once live the tries are forgotten: the next silence is asked about again first', () => {
    const { actions } = walk(
      [0, 'open'],
      [10_000, 'time'],
      [10_050, 'snapshot'],
      [20_000, 'resync'],
      [30_000, 'time'],
    );
    expect(actions).toEqual(['subscribe', 'subscribe', undefined, 'unsubscribe', 'subscribe']);
  });

  const events = fc.array(
    fc.record({
      afterMs: fc.nat({ max: 15_000 }),
      event: fc.constantFrom<ChannelEvent>(
        granted,
        refused,
        { kind: 'open' },
        { kind: 'unsubscribed' },
        { kind: 'snapshot' },
        { kind: 'resync' },
        { kind: 'time' },
      ),
    }),
  );

  test('whatever happens, to subscribe is to be asked, to unsubscribe is to be leaving, and only a snapshot makes live', () => {
    fc.assert(
      fc.property(events, (list) => {
        let state = idleChannel;
        let nowMs = 0;
        for (const { afterMs, event } of list) {
          nowMs += afterMs;
          const { state: next, action } = channelStep(state, event, nowMs);
          if (action === 'subscribe') expect(next.phase).toBe('asked');
          if (action === 'unsubscribe') expect(next.phase).toBe('leaving');
          if (next.phase === 'live' && state.phase !== 'live') expect(event.kind).toBe('snapshot');
          if (next !== state) expect(next.sinceMs).toBe(nowMs);
          state = next;
        }
      }),
    );
  });

  test('whatever happened, a channel on an open socket that hears nothing more acts within 31 s unless it is live', () => {
    fc.assert(
      fc.property(events, (list) => {
        let { state } = channelStep(idleChannel, { kind: 'open' }, 0);
        let nowMs = 0;
        for (const { afterMs, event } of list) {
          nowMs += afterMs;
          ({ state } = channelStep(state, event, nowMs));
        }
        const actions: ChannelAction[] = [];
        for (let s = 1; s <= 31; s++) {
          const step = channelStep(state, { kind: 'time' }, nowMs + s * 1_000);
          state = step.state;
          actions.push(step.action);
        }
        expect(actions.some((action) => action !== undefined)).toBe(state.phase !== 'live');
      }),
    );
  });
});

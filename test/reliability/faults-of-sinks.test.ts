import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import fc from 'fast-check';
import { type OperatorFunction, tap as spy } from 'rxjs';
import type { RunLog } from '../../pipelines/run/run-log.ts';
import type { Settings } from '../../src/config/settings.ts';
import type { AuditEvent, Audited } from '../../src/domain/events/audit.ts';
import type { Frame } from '../../src/domain/frame.ts';
import { SECOND } from '../../src/domain/time.ts';
import type { Gateway } from '../../src/execution/orders/gateway.ts';
import type { Forecaster } from '../../src/forecast/serve/forecaster.ts';
import '../support/properties.ts';
import { tally } from '../support/tally.ts';

/** Called by the log for each event. A test makes it throw. */
let onLog: (event: AuditEvent) => void = () => {};
const log: RunLog = {
  add: (event) => onLog(event),
  close: () => '',
  flush: () => {},
  compressed: async () => {},
  earlier: [],
  summarise: () => {},
  fail: () => {},
};
jest.unstable_mockModule('../../pipelines/run/run-log.ts', () => ({ runLog: () => log }));
const { runLane } = await import('../../pipelines/run/run-lane.ts');
const { emulatedSession, forecaster, settingsOf } = await import('../pipelines/market.ts');

const settings = settingsOf({ startAt: '2026-06-01T13:57:00Z', spanMinutes: 1, seed: 'sinks' });
const { startAt, session, wire } = emulatedSession(settings);
// Half a minute of market: enough for a few orders.
const frames: readonly Frame[] = [session, ...wire.filter(({ at }) => at < startAt + 30 * SECOND)];
const runs = 4 * Number(process.env['RELIABILITY_RUNS'] ?? 1);
const DISK_FULL = new Error('no space left on device');

/** What one lane did up to its end. */
interface Lane {
  /** Events that reached the tap, in order. */
  readonly told: readonly AuditEvent[];
  /** Client order ids that left through the gateway. */
  readonly sent: readonly string[];
  readonly thrown: unknown;
}

interface Faults {
  readonly orders?: 'paper' | 'venue';
  readonly batch?: number;
  readonly tap?: (audited: Audited) => void;
  readonly log?: (event: AuditEvent) => void;
  readonly onSend?: (nth: number) => void;
  readonly settings?: Settings;
  readonly forecaster?: Forecaster;
  readonly frames?: readonly Frame[];
}

async function laneWith(faults: Faults): Promise<Lane> {
  const told: AuditEvent[] = [];
  const sent: string[] = [];
  let thrown: unknown;
  onLog = faults.log ?? (() => {});
  const given = faults.frames ?? frames;
  const batch = faults.batch ?? given.length;
  const batches: (readonly Frame[])[] = [];
  for (let from = 0; from < given.length; from += batch) batches.push(given.slice(from, from + batch));
  const gateway: Gateway = {
    send: (command) => {
      if (command.kind !== 'place') return;
      faults.onSend?.(sent.length);
      sent.push(command.order.clientOrderId);
    },
  };
  try {
    await runLane(
      {
        batches,
        startAt,
        settings: faults.settings ?? settings,
        forecasterOf: () => faults.forecaster ?? forecaster,
        orders: faults.orders === 'paper' ? 'paper' : gateway,
        sinceMs: 0,
        tap: (audited) => {
          faults.tap?.(audited);
          told.push(audited.event);
        },
      },
      () => ({}),
    );
  } catch (cause) {
    thrown = cause;
  }
  return { told, sent, thrown };
}

/** Throws at the call of that number, counted from 0, and at every later one. */
const from = (nth: number): (() => void) => {
  let calls = 0;
  return () => {
    if (calls++ >= nth) throw DISK_FULL;
  };
};

const idsOf = (events: readonly AuditEvent[]): readonly string[] =>
  events.flatMap((event) => (event.kind === 'orderSent' ? [event.order.clientOrderId] : []));

describe('a lane whose record fails', () => {
  const whole: { venue: Lane; paper: Lane } = {
    venue: { told: [], sent: [], thrown: undefined },
    paper: { told: [], sent: [], thrown: undefined },
  };
  /** Indices of events, half of them where it matters: a decision to order, the order, and their neighbours. */
  const index = (events: readonly AuditEvent[]): fc.Arbitrary<number> => {
    const orders = events.flatMap(({ kind }, i) => (kind === 'orderSent' ? [i - 1, i, i + 1] : []));
    return fc.oneof(fc.nat(events.length - 1), fc.constantFrom(...orders.filter((i) => i < events.length)));
  };
  const batch = fc.constantFrom(1, 7, 512, frames.length);
  let tried = 0;
  let lost = 0;
  const counted = async (of: () => Promise<void>): Promise<void> => {
    tried++;
    try {
      await of();
    } catch (cause) {
      lost++;
      throw cause;
    }
  };

  beforeAll(async () => {
    whole.venue = await laneWith({});
    whole.paper = await laneWith({ orders: 'paper' });
  });
  afterAll(() =>
    tally({ kind: 'sinks, logs, codecs and checks that throw', tried, survived: tried - lost, lost }),
  );

  test('trades when nothing fails, so that what follows says something', () => {
    expect(whole.venue.thrown).toBeUndefined();
    expect(whole.venue.sent.length).toBeGreaterThan(2);
    expect(whole.paper.told.filter(({ kind }) => kind === 'fill').length).toBeGreaterThan(2);
  });

  test.each(['tap', 'log'] as const)(
    'by its %s sends the orders recorded before, and neither the order of that record nor any later one',
    async (sink) => {
      await fc.assert(
        fc.asyncProperty(index(whole.venue.told), batch, (nth, size) =>
          counted(async () => {
            const { told, sent, thrown } = await laneWith({ [sink]: from(nth), batch: size });
            expect(thrown).toBe(DISK_FULL);
            expect(told).toEqual(whole.venue.told.slice(0, nth));
            expect(sent).toEqual(idsOf(whole.venue.told.slice(0, nth)));
          }),
        ),
        { numRuns: runs },
      );
    },
  );

  test('on paper decides, sends and fills nothing after the failure', async () => {
    await fc.assert(
      fc.asyncProperty(index(whole.paper.told), batch, (nth, size) =>
        counted(async () => {
          const { told, thrown } = await laneWith({ orders: 'paper', tap: from(nth), batch: size });
          expect(thrown).toBe(DISK_FULL);
          expect(told).toEqual(whole.paper.told.slice(0, nth));
        }),
      ),
      { numRuns: runs },
    );
  });

  test('by its gateway sends nothing after the order that could not leave', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(whole.venue.sent.length - 1), batch, (nth, size) =>
        counted(async () => {
          const { told, sent, thrown } = await laneWith({ onSend: from(nth), batch: size });
          expect(thrown).toBe(DISK_FULL);
          expect(sent).toEqual(whole.venue.sent.slice(0, nth));
          expect(idsOf(told)).toEqual(whole.venue.sent.slice(0, nth + 1));
        }),
      ),
      { numRuns: runs },
    );
  });
});

describe('a lane whose own part throws', () => {
  let whole: Lane = { told: [], sent: [], thrown: undefined };
  beforeAll(async () => {
    whole = await laneWith({});
  });

  /** The lane threw at once: what it had told and sent is a beginning of what it tells and sends unharmed. */
  const stopped = ({ told, sent, thrown }: Lane): void => {
    expect(thrown).toBe(DISK_FULL);
    expect(told.length).toBeLessThan(whole.told.length);
    expect(told).toEqual(whole.told.slice(0, told.length));
    expect(sent).toEqual(idsOf(told));
  };

  test('a codec: no frame after it is read', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: frames.length - 1 }), async (nth) => {
        const broken = frames.map((frame, i) =>
          i === nth && frame.kind === 'wire'
            ? {
                ...frame,
                get text(): string {
                  throw DISK_FULL;
                },
              }
            : frame,
        );
        const lane = await laneWith({ frames: broken });
        expect(lane.thrown).toBe(DISK_FULL);
        expect(lane.sent).toEqual(whole.sent.slice(0, lane.sent.length));
        const before = await laneWith({ frames: frames.slice(0, nth) });
        expect(lane.told.length).toBeLessThanOrEqual(before.told.length);
        expect(lane.sent.length).toBeLessThanOrEqual(before.sent.length);
      }),
      { numRuns: Math.ceil(runs / 3) },
    );
  });

  test('a check: the decision that it belongs to is not made, nor any later one', async () => {
    const reads = fc.integer({ min: 0, max: 100 });
    await fc.assert(
      fc.asyncProperty(reads, async (nth) => {
        const fail = from(nth);
        const { edgeMinDollars } = settings.risk;
        const risk = {
          ...settings.risk,
          get edgeMinDollars(): number {
            fail();
            return edgeMinDollars;
          },
        };
        stopped(await laneWith({ settings: { ...settings, risk } }));
      }),
      { numRuns: runs },
    );
  });

  test('an operator: the forecast’s own stream ends the lane, and nothing follows', async () => {
    const failing =
      <In, Out>(operator: OperatorFunction<In, Out>, fail: () => void): OperatorFunction<In, Out> =>
      (source) =>
        source.pipe(operator, spy(fail));
    const broken: Forecaster = {
      ...forecaster,
      forecasts: (clock) => failing(forecaster.forecasts(clock), from(0)),
    };
    stopped(await laneWith({ forecaster: broken }));
  });
});

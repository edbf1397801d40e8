import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { deltaFrame, isDelta, snapshotFrame } from '../../../src/venues/kalshi/wire.ts';

const good = {
  type: 'orderbook_delta',
  sid: 1,
  seq: 2,
  msg: {
    market_ticker: 'KXBTC15M-26SEP251515-15',
    market_id: 'ef0ce114-eb71-419d-9563-c670d1859d5d',
    price_dollars: '0.9600',
    delta_fp: '-54.00',
    side: 'no',
    ts: '2026-09-25T19:13:44.342537Z',
    ts_ms: 1_790_363_624_342,
  },
};

const FIELDS = ['type', 'sid', 'seq', 'msg', ...Object.keys(good.msg)];

/** The good frame with some fields removed or replaced, as JSON can say it. */
const frames = fc
  .array(
    fc.tuple(
      fc.constantFrom(...FIELDS),
      fc.oneof(fc.jsonValue(), fc.constantFrom('', -1, 0, 1.5, 2 ** 43, 2 ** 53, 2 ** 60)),
    ),
    {
      maxLength: 2,
    },
  )
  .map((edits) => {
    const frame: Record<string, unknown> = { ...good, msg: { ...good.msg } };
    for (const [field, value] of edits) {
      const msg = frame['msg'];
      const target =
        field in good
          ? frame
          : typeof msg === 'object' && msg !== null
            ? (msg as Record<string, unknown>)
            : {};
      if (value === null) delete target[field];
      else target[field] = value;
    }
    return frame;
  });

describe('isDelta', () => {
  test('a recorded shape is a delta, with every optional field left out too', () => {
    expect(isDelta(good)).toBe(true);
    const { market_ticker, price_dollars, delta_fp, side } = good.msg;
    expect(isDelta({ ...good, msg: { market_ticker, price_dollars, delta_fp, side } })).toBe(true);
  });

  test('property: the guard accepts exactly what the schema accepts, and the schema changes no field', () => {
    let accepted = 0;
    fc.assert(
      fc.property(
        fc.oneof({ weight: 4, arbitrary: frames }, { weight: 1, arbitrary: fc.jsonValue() }),
        (frame) => {
          const { success, data } = deltaFrame.safeParse(frame);
          expect(isDelta(frame)).toBe(success);
          if (!success) return;
          accepted++;
          expect(frame).toMatchObject(data);
        },
      ),
      { numRuns: 5_000 },
    );
    expect(accepted).toBeGreaterThan(500);
  });

  test('an infinite number, which JSON can overflow to, is no decimal to either', () => {
    const frame = { ...good, msg: { ...good.msg, price_dollars: JSON.parse('1e999') as number } };
    expect(isDelta(frame)).toBe(false);
    expect(deltaFrame.safeParse(frame).success).toBe(false);
  });
});

describe('snapshotFrame', () => {
  const snapshot = (msg: object): boolean =>
    snapshotFrame.safeParse({
      type: 'orderbook_snapshot',
      sid: 1,
      seq: 1,
      msg: { market_ticker: 'A-B-C', ...msg },
    }).success;

  test('a side without levels may be absent', () => {
    expect(snapshot({})).toBe(true);
    expect(snapshot({ no_dollars_fp: [['0.4800', '2.00']] })).toBe(true);
  });

  test('levels of the integer-cent form are never read as an empty book', () => {
    expect(snapshot({ yes: [[8, 300]] })).toBe(false);
    expect(snapshot({ no_dollars: [['0.0800', 300]] })).toBe(false);
    expect(snapshot({ yes_dollars_fp: [['0.0800', '300.00']], no: [] })).toBe(false);
    expect(snapshot({ yes_dollars_fp: [['0.0800', '300.00']], yes: [[8, 300]] })).toBe(true);
  });
});

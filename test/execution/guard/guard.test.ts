import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { AuditEvent } from '../../../src/domain/events/audit.ts';
import { MINUTE, SECOND } from '../../../src/domain/time.ts';
import { type GuardStart, guard } from '../../../src/execution/guard/guard.ts';
import { liveSettings } from '../../../src/execution/live-settings.ts';
import '../../support/properties.ts';

const settings = liveSettings.parse({
  orderContractsMax: 10,
  openOrdersMax: 5,
  ordersPerMinuteMax: 60,
  dollarsPerDayMax: 1_000,
  dayLossMaxDollars: 50,
  drawdownMaxDollars: 80,
  rejectsPerMinuteMax: 3,
});

const account = (equityDollars: number, dayDollars = 0): AuditEvent =>
  ({
    kind: 'account',
    at: 0,
    equityDollars,
    dayDollars,
    cashDollars: equityDollars,
  }) as unknown as AuditEvent;
const adopted = { kind: 'adopted', at: 0, cash: 0, positions: [] } as unknown as AuditEvent;
const forecast = (at: number, asset = 'BTC'): AuditEvent =>
  ({ kind: 'forecast', at, asset }) as unknown as AuditEvent;
const order = (kind: string, clientOrderId: string, at: number, more: object = {}): AuditEvent =>
  ({ kind, clientOrderId, ticker: 'T', at, ...more }) as unknown as AuditEvent;
const connection = (change: string, at: number, venue = 'kalshi'): AuditEvent =>
  ({ kind: 'connection', venue, change, at, detail: '' }) as unknown as AuditEvent;
const silence = (silent: boolean, since: number, feed = 'kraken'): AuditEvent =>
  ({ kind: 'feedSilence', at: since, asset: 'BTC', feed, silent, since }) as unknown as AuditEvent;
const doubt = (state: string, receivedAt: number, source = 'index'): AuditEvent =>
  ({ kind: 'priceDoubt', asset: 'BTC', source, state, at: receivedAt, receivedAt }) as unknown as AuditEvent;
const clock = (offsetMicros: number, roundTripMicros = 0): AuditEvent =>
  ({ kind: 'clock', venue: 'kalshi', at: 0, offsetMicros, roundTripMicros }) as unknown as AuditEvent;
const difference = (ticker: string): AuditEvent =>
  ({ kind: 'difference', at: 0, ticker, why: `${ticker} differs` }) as unknown as AuditEvent;
const resolve = (reason: string): AuditEvent => ({ kind: 'command', at: 0, command: 'resolve', reason });

/** A guard of an account that was adopted, with a forecast at 0. */
const watching = (start: Partial<GuardStart> = {}, ...events: readonly AuditEvent[]) => {
  const one = guard({
    settings,
    assets: ['BTC'],
    clockOffsetMaxMicros: SECOND,
    peakDollars: undefined,
    ...start,
  });
  const tell = (...more: readonly AuditEvent[]) => more.forEach(one.receive);
  tell(adopted, forecast(0), ...events);
  return {
    ...one,
    tell,
    halt: (now = 1) => one.look(now).halt?.trip,
    reductions: (now = 1) => one.look(now).reductions.map(({ trip }) => trip),
  };
};

describe('guard', () => {
  test('an account that is adopted, with a forecast and without a fault, lets every order pass', () => {
    expect(watching({}, account(1_000)).look(1)).toEqual({ halt: undefined, reductions: [] });
  });

  test('property: the loss of the day halts exactly from the limit on', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.integer({ min: -10_000, max: 10_000 }), fc.constantFrom(-4_999, -5_000, -5_001)),
        (cents) => {
          const lost = -cents / 100;
          expect(watching({}, account(1_000, cents / 100)).halt()).toBe(
            lost >= settings.dayLossMaxDollars ? 'dayLoss' : undefined,
          );
        },
      ),
    );
  });

  test('property: the drawdown is of the highest equity since adoption and of earlier runs', () => {
    const dollars = fc.integer({ min: 800, max: 1_200 });
    fc.assert(
      fc.property(
        fc.option(dollars, { nil: undefined }),
        fc.array(dollars, { minLength: 1 }),
        (peak, told) => {
          const one = watching({ peakDollars: peak });
          for (const [i, equity] of told.entries()) {
            one.tell(account(equity));
            const highest = Math.max(...told.slice(0, i + 1), peak ?? 0);
            expect(one.peakDollars()).toBe(highest);
            expect(one.halt()).toBe(highest - equity >= settings.drawdownMaxDollars ? 'drawdown' : undefined);
          }
        },
      ),
    );
  });

  test('equity that was told before the account was adopted makes no peak', () => {
    const one = guard({ settings, assets: [], clockOffsetMaxMicros: SECOND, peakDollars: undefined });
    one.receive(account(9_999));
    expect(one.peakDollars()).toBeUndefined();
    expect(one.look(1).reductions.map(({ trip }) => trip)).toEqual(['notReconciled']);
    one.receive(adopted);
    one.receive(account(1_000));
    expect(one.peakDollars()).toBe(1_000);
    expect(one.look(1)).toEqual({ halt: undefined, reductions: [] });
  });

  test('cash that differs halts until it is resolved; a contract that differs does not halt the lane', () => {
    const one = watching({}, difference('KX-A'));
    expect(one.halt()).toBeUndefined();
    one.tell(difference('account'));
    expect(one.halt()).toBe('difference');
    one.tell(resolve('KX-A looked at'), resolve('accounting looked at'));
    expect(one.halt()).toBe('difference');
    one.tell(resolve('account looked at'));
    expect(one.halt()).toBeUndefined();
  });

  test('property: refusals of the venue within a minute halt at their limit, and those kept back by us do not count', () => {
    const refusal = fc.record({ at: fc.nat({ max: 180 }).map((s) => s * SECOND), withheld: fc.boolean() });
    fc.assert(
      fc.property(fc.array(refusal, { maxLength: 12 }), (given) => {
        const told = [...given].sort((a, b) => a.at - b.at);
        const one = watching();
        for (const [i, { at, withheld }] of told.entries()) {
          one.tell(order('orderRejected', `o${i}`, at, { why: 'no', ...(withheld && { withheld }) }));
          const counted = told.slice(0, i + 1).filter((each) => !each.withheld && each.at > at - MINUTE);
          expect(one.halt(at)).toBe(counted.length >= settings.rejectsPerMinuteMax ? 'rejects' : undefined);
        }
      }),
    );
  });

  test('an order whose state is unknown for longer than the bound halts, counted from when it was first unknown', () => {
    const bound = settings.unknownMaxMicros;
    const one = watching({}, order('orderUnknown', 'a', 10), order('orderUnknown', 'a', bound));
    expect(one.halt(10 + bound)).toBeUndefined();
    expect(one.halt(11 + bound)).toBe('unknownOrders');
  });

  test.each(['orderDone', 'orderResting', 'orderRejected'])('%s ends an unknown state', (kind) => {
    const one = watching({}, order('orderUnknown', 'a', 10), order('orderUnknown', 'b', 20));
    one.tell(order(kind, 'a', 30));
    expect(one.halt(19 + settings.unknownMaxMicros)).toBeUndefined();
    expect(one.look(21 + settings.unknownMaxMicros).halt?.why).toContain('order b');
  });

  test('an asset without a forecast, or with none that is new, reduces until one comes', () => {
    const one = watching({ assets: ['BTC', 'ETH'] });
    expect(one.reductions()).toEqual(['forecast']);
    one.tell(forecast(SECOND, 'ETH'));
    expect(one.reductions(settings.forecastPatienceMicros)).toEqual([]);
    expect(one.reductions(settings.forecastPatienceMicros + 1)).toEqual(['forecast']);
    one.tell(forecast(settings.forecastPatienceMicros + 1));
    expect(one.reductions(settings.forecastPatienceMicros + 1)).toEqual([]);
  });

  test('a connection to the exchange that is lost for longer than the patience reduces until it is live', () => {
    const patience = settings.feedPatienceMicros;
    const one = watching({}, connection('closed', 5), connection('opened', 6), connection('closed', 7));
    expect(one.reductions(5 + patience)).toEqual([]);
    expect(one.reductions(6 + patience)).toEqual(['feed']);
    one.tell(connection('live', 6 + patience));
    expect(one.reductions(6 + patience)).toEqual([]);
  });

  test('the connection of a spot venue is judged by its silence and not by its socket', () => {
    expect(watching({}, connection('closed', 5, 'kraken')).reductions(100 * SECOND)).toEqual([]);
  });

  test('each feed that is silent for longer than the patience reduces, until it speaks', () => {
    const late = 20 + settings.feedPatienceMicros;
    const one = watching({}, silence(true, 10), silence(true, 20, 'index'));
    expect(one.reductions(10 + settings.feedPatienceMicros)).toEqual([]);
    expect(one.reductions(late)).toEqual(['feed']);
    expect(one.reductions(late + 1)).toEqual(['feed', 'feed']);
    one.tell(silence(false, late));
    expect(one.look(late + 1).reductions.map(({ why }) => why)).toEqual(['index of BTC is silent for 10 s']);
  });

  test('an index that is held for longer than the patience reduces, from its first doubt until it is believed', () => {
    const patience = settings.feedPatienceMicros;
    const one = watching({}, doubt('held', 10), doubt('held', 10 + patience), doubt('held', 1, 'kraken'));
    expect(one.reductions(10 + patience)).toEqual([]);
    expect(one.reductions(11 + patience)).toEqual(['index']);
    one.tell(doubt('confirmed', 11 + patience));
    expect(one.reductions(11 + patience)).toEqual([]);
  });

  test('property: a clock reduces only where its offset is beyond the limit by more than the measurement may err', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: -3 * SECOND, max: 3 * SECOND }),
        fc.nat({ max: 2 * SECOND }),
        (offset, trip) => {
          const one = watching({}, clock(offset, trip));
          expect(one.reductions()).toEqual(Math.abs(offset) > SECOND + trip / 2 ? ['clock'] : []);
          one.tell(clock(0));
          expect(one.reductions()).toEqual([]);
        },
      ),
    );
  });

  test('a rearm starts the peak anew and forgets refusals and unknown orders, but not what the day lost', () => {
    const one = watching({ peakDollars: 2_000 }, account(1_000, -60));
    for (const id of ['a', 'b', 'c']) one.tell(order('orderRejected', id, 5, { why: 'no' }));
    one.tell(order('orderUnknown', 'd', 5));
    one.rearm();
    expect(one.peakDollars()).toBe(1_000);
    expect(one.halt(2 * settings.unknownMaxMicros)).toBe('dayLoss');
    one.tell(account(1_000, 0));
    expect(one.halt(6)).toBeUndefined();
    expect(one.halt(2 * settings.unknownMaxMicros)).toBeUndefined();
  });
});

import { describe, expect, test } from '@jest/globals';
import type { AuditEvent } from '../../src/domain/events/audit.ts';
import { cleanPoint } from '../../src/telemetry/clean-point.ts';
import { eventMeasurements } from '../../src/telemetry/event-measurements.ts';
import type { Measurement } from '../../src/telemetry/measurement.ts';
import { pointsOf } from '../../src/telemetry/points.ts';
import { decisionAt, sampleEvents } from './samples.ts';

const AT = 1_778_716_500_000_000;
const catalogue: Readonly<Record<string, Measurement>> = eventMeasurements;

describe('pointsOf', () => {
  const points = sampleEvents(AT).flatMap(pointsOf);

  test('every measurement of events is written, with its tags exactly and no field it does not know', () => {
    expect(new Set(points.map((point) => point.measurement))).toEqual(
      new Set(Object.keys(eventMeasurements)),
    );
    for (const { measurement, tags, fields } of points) {
      const known = catalogue[measurement];
      expect(Object.keys(tags).sort()).toEqual(Object.keys(known?.tags ?? {}).sort());
      expect(Object.keys(known?.fields ?? {})).toEqual(expect.arrayContaining(Object.keys(fields)));
    }
  });

  test('no tag is a ticker or an id, which would make a series each', () => {
    for (const { tags } of points)
      for (const value of Object.values(tags)) expect(value).not.toMatch(/26MAY|v-1|f-1/);
  });

  test('a decision is one point, and one more for each check that refused, with what it saw', () => {
    const [decision, ...refusals] = pointsOf(decisionAt(AT, ['edge', 'warm']));
    expect(decision).toMatchObject({
      measurement: 'decision',
      at: AT,
      tags: { series: 'KXBTC15M', verdict: 'abstained', side: 'bid' },
      fields: {
        id: 7,
        bidTicks: 4200,
        askTicks: undefined,
        limitTicks: 4300,
        edgeDollars: 0.031,
        failing: 'edge warm',
      },
    });
    expect(refusals.map(({ tags, fields }) => [tags['check'], fields['headroom']])).toEqual([
      ['edge', -0.01],
      ['warm', null],
    ]);
  });

  test('each horizon of a forecast is annualised: a variance v over m minutes is √(v·525600/m)', () => {
    const horizons = points.filter((point) => point.measurement === 'forecastHorizon');
    expect(horizons.map(({ tags }) => tags['minutes'])).toEqual(['5', '60']);
    const [five, hour] = horizons.map(({ fields }) => fields['annualisedVolatility']);
    expect(five).toBeCloseTo(Math.sqrt((5e-7 * 525_600) / 5), 12);
    expect(hour).toBeCloseTo(Math.sqrt(6e-6 * 8760), 12);
  });

  test('a horizon’s band is annualised as its forecast is; where there is none, nothing of it is written', () => {
    const [five, hour] = points.filter((point) => point.measurement === 'forecastHorizon');
    expect(hour?.fields).toMatchObject({ lowLogVariance: Math.log(2e-6), highLogVariance: Math.log(8e-6) });
    expect(hour?.fields['lowAnnualisedVolatility']).toBeCloseTo(Math.sqrt(2e-6 * 8760), 12);
    expect(hour?.fields['highAnnualisedVolatility']).toBeCloseTo(Math.sqrt(8e-6 * 8760), 12);
    expect(five && Object.keys(cleanPoint(five)?.fields ?? {}).sort()).toEqual([
      'annualisedVolatility',
      'logVariance',
    ]);
  });

  test('money stays integer: fills in ticks, hundredths of contracts and millionths of dollars', () => {
    expect(points.find((point) => point.measurement === 'fill')).toMatchObject({
      tags: { series: 'KXBTC15M', side: 'bid', liquidity: 'taker' },
      fields: { priceTicks: 4250, count: 600, feeMicroDollars: 102_637, cash: -26_527 },
    });
  });

  test("an order's life is told by its state", () => {
    const orders = points.filter((point) => point.measurement === 'order');
    expect(orders.map(({ tags, fields }) => [tags['state'], fields['count'], fields['why']])).toEqual([
      ['sent', 1000, undefined],
      ['submitted', undefined, undefined],
      ['unknown', undefined, 'timed out'],
      ['resting', 400, undefined],
      ['cancelled', 600, undefined],
      ['rejected', undefined, 'insufficient balance'],
    ]);
  });

  test('the error of the index is its deviation in basis points', () => {
    const index = points.find((point) => point.measurement === 'index');
    expect(index?.fields['errorBasisPoints']).toBeCloseTo(2, 12);
  });

  test('a tick row is one point: a field for each feature, of which what is not known is not written', () => {
    const [tick] = points.filter((point) => point.measurement === 'tick');
    expect(tick).toMatchObject({
      at: AT,
      tags: { asset: 'BTC' },
      fields: { depthMean1: 2 / 8, contractDepth: 16 / 8 },
    });
    expect(tick?.fields['depthLast1']).toBeNull();
    expect(tick && cleanPoint(tick)?.fields).not.toHaveProperty('depthLast1');
    expect(tick && cleanPoint(tick)?.fields).toHaveProperty('depthMean1');
  });

  test('the same moment of two assets is two points of each measurement, told apart by their tags', () => {
    const other = sampleEvents(AT).map((event): AuditEvent => {
      if ('asset' in event) return { ...event, asset: 'ETH' };
      if (event.kind === 'decision') return { ...event, ticker: event.ticker.replace('KXBTC', 'KXETH') };
      return event;
    });
    const keysOf = (events: readonly AuditEvent[]): readonly string[] =>
      events
        .flatMap(pointsOf)
        .filter(({ tags }) => 'asset' in tags || 'verdict' in tags || 'check' in tags)
        .map(({ measurement, tags, at }) => JSON.stringify([measurement, tags, at]));
    const mine = new Set(keysOf(sampleEvents(AT)));
    const theirs = keysOf(other);
    expect(theirs.length).toBeGreaterThan(8);
    expect(theirs.filter((key) => mine.has(key))).toEqual([]);
    const assets = other.flatMap(pointsOf).flatMap(({ tags }) => tags['asset'] ?? []);
    expect(new Set(assets)).toEqual(new Set(['ETH']));
  });

  test('what only tapes and logs keep gives nothing', () => {
    expect(pointsOf({ kind: 'command', at: AT, command: 'halt', reason: 'lunch' })).toEqual([]);
    expect(pointsOf({ kind: 'session', at: AT, name: 'a' })).toEqual([]);
    expect(
      pointsOf({ kind: 'outcome', at: AT, ticker: 'KXBTC-A', valueUnits: undefined, result: 'yes' }),
    ).toEqual([]);
  });
});

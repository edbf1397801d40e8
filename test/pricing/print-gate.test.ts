import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { IndexPrint } from '../../src/domain/events/venue.ts';
import { MILLISECOND, SECOND } from '../../src/domain/time.ts';
import { printGate } from '../../src/pricing/print-gate.ts';
import { pricingSettings } from '../../src/pricing/settings.ts';
import type { SpotPrice } from '../../src/pricing/spot-sources.ts';
import '../support/properties.ts';

const { twin } = pricingSettings.parse({});
const T0 = 1_790_000_000 * SECOND;
const at = (seconds: number): number => T0 + Math.round(seconds * SECOND);
const print = (seconds: number, dollars: number): IndexPrint => ({
  kind: 'indexPrint',
  at: at(seconds),
  receivedAt: at(seconds) + 60 * MILLISECOND,
  indexId: 'BRTI',
  sid: 1,
  seq: 1,
  asset: 'BTC',
  units: Math.round(dollars * 100),
  decimals: 2,
  hertz: 1,
});
const spot = (seconds: number, dollars: number, venue: SpotPrice['venue'] = 'kraken'): SpotPrice => ({
  venue,
  at: at(seconds),
  receivedAt: at(seconds),
  log: Math.log(dollars),
  variance: undefined,
});
type Told = ReturnType<ReturnType<typeof printGate>['receive']>;
const words = (told: Told) =>
  told.map((each) => (each.kind === 'indexPrint' ? `${each.units / 100}` : `${each.state} ${each.value}`));

describe('printGate', () => {
  test('a print that the book contradicts is held, told with both prices, and dropped after five seconds', () => {
    const gate = printGate(twin, { name: 'BTC' });
    expect(words(gate.receive(print(0, 80_000), [spot(0, 80_001)]))).toEqual(['80000']);
    const told = gate.receive(print(1, 0.01), [spot(1, 80_002)]);
    expect(words(told)).toEqual(['held 0.01']);
    expect(told[0]).toMatchObject({
      source: 'index',
      why: 'BRTI print of 0.01: kraken says 80002.00, the last believed print was 80000.00; held until a spot venue confirms it',
    });
    expect(words(gate.receive(print(2, 80_003), [spot(2, 80_002)]))).toEqual(['80003']);
    expect(words(gate.again(at(7), [spot(7, 80_002)]))).toEqual(['dropped 0.01']);
    expect(gate.holds()).toBe(false);
  });

  test('a jump is taken as soon as the book shows it, with every print of it that was held', () => {
    const gate = printGate(twin, { name: 'BTC' });
    gate.receive(print(0, 80_000), [spot(0, 80_000)]);
    expect(words(gate.receive(print(1, 80_800), [spot(0.9, 80_000)]))).toEqual(['held 80800']);
    expect(words(gate.receive(print(2, 80_810), [spot(1.9, 80_001)]))).toEqual(['held 80810']);
    expect(words(gate.again(at(2.2), [spot(2.2, 80_805)]))).toEqual([
      'confirmed 80800',
      '80800',
      'confirmed 80810',
      '80810',
    ]);
    expect(words(gate.receive(print(3, 80_805), [spot(2.2, 80_805)]))).toEqual(['80805']);
  });

  test('a jump that the book has shown before is not held at all', () => {
    const gate = printGate(twin, { name: 'BTC' });
    gate.receive(print(0, 80_000), [spot(0, 80_000)]);
    expect(words(gate.receive(print(1, 79_200), [spot(0.8, 79_201)]))).toEqual(['79200']);
  });

  test('a price from before the jump neither confirms it nor stands against the old level', () => {
    const gate = printGate(twin, { name: 'BTC' });
    gate.receive(print(0, 80_000), [spot(0, 80_000)]);
    expect(words(gate.receive(print(12, 80_400), [spot(0, 80_000)]))).toEqual(['held 80400']);
    expect(words(gate.receive(print(13, 80_010), [spot(0, 80_000)]))).toEqual(['80010']);
  });

  test('of two venues that disagree neither confirms a jump', () => {
    const gate = printGate(twin, { name: 'BTC' });
    gate.receive(print(0, 80_000), [spot(0, 80_000), spot(0, 80_000, 'coinbase')]);
    expect(words(gate.receive(print(1, 80_800), [spot(1, 80_800), spot(1, 80_000, 'coinbase')]))).toEqual([
      'held 80800',
    ]);
  });

  test('without any venue the first print is believed, and a jump after it once it has lasted thirty seconds', () => {
    const gate = printGate(twin, { name: 'BTC' });
    expect(words(gate.receive(print(0, 80_000), []))).toEqual(['80000']);
    const taken: string[] = [];
    for (let second = 1; second <= 32; second++)
      for (const each of gate.receive(print(second, 81_000), []))
        if (each.kind === 'indexPrint') taken.push(`${second}`);
    expect(taken).toEqual(['31', '32']);
  });

  test('prints that drift away from a book that stands are believed for ten seconds and then held', () => {
    const gate = printGate(twin, { name: 'BTC' });
    let last = 0;
    for (let second = 0; second < 30; second++) {
      const drifted = 80_000 * Math.exp(second * 5e-4);
      const told = gate.receive(print(second, drifted), [spot(second, 80_000)]);
      if (told.some(({ kind }) => kind === 'indexPrint')) last = second;
    }
    expect(last).toBe(12);
  });

  test('property: no print outside the band of a book of its own time is believed as a jump, and the next honest one is', () => {
    const bad = fc.oneof(
      fc.constantFrom(0.01, 1e12, 79_000, 80_200, 77_600),
      fc.double({ min: 0.01, max: 1e9, noNaN: true }),
    );
    fc.assert(
      fc.property(
        fc.array(bad, { minLength: 1, maxLength: 8 }),
        fc.integer({ min: 0, max: 3 }),
        (values, between) => {
          const gate = printGate(twin, { name: 'BTC' });
          let second = 0;
          const honest = () => {
            const told = gate.receive(print(second, 80_000), [spot(second, 80_000)]);
            expect(words(told)).toContain('80000');
            second++;
          };
          honest();
          for (const value of values) {
            const told = gate.receive(print(second, value), [spot(second, 80_000)]);
            const far = Math.abs(Math.log(value / 80_000)) > 13e-4;
            if (far) expect(told.filter(({ kind }) => kind === 'indexPrint')).toEqual([]);
            second++;
            for (let i = 0; i < between; i++) honest();
          }
          honest();
        },
      ),
    );
  });

  test('it holds at most sixty-four prints', () => {
    const gate = printGate({ ...twin, agree: { ...twin.agree, holdMicros: 1e12 } }, { name: 'BTC' });
    gate.receive(print(0, 80_000), [spot(0, 80_000)]);
    let held = 0;
    for (let second = 1; second <= 200; second++)
      for (const each of gate.receive(print(second, 90_000), [spot(second, 80_000)]))
        if (each.kind === 'priceDoubt') held += each.state === 'held' ? 1 : -1;
    expect(held).toBe(64);
  });
});

import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { FAULT_KINDS, faultSchema, parseFault } from '../../../src/emulator/transport/fault.ts';

describe('parseFault', () => {
  test.each([
    ['drop@30s:kraken', { kind: 'drop', venue: 'kraken', atMs: 30_000, spanMs: 5_000 }],
    ['silence@0:kalshi', { kind: 'silence', venue: 'kalshi', atMs: 0, spanMs: 5_000 }],
    [
      'delay@10s+5s=300ms:kraken',
      { kind: 'delay', venue: 'kraken', atMs: 10_000, spanMs: 5_000, value: 300 },
    ],
    ['tooMany@1m+90:kalshi', { kind: 'tooMany', venue: 'kalshi', atMs: 60_000, spanMs: 90_000 }],
    ['hole@1500ms=3:kalshi', { kind: 'hole', venue: 'kalshi', atMs: 1_500, spanMs: 5_000, value: 3 }],
    [
      'clockSkew@0.5+250ms=-2s:kalshi',
      { kind: 'clockSkew', venue: 'kalshi', atMs: 500, spanMs: 250, value: -2_000 },
    ],
    ['maintenance@2+0:kraken', { kind: 'maintenance', venue: 'kraken', atMs: 2_000, spanMs: 0 }],
  ] as const)(
    '%s is read: times are seconds unless they name a unit, values are what they are',
    (text, fault) => {
      expect(parseFault(text)).toEqual(fault);
    },
  );

  test.each([
    ['drop:kraken', /a fault is written kind@time\+span=value:venue, .* was drop:kraken/],
    ['drop@soon:kraken', /a fault is written/],
    ['drop@3h:kraken', /a fault is written/],
    ['drop@-3:kraken', /a fault is written/],
    ['drop@3', /a fault is written/],
    ['', /a fault is written/],
    ['drop@3:kraken and more', /a fault is written/],
    ['explode@3:kraken', /^explode@3:kraken: kind: /],
    ['drop@3:coinbase', /^drop@3:coinbase: venue: /],
    ['drop@1.2.3:kraken', /^drop@1\.2\.3:kraken: atMs: /],
    ['drop@3+.:kraken', /^drop@3\+\.:kraken: spanMs: /],
    ['delay@3=-:kraken', /a fault is written/],
  ] as const)('"%s" is refused with what is wrong', (text, why) => {
    expect(parseFault(text)).toMatch(why);
  });

  test.each([
    ['hole@30s=2:kalshi/fill', { kind: 'hole', venue: 'kalshi', atMs: 30_000, value: 2, only: 'fill' }],
    ['serverError@1s+2s=1:kalshi/cancel', { kind: 'serverError', spanMs: 2_000, value: 1, only: 'cancel' }],
    ['marketHalt@1s:kalshi/KXBTCD-26SEP2509-T84099.99', { only: 'KXBTCD-26SEP2509-T84099.99' }],
    ['deposit@1s+0s=12.5:kalshi', { kind: 'deposit', value: 12.5, spanMs: 0 }],
  ] as const)('"%s" says what it strikes', (text, fault) => {
    expect(parseFault(text)).toMatchObject(fault);
  });

  test.each([
    ['hole@1s:kalshi/create', /only: for hole it must be one of .*fill.*, was create$/],
    ['serverError@1s:kalshi/fill', /only: for serverError it must be one of create, .*, was fill$/],
    ['drop@1s:kalshi/fill', /only: drop strikes everything and takes no choice, was fill$/],
    ['deposit@1s=-5:kalshi', /value: must be dollars, at least 0.01, was -5$/],
    ['hole@1s:kalshi/', /a fault is written/],
  ] as const)('"%s" is refused with what is wrong', (text, why) => {
    expect(parseFault(text)).toMatch(why);
  });

  test('property: a fault written in milliseconds is read as it was written', () => {
    const fault = fc.record(
      {
        kind: fc.constantFrom(...FAULT_KINDS),
        venue: fc.constantFrom('kraken' as const, 'kalshi' as const),
        atMs: fc.nat(1e6),
        spanMs: fc.nat(1e6),
        value: fc.integer({ min: -1e6, max: 1e6 }),
      },
      { requiredKeys: ['kind', 'venue', 'atMs'] },
    );
    fc.assert(
      fc.property(fault, ({ kind, venue, atMs, spanMs, value: any }) => {
        // Money that comes or goes is at least a cent.
        const value =
          any === undefined || (kind !== 'deposit' && kind !== 'withdrawal') ? any : Math.abs(any) + 1;
        const span = spanMs === undefined ? '' : `+${spanMs}ms`;
        const more = value === undefined ? '' : `=${value}`;
        expect(parseFault(`${kind}@${atMs}ms${span}${more}:${venue}`)).toEqual({
          kind,
          venue,
          atMs,
          spanMs: spanMs ?? 5_000,
          ...(value !== undefined && { value }),
        });
      }),
    );
  });

  test('property: any text gives a fault or a reason, and never throws', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string(), fc.stringMatching(/^\w*@[\d.]*(ms|s|m|h)?\+?[\d.]*=?-?[\d.]*:?\w*$/)),
        (text) => {
          const read = parseFault(text);
          if (typeof read === 'string') expect(read.length).toBeGreaterThan(0);
          else expect(faultSchema.safeParse(read).success).toBe(true);
        },
      ),
      { numRuns: 1_000 },
    );
  });
});

describe('faultSchema', () => {
  test('a fault is now and for five seconds unless it says otherwise, and has no other words', () => {
    expect(faultSchema.parse({ kind: 'drop', venue: 'kraken' })).toEqual({
      kind: 'drop',
      venue: 'kraken',
      atMs: 0,
      spanMs: 5_000,
    });
    for (const bad of [{ at: 3 }, { atMs: -1 }, { spanMs: -1 }, { value: 'x' }, { venue: 'coinbase' }])
      expect(faultSchema.safeParse({ kind: 'drop', venue: 'kraken', ...bad }).success).toBe(false);
  });
});

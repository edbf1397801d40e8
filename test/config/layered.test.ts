import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { demoSettings } from '../../src/config/demo-settings.ts';
import { layeredOn } from '../../src/config/layered.ts';
import { parseConfig } from '../../src/config/load.ts';
import { settingsSchema } from '../../src/config/settings.ts';

describe('layeredOn', () => {
  test('nothing on top leaves the base as it is, and the base need not be the defaults', () => {
    expect(layeredOn(demoSettings).parse({})).toEqual(demoSettings);
    expect(parseConfig('x', '', layeredOn(demoSettings))).toEqual({ kind: 'loaded', settings: demoSettings });
  });

  test('property: a key that the file says is the file’s, every other is the base’s', () => {
    const part = fc.record(
      {
        label: fc.stringMatching(/^[a-z]{1,8}$/),
        risk: fc.record({ orderCooldownMicros: fc.integer({ min: 1, max: 1e9 }) }),
        kraken: fc.record({ bookDepth: fc.constantFrom(10 as const, 25 as const, 100 as const) }),
        emulator: fc.record({ seed: fc.stringMatching(/^[a-z]{1,8}$/) }),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(part, (raw) => {
        const { label, risk, kraken, emulator, ...rest } = layeredOn(demoSettings).parse(raw);
        const base = demoSettings;
        expect({ label, risk, kraken, emulator, ...rest }).toEqual({
          ...base,
          label: raw.label ?? base.label,
          risk: { ...base.risk, ...raw.risk },
          kraken: { ...base.kraken, ...raw.kraken },
          emulator: { ...base.emulator, ...raw.emulator },
        });
      }),
    );
  });

  test('lists replace whole, and a file of an earlier release is read', () => {
    const base = settingsSchema.parse({ assets: ['BTC', 'ETH'] });
    expect(
      layeredOn(base)
        .parse({ assets: ['SOL'] })
        .assets.map(({ name }) => name),
    ).toEqual(['SOL']);
    const earlier = layeredOn(base).parse({ kraken: { symbol: 'BTC/EUR' } });
    expect(earlier.assets[0]?.spot.kraken).toBe('BTC/EUR');
  });

  test('an unknown key is refused by its line, as in any configuration', () => {
    expect(parseConfig('x.yaml', 'label: a\nrisc: {}\n', layeredOn(demoSettings))).toMatchObject({
      kind: 'configProblem',
      why: expect.stringContaining('risc'),
    });
  });
});

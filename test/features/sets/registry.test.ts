import { createHash } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { loadBackbone } from '../../../pipelines/load/load-backbone.ts';
import { CHANNELS } from '../../../src/features/minute/minute-channels.ts';
import { barFeatures } from '../../../src/features/sets/bar-features.ts';
import { barsSet } from '../../../src/features/sets/bars-set.ts';
import { memorySet } from '../../../src/features/sets/memory-set.ts';
import { registry } from '../../../src/features/sets/registry.ts';
import { tickSet } from '../../../src/features/sets/tick-set.ts';

const named = (features: readonly { readonly name: string }[]): readonly string[] =>
  features.map(({ name }) => name);

describe('registry', () => {
  test('every list of features that is computed is a set, in the order of its rows', () => {
    expect(registry.map(({ set, features }) => [set, named(features)])).toEqual([
      ['backbone', named(barFeatures)],
      ['bars', named(barsSet)],
      ['memory', named(memorySet)],
      ['channels', [...CHANNELS]],
      ['ticks', named(tickSet)],
    ]);
  });

  test('a set has the hash of its own names in order, and artefacts carry it', () => {
    for (const { sha256, features } of registry)
      expect(sha256).toBe(createHash('sha256').update(named(features).join('\n')).digest('hex'));
    expect(new Set(registry.map(({ sha256 }) => sha256)).size).toBe(registry.length);
    const { features, featureListSha256 } = loadBackbone();
    expect(createHash('sha256').update(features.join('\n')).digest('hex')).toBe(featureListSha256);
    // The registry may grow; what a shipped model reads stays in it.
    expect(named(barFeatures)).toEqual(expect.arrayContaining([...features]));
  });

  test('a name is used once in its set, and says its unit, source, warm-up and meaning', () => {
    for (const { features, usedBy } of registry) {
      expect(usedBy).toBeTruthy();
      expect(new Set(named(features)).size).toBe(features.length);
      for (const { name, unit, source, warmUpMinutes, about } of features) {
        expect([name, unit, about]).not.toContain('');
        expect(source.length).toBeGreaterThan(0);
        expect(warmUpMinutes).toBeGreaterThanOrEqual(0);
        expect(warmUpMinutes).toBeLessThanOrEqual(1_440);
      }
    }
  });
});

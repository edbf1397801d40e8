import { describe, expect, test } from '@jest/globals';
import { type FeatureSet, registry } from '../../src/features/sets/registry.ts';
import { lastJson, voltage } from '../support/voltage.ts';

describe('voltage features', () => {
  test('prints each feature on a line of its own with unit, source, warm-up and meaning, under the hash of its set', () => {
    const { code, stdout, stderr } = voltage(['features']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const lines = stdout.trimEnd().split('\n');
    for (const { set, usedBy, sha256, features } of registry) {
      const head = lines.indexOf(`${set} (${features.length}): ${usedBy}; sha256 ${sha256}`);
      expect([set, head]).not.toEqual([set, -1]);
      for (const [i, { name, unit, source, warmUpMinutes, about }] of features.entries())
        expect((lines[head + 1 + i] ?? '').trim().split(/ {2,}/)).toEqual([
          name,
          unit,
          source.join(', '),
          `${warmUpMinutes} min`,
          about,
        ]);
    }
  });

  test('columns stand under each other', () => {
    const lines = voltage(['features']).stdout.split('\n');
    const bars = registry.find(({ set }) => set === 'bars')?.features ?? [];
    const from = lines.findIndex((line) => line.startsWith('bars ')) + 1;
    const places = bars.map(({ about }, i) => (lines[from + i] ?? '').indexOf(about));
    expect(new Set(places).size).toBe(1);
    expect(places[0]).toBeGreaterThan(0);
  });

  test('with --json the last line is the sets themselves', () => {
    expect(lastJson<{ readonly sets: readonly FeatureSet[] }>(voltage(['features', '--json']))).toEqual({
      sets: registry,
    });
  });
});

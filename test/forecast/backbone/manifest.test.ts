import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parseBackbone } from '../../../src/forecast/backbone/manifest.ts';
import { handBackbone } from '../models.ts';

const damaged = (
  damage: (json: ReturnType<typeof handBackbone> & Record<string, unknown>) => void,
): string => {
  const json = structuredClone(handBackbone()) as ReturnType<typeof handBackbone> & Record<string, unknown>;
  damage(json);
  try {
    parseBackbone(json, 'mine.json');
  } catch (cause) {
    return (cause as Error).message;
  }
  return 'accepted';
};

describe('parseBackbone', () => {
  test('it accepts a whole backbone and the shipped one', () => {
    expect(parseBackbone(handBackbone())).toEqual(handBackbone());
    const shipped = parseBackbone(JSON.parse(readFileSync('models/backbone.json', 'utf8')));
    expect(shipped.fitted.until).toBe('2026-05-11T00:00:00.000Z');
    expect(shipped.fitted.origins).toBeGreaterThan(160_000);
  });

  test('property: a model reads its own features by name, in any order and wherever they stand in the list', () => {
    const whole = handBackbone();
    fc.assert(
      fc.property(
        fc.shuffledSubarray(
          whole.features.map((_, i) => i),
          { minLength: 1 },
        ),
        (chosen) => {
          const features = chosen.map((i) => whole.features[i] as string);
          const json = {
            ...whole,
            features,
            featureListSha256: createHash('sha256').update(features.join('\n')).digest('hex'),
            horizons: whole.horizons.map((horizon, h) => ({
              ...horizon,
              coefficients: chosen.map((i) => 1 + i + 100 * h),
            })),
          };
          const read = parseBackbone(json);
          expect(read.features).toEqual(features);
          expect(read.horizons.map(({ coefficients }) => coefficients)).toEqual(
            read.horizons.map((_, h) =>
              whole.features.map((__, i) => (chosen.includes(i) ? 1 + i + 100 * h : 0)),
            ),
          );
        },
      ),
    );
  });

  test('a feature that this build does not have is refused by its name', () => {
    const message = damaged((json) => {
      const features = [...json.features.slice(1), 'future7'];
      Object.assign(json, {
        features,
        featureListSha256: createHash('sha256').update(features.join('\n')).digest('hex'),
      });
    });
    expect(message).toContain('features: this build does not have future7; fit the model again');
  });

  test('a list that is not the one of its hash is refused, and says what to do', () => {
    const message = damaged((json) => {
      json.featureListSha256 = 'a'.repeat(64);
    });
    expect(message).toMatch(
      /^backbone: mine\.json is not usable: featureListSha256: must be that of features \([0-9a-f]{64}\), was a{64}; fit the model again$/,
    );
  });

  test('each fault names its key', () => {
    expect(damaged((json) => Reflect.deleteProperty(json, 'tails'))).toContain('tails: ');
    expect(damaged((json) => json.horizons.pop())).toContain(
      'horizons: must be the horizons 5, 15, 30, 60, 120 minutes',
    );
    expect(damaged((json) => json.horizons[2]?.coefficients.pop())).toContain('horizons.2.coefficients: ');
    expect(damaged((json) => Object.assign(json.tails[0] ?? {}, { nu: Number.NaN }))).toContain(
      'tails.0.nu: ',
    );
    expect(damaged((json) => json.tails.push({ seconds: 30, nu: 3, scale: 1 }))).toContain(
      'tails: must rise by seconds',
    );
    expect(damaged((json) => Object.assign(json, { extra: 1 }))).toContain('extra');
    expect(() => parseBackbone(null)).toThrow('backbone: models/backbone.json is not usable: the whole: ');
  });
});

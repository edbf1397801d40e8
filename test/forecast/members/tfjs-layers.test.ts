import { describe, expect, test } from '@jest/globals';
import { tfjsLayers } from '../../../src/forecast/members/tfjs-layers.ts';
import { tfjsCpu as tf } from '../../support/tfjs-cpu.ts';

const { gelu, layerNorm } = tfjsLayers(tf);

describe('tfjsLayers', () => {
  test('GELU is x Φ(x), not an approximation by tanh', () => {
    const said = tf.tidy(() => gelu(tf.tensor([-2, -1, 0, 1, 2])).dataSync());
    // Φ to ten digits from a table; by tanh −2 gives −0.0454023, which is 1e-4 away.
    const expected = [-2 * 0.0227501319, -0.1586552539, 0, 0.8413447461, 2 * 0.9772498681];
    for (const [i, value] of expected.entries())
      expect(Math.abs((said[i] as number) - value)).toBeLessThan(1e-6);
  });

  test('layer norm adds 1e-5 to the variance, which shows where a token hardly varies', () => {
    const [spread, scale, shift] = [1e-3, 2, 0.5];
    const said = tf.tidy(() =>
      layerNorm(
        tf.tensor([1 - spread, 1 + spread, -5, 5], [1, 2, 2]),
        (name) => tf.tensor([scale, scale].map((value) => (name === 'n.weight' ? value : shift))),
        'n',
      ).dataSync(),
    );
    const faint = spread / Math.sqrt(spread ** 2 + 1e-5);
    const plain = 5 / Math.sqrt(25 + 1e-5);
    const expected = [-faint, faint, -plain, plain].map((value) => value * scale + shift);
    for (const [i, value] of expected.entries()) expect(said[i]).toBeCloseTo(value, 3);
  });
});

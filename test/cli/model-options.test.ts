import { describe, expect, test } from '@jest/globals';
import { Command } from 'commander';
import { addModelOptions, type ModelFlags } from '../../src/cli/model-options.ts';

const parse = (...argv: readonly string[]): ModelFlags =>
  addModelOptions(new Command())
    .exitOverride()
    .configureOutput({ writeErr: () => {} })
    .parse(argv, { from: 'user' })
    .opts<ModelFlags>();

describe('addModelOptions', () => {
  test('the runtime is only ever what was said, and unsaid it is left to the default of what opens the models', () => {
    expect(parse('--runtime', 'tfjs').runtime).toBe('tfjs');
    expect(parse('--runtime', 'onnx', '--models', 'm.json').runtime).toBe('onnx');
    expect(parse()).toEqual({});
  });

  test('a runtime that there is none of is refused with those there are', () => {
    expect(() => parse('--runtime', 'cuda')).toThrow(/'cuda' is invalid\. Allowed choices are onnx, tfjs\./);
  });

  test('a backbone alone has no trained model to run on one', () => {
    expect(() => parse('--runtime', 'tfjs', '--model', 'package.json')).toThrow(
      /'--runtime <name>' cannot be used with option '--model <json>'/,
    );
  });
});

import { describe, expect, test } from '@jest/globals';
import { Command } from 'commander';
import { addModelOptions, type ModelFlags, withModels } from '../../src/cli/model-options.ts';
import { UsageError } from '../../src/cli/usage.ts';
import { settingsSchema } from '../../src/config/settings.ts';

const parse = (...argv: readonly string[]): ModelFlags =>
  addModelOptions(new Command())
    .exitOverride()
    .configureOutput({ writeErr: () => {} })
    .parse(argv, { from: 'user' })
    .opts<ModelFlags>();

describe('addModelOptions', () => {
  test('the runtime is only ever what was said, and unsaid it is left to the default of what opens the models', () => {
    expect(parse('--runtime', 'tfjs').runtime).toBe('tfjs');
    expect(parse('--runtime', 'onnx', '--models', 'package.json').runtime).toBe('onnx');
    expect(parse()).toEqual({});
  });

  test('a runtime that there is none of is refused with those there are', () => {
    expect(() => parse('--runtime', 'cuda')).toThrow(/'cuda' is invalid\. Allowed choices are onnx, tfjs\./);
  });

  test('a backbone alone has no trained model to run on one', () => {
    expect(() => parse('--runtime', 'tfjs', '--model', 'package.json')).toThrow(
      /'--runtime <name>' cannot be used with option '--model <\[asset=\]json>'/,
    );
  });
});

describe('withModels', () => {
  const settings = settingsSchema.parse({ assets: ['BTC', 'ETH'] });
  const modelsOf = (...argv: readonly string[]): readonly (string | undefined)[] =>
    withModels(settings, parse(...argv)).assets.map(({ models }) => models);

  test('a path alone is the first asset’s, one with a name that asset’s, and the others keep their own', () => {
    expect(modelsOf()).toEqual(['shipped:manifest.json', undefined]);
    expect(modelsOf('--models', 'package.json')).toEqual(['package.json', undefined]);
    expect(modelsOf('--models', 'ETH=package.json')).toEqual(['shipped:manifest.json', 'package.json']);
    expect(modelsOf('--model', 'ETH=package.json', '--models', 'BTC=tsconfig.json')).toEqual([
      'tsconfig.json',
      'package.json',
    ]);
  });

  test('a backbone alone stands above trained models of the same asset', () => {
    expect(modelsOf('--models', 'tsconfig.json', '--model', 'package.json')[0]).toBe('package.json');
  });

  test.each([
    [
      ['--models', 'DOGE=package.json'],
      /^--models: DOGE is not followed, only BTC, ETH; name it with --assets$/,
    ],
    [['--model', 'package.json', '--model', 'BTC=tsconfig.json'], /BTC may have one file/],
  ])('%j is refused', (argv, why) => {
    expect(() => modelsOf(...argv)).toThrow(UsageError);
    expect(() => modelsOf(...argv)).toThrow(why);
  });
});

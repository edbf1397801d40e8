import { describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import { overrides, withEnvironment } from '../../src/config/environment.ts';
import { loadConfig, parseConfig } from '../../src/config/load.ts';
import { settingsSchema } from '../../src/config/settings.ts';

const schema = z.strictObject({
  risk: z.strictObject({ maxOrders: z.int().min(1) }).default({ maxOrders: 3 }),
});

describe('parseConfig', () => {
  test('an empty file gives the defaults', () => {
    expect(parseConfig('v.yaml', '', schema)).toEqual({
      kind: 'loaded',
      settings: { risk: { maxOrders: 3 } },
    });
  });

  test('a bad value is told by file, line, key and value', () => {
    expect(parseConfig('v.yaml', '# limits\nrisk:\n  maxOrders: 0.5\n', schema)).toMatchObject({
      kind: 'configProblem',
      why: expect.stringMatching(/^v\.yaml:3: risk\.maxOrders: .*was 0\.5$/),
    });
  });

  test('a key nobody knows is a problem, not ignored', () => {
    expect(parseConfig('v.yaml', 'risk: { maxOrders: 1, maxOrder: 2 }', schema)).toMatchObject({
      why: expect.stringContaining('maxOrder'),
    });
  });

  test('broken YAML names its line', () => {
    expect(parseConfig('v.yaml', 'risk:\n  a: [1', schema)).toMatchObject({
      why: expect.stringMatching(/^v\.yaml:\d+: /),
    });
  });

  test('a file that is not there is a problem with its name', () => {
    expect(loadConfig('nowhere.yaml', schema)).toMatchObject({
      why: expect.stringMatching(/^nowhere\.yaml: cannot be read/),
    });
  });
});

describe('the environment', () => {
  const keys = z.strictObject({
    kalshi: z
      .strictObject({ keyId: z.string().min(8).optional(), series: z.string().default('A') })
      .prefault({}),
  });

  test('stands above the file, key by key', () => {
    expect(
      parseConfig('v.yaml', 'kalshi: { keyId: from-the-file, series: B }', keys, {
        KALSHI_KEY_ID: 'from-outside',
      }),
    ).toEqual({ kind: 'loaded', settings: { kalshi: { keyId: 'from-outside', series: 'B' } } });
  });

  test('an empty variable sets nothing', () => {
    expect(parseConfig('v.yaml', '', keys, { KALSHI_KEY_ID: '' })).toEqual({
      kind: 'loaded',
      settings: { kalshi: { series: 'A' } },
    });
  });

  test('a bad value is told by the name of its variable, a bad neighbour by its line', () => {
    expect(parseConfig('v.yaml', 'kalshi:\n  series: 1\n', keys, { KALSHI_KEY_ID: 'short' })).toMatchObject({
      kind: 'configProblem',
      why: expect.stringMatching(
        /KALSHI_KEY_ID: kalshi\.keyId: .*, was a text that is not shown here, as it may hold a secret\nv\.yaml:2: kalshi\.series: /,
      ),
    });
  });

  test('every override names a key that the settings have', () => {
    for (const { name, path } of overrides) {
      const { raw } = withEnvironment({}, { [name]: 'value' });
      const { error } = settingsSchema.safeParse(raw);
      const unknown = error?.issues.filter(({ code }) => code === 'unrecognized_keys') ?? [];
      expect({ name, path, unknown }).toEqual({ name, path, unknown: [] });
    }
  });
});

import { describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import { loadConfig, parseConfig } from '../../src/config/load.ts';

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

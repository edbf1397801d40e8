import { describe, expect, test } from '@jest/globals';
import { loadTfjs } from '../../../src/forecast/members/load-tfjs.ts';
import { tfjsCpu } from '../../support/tfjs-cpu.ts';

const INSTALL = 'npm install --no-save --ignore-scripts=false @tensorflow/tfjs-node, or leave --runtime away';

describe('loadTfjs', () => {
  test('where the package is not installed, the refusal has the command that installs it', async () => {
    const nowhere: string = '@tensorflow/tfjs-of-no-kind';
    await expect(loadTfjs(() => import(nowhere))).rejects.toThrow(
      `models: --runtime tfjs needs @tensorflow/tfjs-node; ${INSTALL}`,
    );
    // By the code that Node gives to import().
    const missing = Object.assign(new Error('Cannot find package'), { code: 'ERR_MODULE_NOT_FOUND' });
    await expect(loadTfjs(() => Promise.reject(missing))).rejects.toThrow(`tfjs-node; ${INSTALL}`);
  });

  test('where it is without its native library, it says so in one sentence with the reason', async () => {
    const reason = new Error('The addon (tfjs_binding.node) can not be found. \nPlease run command');
    await expect(loadTfjs(() => Promise.reject(reason))).rejects.toThrow(
      `models: --runtime tfjs needs @tensorflow/tfjs-node, which is installed but does not load (The addon (tfjs_binding.node) can not be found. Please run command); ${INSTALL}`,
    );
  });

  test('what a CommonJS module exports as a whole is preferred to the names that Node could find in it', async () => {
    expect(await loadTfjs(async () => ({ default: tfjsCpu, tidy: 'half' }))).toBe(tfjsCpu);
    const { default: _, ...names } = { ...tfjsCpu, default: undefined };
    expect(await loadTfjs(async () => names)).toBe(names);
  });
});

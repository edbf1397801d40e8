import { createRequire } from 'node:module';
import { describe, test } from '@jest/globals';
import { loadTfjs } from '../../../src/forecast/members/load-tfjs.ts';
import { tfjsParity } from './tfjs-parity.ts';

const installed = (): boolean => {
  try {
    createRequire(import.meta.url).resolve('@tensorflow/tfjs-node');
    return true;
  } catch {
    return false;
  }
};

// A file of its own: loading tfjs-node makes its backend the active one.
if (installed()) tfjsParity('@tensorflow/tfjs-node', loadTfjs);
else
  describe.skip('PatchTST on @tensorflow/tfjs-node (skipped: not installed; an optional peer whose native library comes from a storage host at install, where CI and npm ci do not go)', () =>
    test('needs the package', () => {}));

import { realpathSync } from 'node:fs';
import { afterEach, describe, expect, test } from '@jest/globals';
import { startWhereCalled } from '../../src/cli/start-where-called.ts';
import { tempFolder } from '../support/temp-folder.ts';

describe('startWhereCalled', () => {
  const home = process.cwd();
  const folder = realpathSync(tempFolder());
  afterEach(() => process.chdir(home));

  test('npm’s runs of this command begin in the folder of the caller', () => {
    for (const run of ['npx', 'voltage', 'start']) {
      process.chdir(home);
      startWhereCalled({ npm_lifecycle_event: run, INIT_CWD: folder });
      expect(process.cwd()).toBe(folder);
    }
  });

  test('other runs of npm, no npm, and a folder that is gone change nothing', () => {
    startWhereCalled({ npm_lifecycle_event: 'test', INIT_CWD: folder });
    startWhereCalled({ INIT_CWD: folder });
    startWhereCalled({ npm_lifecycle_event: 'npx', INIT_CWD: `${folder}/gone` });
    startWhereCalled({ npm_lifecycle_event: 'npx' });
    expect(process.cwd()).toBe(home);
  });
});

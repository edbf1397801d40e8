import { chmodSync, mkdirSync, mkdtempSync, statSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { ownFolder, socketPath } from '../../pipelines/edges/socket-path.ts';
import { freshToken, liveState, readToken } from '../../src/cli/live-state.ts';
import { UsageError } from '../../src/cli/usage.ts';
import { settingsSchema } from '../../src/config/settings.ts';
import '../support/properties.ts';
import { tempFolder } from '../support/temp-folder.ts';

const root = tempFolder();
const room = (): string => mkdtempSync(join(root, 'r-'));
const settings = (keyId?: string, environment: 'prod' | 'demo' = 'demo') =>
  settingsSchema.parse({ kalshi: { environment, ...(keyId !== undefined && { keyId }) } });
const modeOf = (path: string): number => statSync(path).mode & 0o777;

describe('liveState', () => {
  test('gives each key and each environment files of its own, in a folder that others cannot enter', () => {
    const folder = room();
    const states = [settings('a'), settings('b'), settings('a', 'prod')].map((each) =>
      liveState(each, folder, {}),
    );
    expect(new Set(states.flatMap((each) => Object.values(each) as string[])).size).toBe(3 * 8);
    for (const { journal } of states) expect(modeOf(dirname(journal))).toBe(0o700);
    expect(liveState(settings(' a '), folder, {})).toEqual(states[0]);
  });

  test('shuts a folder of the account that was open to others', () => {
    const folder = room();
    const { journal } = liveState(settings('a'), folder, {});
    chmodSync(dirname(journal), 0o755);
    liveState(settings('a'), folder, {});
    expect(modeOf(dirname(journal))).toBe(0o700);
  });

  test('without a key is a sentence, and a folder that cannot be made is one too', () => {
    expect(() => liveState(settings(), room(), {})).toThrow(UsageError);
    expect(() => liveState(settings('a'), '/dev/null/x', {})).toThrow(/state cannot be kept in/);
  });

  test('a token is new each time, its owner’s alone, and read as it was made', () => {
    const path = join(room(), 'lane.token');
    expect(readToken(path)).toBeUndefined();
    const [first, second] = [freshToken(path), freshToken(path)];
    expect(second).not.toBe(first);
    expect(readToken(path)).toBe(second);
    expect(modeOf(path)).toBe(0o600);
  });
});

describe('socketPath', () => {
  test('any path fits a socket, is the same each time, and another for another', () => {
    // Short on its own, so that the rest of a path decides.
    const runtime = mkdtempSync(join(tmpdir(), 'v-'));
    const variables = { XDG_RUNTIME_DIR: runtime };
    fc.assert(
      fc.property(
        fc.uniqueArray(
          fc.string({ minLength: 1, maxLength: 300, unit: fc.constantFrom('a', 'b', 'é', '/') }),
          {
            minLength: 2,
            maxLength: 4,
          },
        ),
        (names) => {
          const paths = names.map((name) => socketPath(`/s/${name}/lane.sock`, variables));
          for (const path of paths) expect(Buffer.byteLength(path)).toBeLessThanOrEqual(88);
          expect(new Set(paths).size).toBe(names.length);
          expect(names.map((name) => socketPath(`/s/${name}/lane.sock`, variables))).toEqual(paths);
        },
      ),
    );
  });

  test('a path too long for both places is a sentence that says what to do', () => {
    const long = `/${'x'.repeat(120)}`;
    expect(() => socketPath(`${long}/lane.sock`, { XDG_RUNTIME_DIR: long })).toThrow(
      /give a shorter --state/,
    );
  });

  test('a link that another put in place of the runtime folder is not followed', () => {
    const runtime = room();
    const elsewhere = join(runtime, 'elsewhere');
    mkdirSync(elsewhere);
    symlinkSync(elsewhere, join(runtime, 'mine'));
    expect(() => ownFolder(join(runtime, 'mine'))).toThrow(/must be a folder of your own/);
  });
});

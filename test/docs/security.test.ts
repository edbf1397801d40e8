import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { settingsSchema } from '../../src/config/settings.ts';

const page = readFileSync('docs/security.md', 'utf8');

/** A line of the page: its threat, and the test that holds it. */
interface Row {
  readonly threat: string;
  readonly file: string;
  readonly title: string;
}

const rowsOf = (text: string): readonly Row[] =>
  text
    .split('\n')
    .filter((line) => line.startsWith('| ') && !/^\| (?:threat|---)/.test(line))
    .map((line) => {
      const [, threat = '', , test = ''] = line.split('|').map((cell) => cell.trim());
      const [, file = '', title = ''] = /^`([^`]+)`: (.+)$/.exec(test) ?? [];
      return { threat, file, title };
    });

/** The titles of a file's tests, as they are written in its quotes. */
const titlesIn = (source: string): readonly string[] =>
  [...source.matchAll(/(['`"])((?:(?!\1)[^\\\n])+)\1,\s*(?:async\s*)?\(/g)].map(([, , title = '']) => title);

describe('docs/security.md', () => {
  const rows = rowsOf(page);

  test('has a section for every thing of value that was named for it', () => {
    const sections = [...page.matchAll(/^## (.+)$/gm)].map(([, title = '']) => title).join('; ');
    for (const word of [
      'Keys',
      'local sockets',
      'supervisor',
      'journal',
      'Configuration',
      'Tapes',
      'emulator',
      'Dependencies',
      'to come',
    ])
      expect(sections).toContain(word);
    expect(page).toContain('**A console on another address**');
    expect(rows.length).toBeGreaterThan(40);
  });

  test.each(rows)('“$threat” is held by a test that is there: $title', ({ file, title }) => {
    expect(existsSync(file)).toBe(true);
    expect(titlesIn(readFileSync(file, 'utf8'))).toContain(title);
  });

  test('a line without a test, or with a title that its file does not have, would be found', () => {
    expect(rowsOf('| a | b | none |')).toEqual([{ threat: 'a', file: '', title: '' }]);
    expect(
      titlesIn("test('one', () => {});\ntest.each(x)('two %s', async (y) => {});\nexpect('three');"),
    ).toEqual(['one', 'two %s']);
  });
});

describe('what no other test holds', () => {
  test('a key does not sign in the open: without TLS only this machine is spoken to', () => {
    const hosts = fc.constantFrom(
      '127.0.0.1',
      'localhost',
      '[::1]',
      'example.com',
      '10.0.0.7',
      'kalshi.test',
    );
    fc.assert(
      fc.property(hosts, fc.boolean(), fc.boolean(), fc.boolean(), (host, isSafe, hasKey, isSocket) => {
        const address = isSocket
          ? { wsUrl: `${isSafe ? 'wss' : 'ws'}://${host}/trade-api/ws/v2` }
          : { restUrl: `${isSafe ? 'https' : 'http'}://${host}/trade-api/v2` };
        const key = hasKey ? { keyId: 'id', privateKeyPath: 'key.pem' } : {};
        const isHere = ['127.0.0.1', 'localhost', '[::1]'].includes(host);
        expect(settingsSchema.safeParse({ kalshi: { ...address, ...key } }).success).toBe(
          isSafe || isHere || !hasKey,
        );
      }),
    );
  });

  const manifest = JSON.parse(readFileSync('package.json', 'utf8')) as {
    readonly dependencies: Readonly<Record<string, string>>;
    readonly devDependencies: Readonly<Record<string, string>>;
    readonly allowScripts: Readonly<Record<string, boolean>>;
  };
  const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8')) as {
    readonly packages: Readonly<Record<string, { readonly integrity?: string; readonly resolved?: string }>>;
  };

  test('no package runs a script while it is installed', () => {
    expect(readFileSync('.npmrc', 'utf8').split('\n')).toContain('ignore-scripts=true');
    expect(Object.values(manifest.allowScripts).filter((allowed) => allowed)).toEqual([]);
    for (const line of readFileSync('deploy/container/Dockerfile', 'utf8').split('\n'))
      if (/\bnpm (?:ci|install)\b/.test(line)) expect(line).toContain('--ignore-scripts');
  });

  test('every package is named by its exact version, and the lock holds a hash of each', () => {
    for (const [name, version] of Object.entries({ ...manifest.dependencies, ...manifest.devDependencies }))
      expect([name, /^\d+\.\d+\.\d+(?:-r\.\d+)?$/.test(version)]).toEqual([name, true]);
    const without = Object.entries(packages).filter(
      ([at, { integrity }]) => at !== '' && integrity === undefined,
    );
    expect(without.map(([at]) => at)).toEqual([]);
    for (const { resolved } of Object.values(packages))
      if (resolved !== undefined) expect(resolved).toMatch(/^https:\/\//);
  });
});

import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import { settingsObject } from '../../src/config/settings.ts';
import { tempFolder } from '../support/temp-folder.ts';

const SCRIPT = pathToFileURL(resolve('scripts/settings-doc.mjs')).href;
const { settingsDoc } = (await import(SCRIPT)) as {
  readonly settingsDoc: (schema: unknown) => {
    readonly text: string;
    readonly undescribed: readonly string[];
  };
};
const schemaOf = (schema: z.ZodType): unknown =>
  z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
const documented = (schema: z.ZodType) => settingsDoc(schemaOf(schema));
const root = tempFolder();

describe('docs/settings.md', () => {
  test('every key of the configuration is described', () => {
    expect(documented(settingsObject).undescribed).toEqual([]);
  });

  test('is what the schemas say today', () => {
    expect(readFileSync('docs/settings.md', 'utf8')).toBe(documented(settingsObject).text);
  });

  test('a stale page fails the check, which says how to renew it; a fresh one passes', () => {
    const page = readFileSync('docs/settings.md', 'utf8');
    const stale = join(root, 'settings.md');
    writeFileSync(stale, page.replace('| unit |', '| units |'));
    const check = (...file: readonly string[]) =>
      spawnSync(process.execPath, ['scripts/settings-doc.mjs', '--check', ...file], { encoding: 'utf8' });
    expect(check(stale)).toMatchObject({
      status: 1,
      stderr: `settings-doc: ${stale} is stale: run \`npm run settings-doc\`\n`,
    });
    expect(check()).toMatchObject({ status: 0, stderr: '' });
  });
});

describe('settingsDoc', () => {
  test('a row names key, choices or bounds, default, unit and meaning', () => {
    const { text } = documented(
      z.strictObject({
        desk: z
          .strictObject({
            repeatMicros: z.int().positive().default(90_000_000).describe('How often.'),
            mode: z.enum(['a', 'b']).optional().describe('Which | one.'),
            share: z.number().min(0).max(1).default(0.5).describe('How much.'),
          })
          .prefault({})
          .describe('Who decides.'),
      }),
    );
    expect(text).toContain('## desk\n\nWho decides.\n\n| key |');
    expect(text).toContain(
      '| `desk.repeatMicros` | whole number above 0 | `90000000` (90 s) | µs | How often. |',
    );
    expect(text).toContain('| `desk.mode` | `a`, `b` |  |  | Which \\| one. |');
    expect(text).toContain('| `desk.share` | number from 0 to 1 | `0.5` |  | How much. |');
  });

  test('a key without a description is found wherever it hides: in an object, a list, an alternative, a record', () => {
    const bare = z.strictObject({ key: z.string() });
    expect(
      documented(
        z.strictObject({
          plain: z.string(),
          object: bare,
          list: z.array(bare).describe('A list.'),
          either: z.array(z.union([z.string(), bare])).describe('A name or an object.'),
          record: z.record(z.string(), bare).describe('Objects by name.'),
        }),
      ).undescribed,
    ).toEqual(['plain', 'object.key', 'list[].key', 'either[].key', 'record.NAME.key']);
  });
});

import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { loadBackbone } from '../../pipelines/load/load-backbone.ts';
import { HORIZON_MINUTES } from '../../src/forecast/backbone/horizons.ts';
import { handBackbone } from '../forecast/models.ts';
import { tempFolder } from '../support/temp-folder.ts';

const root = tempFolder();
const fileOf = (text: string): string => {
  const path = join(mkdtempSync(join(root, 'test-')), 'backbone.json');
  writeFileSync(path, text);
  return path;
};
const messageOf = (path: string): string => {
  try {
    loadBackbone(path);
  } catch (cause) {
    return (cause as Error).message;
  }
  throw new Error('load-backbone.test: a message must come, was none');
};

describe('loadBackbone', () => {
  test('reads the shipped model, which names each of its features', () => {
    const { features, horizons } = loadBackbone();
    expect(horizons.map(({ minutes }) => minutes)).toEqual([...HORIZON_MINUTES]);
    for (const { coefficients } of horizons) expect(coefficients).toHaveLength(features.length);
  });

  test('reads a model that a path names', () => {
    const made = handBackbone();
    expect(loadBackbone(fileOf(JSON.stringify(made)))).toEqual(made);
  });

  test('a file that is missing is one sentence with its name and the way to make it', () => {
    const path = join(root, 'nowhere.json');
    expect(messageOf(path)).toBe(
      `backbone: there is no ${path}; fit one with: npx voltage fit-backbone --bars CSV`,
    );
  });

  test('a file that cannot be read, such as a folder, is one sentence with its name', () => {
    const message = messageOf(root);
    expect(message.startsWith(`backbone: ${root} cannot be read (`)).toBe(true);
    expect(message).not.toContain('\n');
  });

  test('a file that is no JSON is one sentence with its name', () => {
    const path = fileOf(readFileSync('models/backbone.json', 'utf8').slice(0, 100));
    expect(messageOf(path)).toMatch(/^backbone: .*backbone\.json is not JSON \(.*\); fit it again$/);
    expect(messageOf(path)).toContain(path);
  });

  test('a model of other features, or without a part, is refused by file and key', () => {
    const made = handBackbone();
    const foreign = fileOf(JSON.stringify({ ...made, featureListSha256: '0'.repeat(64) }));
    expect(messageOf(foreign)).toMatch(/^backbone: .* is not usable: featureListSha256: /);
    expect(messageOf(foreign)).toContain(foreign);
    const { season: _, ...part } = made;
    expect(messageOf(fileOf(JSON.stringify(part)))).toMatch(/is not usable: season: /);
    expect(messageOf(fileOf('null'))).toMatch(/is not usable: the whole: /);
  });
});

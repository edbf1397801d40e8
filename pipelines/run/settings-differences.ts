import type { Settings } from '../../src/config/settings.ts';
import { decidingSettings } from './deciding-settings.ts';

const leaves = (value: unknown, path: string): readonly (readonly [string, string])[] =>
  typeof value === 'object' && value !== null
    ? Object.entries(value).flatMap(([key, each]) => leaves(each, path === '' ? key : `${path}.${key}`))
    : [[path, JSON.stringify(value) ?? 'absent']];

/**
 * Where the settings in use are not those of the recording, as `key was VALUE, now VALUE`, by their order in
 * the configuration. Only what affects decisions counts; a label does not.
 */
export function settingsDifferences(recorded: Settings, used: Settings): readonly string[] {
  const before = new Map(leaves(decidingSettings(recorded), ''));
  const now = new Map(leaves(decidingSettings(used), ''));
  return [...new Set([...before.keys(), ...now.keys()])].flatMap((key) => {
    const [was = 'absent', is = 'absent'] = [before.get(key), now.get(key)];
    return was === is || key === 'label' ? [] : [`${key} was ${was}, now ${is}`];
  });
}

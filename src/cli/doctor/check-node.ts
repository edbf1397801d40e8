import { fail, ok, type Verdict, warn } from './verdict.ts';

const numbers = (text: string): readonly number[] => text.split('.').map(Number);

const atLeast = (version: readonly number[], least: readonly number[]): boolean => {
  const at = [0, 1, 2].find((i) => (version[i] ?? 0) !== (least[i] ?? 0));
  return at === undefined || (version[at] ?? 0) > (least[at] ?? 0);
};

/**
 * Whether `version`, such as `v20.20.2`, satisfies `engines` of package.json. Only `>=` and a version is
 * supported.
 */
export function checkNode(version: string, engines: string): Verdict {
  const own = /^v?(\d+(?:\.\d+){0,2})/.exec(version)?.[1];
  const least = /^>=\s*(\d+(?:\.\d+){0,2})$/.exec(engines.trim())?.[1];
  if (own === undefined || least === undefined)
    return warn(`${version}; ${engines || 'nothing'} is asked for`, 'compare the two by eye');
  return atLeast(numbers(own), numbers(least))
    ? ok(`${version} (${engines} is needed)`)
    : fail(`${version}, and ${engines} is needed`, `install Node ${least} or later`);
}

import { existsSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { PROVENANCE_FILE } from './provenance.ts';

/** The files of lines that a run writes. */
export const RUN_FILES = ['decisions', 'orders', 'fills'] as const;
/** The file that tells that a run has ended. */
export const SUMMARY_FILE = 'summary.json';
/** So many runs that died may have left their files in one folder. */
const MOST_EARLIER = 1_000;
/** A file of decisions that was full: `decisions-0001.ndjson.gz`, without `.gz` until it is compressed. */
const ROTATED = /decisions-\d{4,}\.ndjson(\.gz)?$/;

/**
 * Makes room in a folder. A folder with a summary holds a run and is refused in a sentence. Files without
 * one are of a run that was killed: they get names of their own, and nothing of them is lost.
 */
export function setAside(directory: string, prefix: string): readonly string[] {
  if (existsSync(join(directory, `${prefix}${SUMMARY_FILE}`)))
    throw new Error(
      `${directory} holds an earlier run (${prefix}${SUMMARY_FILE}); nothing is overwritten: name another folder, or move that run away`,
    );
  const taken = new Set(readdirSync(directory));
  const left = [
    ...RUN_FILES.flatMap((name) => [`${prefix}${name}.ndjson`, `${prefix}${name}.ndjson.part`]).filter(
      (file) => taken.has(file),
    ),
    ...[...taken].filter((file) => file.startsWith(`${prefix}decisions-`) && ROTATED.test(file)).sort(),
  ];
  rmSync(join(directory, `${prefix}${SUMMARY_FILE}.part`), { force: true });
  if (left.length === 0) return [];
  if (taken.has(`${prefix}${PROVENANCE_FILE}`)) left.push(`${prefix}${PROVENANCE_FILE}`);
  const renamed = (file: string, number: number): string =>
    file.replace(/\.(nd)?json(?:\.part)?(\.gz)?$/, `.killed-${number}.$1json$2`);
  let number = 1;
  while (number < MOST_EARLIER && left.some((file) => taken.has(renamed(file, number)))) number++;
  return left.map((file) => {
    const name = renamed(file, number);
    if (taken.has(name)) throw new Error(`${directory} holds ${name} already: move it away`);
    taken.add(name);
    renameSync(join(directory, file), join(directory, name));
    return name;
  });
}

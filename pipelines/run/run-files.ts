import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** How far a run has come: ended with a summary, failed, killed and set aside, or without an end as yet. */
export type RunEnd = 'finished' | 'failed' | 'killed' | 'open';

/** The files of one run, as they lie in its folder. */
export interface RunFiles {
  readonly folder: string;
  /** `PAPER`, `SIMULATED`, `LIVE` or another mark; empty for a replay. */
  readonly mark: string;
  readonly end: RunEnd;
  /** In the order in which they were written. */
  readonly decisions: readonly string[];
  readonly orders: readonly string[];
  readonly fills: readonly string[];
  readonly summary: string | undefined;
  readonly provenance: string | undefined;
  /** When one of them was last written, in milliseconds. */
  readonly touchedMillis: number;
}

const NAME =
  /^(?:([A-Za-z]+)-)?(decisions|orders|fills|summary|provenance)(?:-(\d{4,}))?(?:\.killed-(\d+))?(\.incomplete)?\.(?:nd)?json(\.part)?(\.gz)?$/;
/** The file that is not full yet comes after all that were. */
const LAST = Number.POSITIVE_INFINITY;

interface Found {
  readonly path: string;
  readonly mark: string;
  readonly what: string;
  readonly part: number;
  readonly killed: string;
  readonly incomplete: boolean;
  readonly open: boolean;
}

const foundIn = (folder: string): readonly Found[] => {
  const names = readdirSync(folder).sort();
  const all = new Set(names);
  return names.flatMap((name) => {
    const [, mark = '', what, part, killed = '', incomplete, open] = NAME.exec(name) ?? [];
    // While a full file is compressed, both are there for a moment.
    if (
      what === undefined ||
      name.endsWith('.gz.part') ||
      (name.endsWith('.gz') && all.has(name.slice(0, -3)))
    )
      return [];
    return [
      {
        path: join(folder, name),
        mark,
        what,
        part: part === undefined ? LAST : Number(part),
        killed,
        incomplete: incomplete !== undefined,
        open: open !== undefined,
      },
    ];
  });
};

const endOf = (files: readonly Found[]): RunEnd => {
  if (files.some(({ killed }) => killed !== '')) return 'killed';
  if (files.some(({ incomplete }) => incomplete)) return 'failed';
  return files.some(({ what, open }) => what === 'summary' && !open) ? 'finished' : 'open';
};

/**
 * The runs whose files lie in a folder, by their marks; runs that were killed and set aside are runs of their
 * own. A folder without any gives none. Throws what the file system says of a folder that cannot be read.
 */
export function runsIn(folder: string): readonly RunFiles[] {
  const groups = new Map<string, Found[]>();
  for (const found of foundIn(folder)) {
    const key = `${found.mark} ${found.killed}`;
    const group = groups.get(key);
    if (group) group.push(found);
    else groups.set(key, [found]);
  }
  return [...groups.values()].flatMap((files) => {
    const named = (what: string): readonly string[] =>
      files
        .filter((file) => file.what === what)
        .sort((one, other) => one.part - other.part)
        .map(({ path }) => path);
    const decisions = named('decisions');
    if (decisions.length === 0) return [];
    return [
      {
        folder,
        mark: files[0]?.mark ?? '',
        end: endOf(files),
        decisions,
        orders: named('orders'),
        fills: named('fills'),
        summary: files.find(({ what, open }) => what === 'summary' && !open)?.path,
        provenance: files.find(({ what }) => what === 'provenance')?.path,
        touchedMillis: Math.max(
          ...files.map(({ path }) => statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0),
        ),
      },
    ];
  });
}

import { readSmallFile } from '../../src/tape/read-small-file.ts';
import { type Provenance, provenanceSchema } from './provenance.ts';
import type { RunFiles } from './run-files.ts';
import type { LaneSummary } from './run-lane.ts';

/** Any lane's summary as it was read: a key may be missing where the run failed, or an earlier version wrote it. */
export type ReadSummary = Partial<LaneSummary> & {
  readonly lane?: string;
  readonly incomplete?: string;
  readonly warnings?: readonly string[];
  readonly differences?: readonly string[];
  readonly lacks?: readonly string[];
};

const MOST_BYTES = 2 ** 24;

/** A run's summary; undefined for a run without one. Throws one sentence for a file that is none. */
export function readSummary({ summary }: RunFiles): ReadSummary | undefined {
  if (summary === undefined) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(readSmallFile(summary, MOST_BYTES));
  } catch (cause) {
    throw new Error(`${summary}: cannot be read as a run's summary: ${(cause as Error).message}`);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new Error(`${summary}: must hold a run's summary; it is damaged, or another file`);
  return value as ReadSummary;
}

/** What a run was made of; undefined for a run of an earlier version. Throws one sentence for a damaged file. */
export function readProvenance({ provenance }: RunFiles): Provenance | undefined {
  if (provenance === undefined) return undefined;
  try {
    return provenanceSchema.parse(JSON.parse(readSmallFile(provenance, MOST_BYTES)));
  } catch (cause) {
    throw new Error(
      `${provenance}: must say what a run was made of (${(cause as Error).message.split('\n')[0]}); take it away, and the run is read without it`,
    );
  }
}

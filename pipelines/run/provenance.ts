import { z } from 'zod';
import { packageVersion } from '../../src/config/package-version.ts';
import type { Settings } from '../../src/config/settings.ts';
import { decidingSettings } from './deciding-settings.ts';
import { type ModelIdentity, modelIdentity } from './keep-models.ts';

/** Name of the file in a run's folder that says what the run was made of; it is there from the first moment. */
export const PROVENANCE_FILE = 'provenance.json';

const tape = z.strictObject({
  name: z.string(),
  /** Of the file as it lies on disk, in hex. */
  sha256: z.string(),
});

/** A tape that a run read. */
export type TapeIdentity = z.infer<typeof tape>;

/** What a run was made of: two runs of equal provenance decide alike. */
export const provenanceSchema = z.strictObject({
  version: z.string(),
  node: z.string(),
  tapes: z.array(tape),
  models: z.array(modelIdentity),
  settings: z.record(z.string(), z.unknown()),
});

/** What a run was made of, as it lies in its folder. */
export type Provenance = z.infer<typeof provenanceSchema>;

/** What a lane is made of, without the folders of this machine and without secrets. */
export const provenanceOf = (
  settings: Settings,
  models: readonly ModelIdentity[],
  tapes: readonly TapeIdentity[],
): Provenance => ({
  version: packageVersion(),
  node: process.version,
  tapes: [...tapes],
  models: [...models],
  settings: decidingSettings(settings) as Provenance['settings'],
});

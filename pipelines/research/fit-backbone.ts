import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import type { Asset } from '../../src/domain/asset.ts';
import { MILLISECOND, MINUTE, type Micros } from '../../src/domain/time.ts';
import { barFeatures } from '../../src/features/sets/bar-features.ts';
import { featureListHash } from '../../src/features/sets/feature-list-hash.ts';
import {
  type BackboneFit,
  type FitProgress,
  fitBackboneModel,
  type Scores,
} from '../../src/forecast/backbone/fit-backbone.ts';
import { parseBackbone } from '../../src/forecast/backbone/manifest.ts';
import { readHistory } from '../../src/tape/history.ts';

export interface FitOptions {
  /** The asset of the bars; the artefact names it. */
  readonly asset: Pick<Asset, 'name' | 'floors'>;
  /** CSV of one-minute bars that features are computed from. */
  readonly bars: string;
  /** CSV of the bars that outcomes are measured on; `bars` when absent. */
  readonly labels?: string;
  /** Only bars that open before this are read. It may lie past the last bar, or be infinite. */
  readonly until: Micros;
  /** Where the artefact is written. */
  readonly out: string;
  /** The time now: bars of the future are refused. */
  readonly now?: Micros;
}

/** The result of a fit: the scores and the artefact's path. */
export interface FitReport
  extends Pick<BackboneFit, 'origins' | 'tailOrigins' | 'tails' | 'inSample' | 'holdOut'> {
  readonly out: string;
}

/**
 * Fits the backbone to recorded bars and writes it as JSON that this build will accept. The same files and
 * options give the same bytes. Errors are sentences naming the file (and line) to mend.
 */
export async function fitBackbone(
  { asset, bars: barsPath, labels: labelsPath = barsPath, until, out, now }: FitOptions,
  report: (progress: FitProgress) => void,
): Promise<FitReport> {
  const range = { before: until, ...(now !== undefined && { now }) };
  const bars = await readHistory(barsPath, range);
  const labels = labelsPath === barsPath ? bars : await readHistory(labelsPath, range);
  const end = Math.min(until, (bars.at(-1)?.openAt ?? 0) + MINUTE);
  const fit = fitBackboneModel({ asset, bars, labels, until: end }, report);
  const { horizons, season, tails, origins, tailOrigins, inSample, holdOut } = fit;
  const json = {
    kind: 'backbone',
    version: 1,
    asset: asset.name,
    features: barFeatures.map(({ name }) => name),
    featureListSha256: featureListHash(barFeatures),
    horizons,
    season,
    tails,
    fitted: {
      from: instant(fit.from),
      until: instant(fit.until),
      origins,
      barsSha256: await sha256Of(barsPath),
      labelsSha256: await sha256Of(labelsPath),
      tailOrigins,
      inSample: scoresJson(inSample),
      holdOut: scoresJson(holdOut),
    },
  };
  parseBackbone(json, out);
  await writeFile(out, `${JSON.stringify(json, significant)}\n`);
  return { out, origins, tailOrigins, tails, inSample, holdOut };
}

const instant = (at: Micros): string => new Date(at / MILLISECOND).toISOString();

const scoresJson = ({ from, until, ...rest }: Scores) => ({
  from: instant(from),
  until: instant(until),
  ...rest,
});

// Nine digits: finer than any data can support, and short to read.
const significant = (_: string, value: unknown): unknown =>
  typeof value === 'number' && !Number.isInteger(value) ? Number(value.toPrecision(9)) : value;

const sha256Of = async (path: string): Promise<string> => {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
};

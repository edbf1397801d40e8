import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { MILLISECOND, type Micros } from '../../src/domain/time.ts';
import { CHANNELS, CONTEXT_MINUTES } from '../../src/features/minute/minute-channels.ts';
import { barFeatures } from '../../src/features/sets/bar-features.ts';
import { featureListHash } from '../../src/features/sets/feature-list-hash.ts';
import { treeSet } from '../../src/features/sets/tree-set.ts';
import type { Backbone } from '../../src/forecast/backbone/backbone.ts';
import { parseBackbone } from '../../src/forecast/backbone/manifest.ts';
import type { InferenceModel } from '../../src/forecast/members/inference-model.ts';
import { lightgbmMember } from '../../src/forecast/members/lightgbm-member.ts';
import { loadTfjs, type Tfjs } from '../../src/forecast/members/load-tfjs.ts';
import type { Member, MemberAnswer, MemberInput } from '../../src/forecast/members/member.ts';
import { memberInputs } from '../../src/forecast/members/member-input.ts';
import {
  MEMBER_MINUTES,
  type ModelFold,
  type Models,
  modelsSchema,
} from '../../src/forecast/members/models-manifest.ts';
import { openOnnx } from '../../src/forecast/members/onnx-model.ts';
import { patchtstMember } from '../../src/forecast/members/patchtst-member.ts';
import type { Runtime } from '../../src/forecast/members/runtime.ts';
import { openTfjs } from '../../src/forecast/members/tfjs-patchtst.ts';
import { treeInput } from '../../src/forecast/members/tree-input.ts';
import { weekProfile } from '../../src/maths/seasons.ts';
import { readSmallFile } from '../../src/tape/read-small-file.ts';
import { MOST_MODEL_BYTES, modelFile, refuseOther } from './model-file.ts';

/** A manifest and where its files are. */
export interface ModelsAt {
  readonly models: Models;
  readonly folder: string;
}

/** One fold, opened and warmed up. */
export interface OpenFold {
  readonly fold: ModelFold;
  readonly backbone: Backbone;
  readonly members: readonly Member[];
  readonly close: () => Promise<void>;
}

/** The runtime of PatchTST, and how TensorFlow.js is loaded if it is that one. */
export interface RunOn {
  readonly runtime?: Runtime | undefined;
  readonly tfjs?: () => Promise<Tfjs>;
}

const EXTRA_CHANNELS = ['c3'];

/** The first line of an error: the runtime's own have several lines. */
const reason = (cause: unknown): string =>
  (cause instanceof Error ? cause.message : String(cause)).replace(/\s+/g, ' ');

/**
 * Reads a manifest by its path or as `shipped:FILE`. Throws one sentence if it is missing, unreadable, made
 * for another asset than `asset`, or asks for features that this build does not have. Without `asset`, any
 * asset will do.
 */
export function loadModels(named = 'shipped:manifest.json', asset?: string): ModelsAt {
  const { path, name } = modelFile(named);
  let text: string;
  try {
    text = readSmallFile(path, MOST_MODEL_BYTES);
  } catch (cause) {
    throw new Error(
      (cause as NodeJS.ErrnoException).code === 'ENOENT'
        ? `models: there is no ${name}; train with: npm run train, or run with --fallback`
        : `models: ${name} cannot be read (${reason(cause)}); fetch it again, or run with --fallback`,
    );
  }
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw new Error(`models: ${name} is not JSON (${reason(cause)}); train again, or run with --fallback`);
  }
  const { data: models, error } = modelsSchema.safeParse(json);
  if (!models) {
    const faults = error.issues.map((issue) => `${issue.path.join('.') || 'the whole'}: ${issue.message}`);
    throw new Error(
      `models: ${name} is not usable: ${faults.join('; ')}; train again, or run with --fallback`,
    );
  }
  if (asset !== undefined) refuseOther('models', name, models.asset, asset);
  const hash = featureListHash(models.features.map((feature) => ({ name: feature })));
  if (hash !== models.featuresSha256)
    throw new Error(
      `models: ${name}: featuresSha256 must be that of features (${hash}), was ${models.featuresSha256}; train again, or run with --fallback`,
    );
  const unknown = [
    ...[...models.features, ...models.statics].filter((name) => treeInput(name) === undefined),
    ...models.channels.filter((channel) => ![...CHANNELS, ...EXTRA_CHANNELS].includes(channel as 'c0')),
  ];
  if (unknown.length > 0)
    throw new Error(
      `models: ${name} needs what this build does not have (${unknown.join(', ')}); train again, or run with --fallback`,
    );
  return { models, folder: dirname(path) };
}

const checked = (
  folder: string,
  { file, sha256 }: { readonly file: string; readonly sha256: string },
): Buffer => {
  const path = join(folder, file);
  let bytes: Buffer;
  try {
    bytes = readFileSync(path);
  } catch (cause) {
    throw new Error(
      `models: ${path} cannot be read (${reason(cause)}); fetch it again, or run with --fallback`,
    );
  }
  const found = createHash('sha256').update(bytes).digest('hex');
  if (found !== sha256)
    throw new Error(
      `models: ${path} is not the file that the manifest means: its sha256 must be ${sha256}, was ${found}; fetch it again, or run with --fallback`,
    );
  return bytes;
};

const backboneOf = (bytes: Buffer, path: string): Backbone => {
  let json: unknown;
  try {
    json = JSON.parse(bytes.toString('utf8'));
  } catch (cause) {
    throw new Error(`models: ${path} is not JSON (${reason(cause)}); train again, or run with --fallback`);
  }
  return parseBackbone(json, path);
};

/** A row without values, but with enough minutes for every member to answer. */
const probeAt = (at: Micros): Parameters<ReturnType<typeof memberInputs>>[0] => ({
  at,
  values: new Float64Array(barFeatures.length),
  inputs: new Float64Array(treeSet.length),
  window: new Float32Array(CONTEXT_MINUTES * CHANNELS.length),
  windowReturns: CONTEXT_MINUTES,
});

/**
 * Runs a member once. The first run is slow, and an ONNX graph that does not fit its member, or its band,
 * fails here rather than at the first minute.
 */
async function runOnce(member: Member, path: string, probe: MemberInput, banded: boolean): Promise<void> {
  let answer: MemberAnswer | undefined;
  try {
    answer = await member.answer(probe);
  } catch (cause) {
    throw new Error(
      `models: ${path} does not run as ${member.name} (${reason(cause)}); train again, or run with --fallback`,
    );
  }
  const { corrections, quantiles } = answer ?? {};
  if (corrections?.length !== MEMBER_MINUTES.length)
    throw new Error(
      `models: ${path} must answer with ${MEMBER_MINUTES.length} corrections, was ${corrections?.length ?? 0}; train again, or run with --fallback`,
    );
  const expected = 2 * MEMBER_MINUTES.length;
  const found = quantiles ? quantiles.low.length + quantiles.high.length : 0;
  if (banded && found !== expected)
    throw new Error(
      `models: ${path} must answer with ${expected} quantiles, low and high by horizon, was ${found}; train again, or run with --fallback`,
    );
}

/**
 * Opens a fold's artefacts, checks each against its sha256, and runs each once. Trees run on ONNX Runtime;
 * PatchTST runs on `runtime`, by default ONNX Runtime too. Rejects with one sentence that names the file that
 * does not match, or what is missing if `runtime` cannot be loaded.
 */
export async function openFold(
  { models, folder }: ModelsAt,
  fold: ModelFold,
  { runtime = 'onnx', tfjs = loadTfjs }: RunOn = {},
): Promise<OpenFold> {
  const sequenceFile = runtime === 'tfjs' ? fold.patchtstWeights : fold.patchtst;
  if (runtime === 'tfjs' && !sequenceFile)
    throw new Error(
      `models: --runtime tfjs needs patchtstWeights in the manifest, and fold ${fold.name} has none; train again, or leave --runtime away`,
    );
  const backbone = backboneOf(checked(folder, fold.backbone), join(folder, fold.backbone.file));
  refuseOther('models', join(folder, fold.backbone.file), backbone.asset, models.asset);
  const opened: InferenceModel[] = [];
  const open = async (
    artefact: { readonly file: string; readonly sha256: string },
    by: (bytes: Uint8Array) => Promise<InferenceModel>,
  ): Promise<InferenceModel> => {
    const bytes = checked(folder, artefact);
    try {
      const model = await by(bytes);
      opened.push(model);
      return model;
    } catch (cause) {
      throw new Error(
        `models: ${join(folder, artefact.file)} does not load (${reason(cause)}); train again, or run with --fallback`,
      );
    }
  };
  const close = async (): Promise<void> => {
    for (const model of opened) await model.close();
  };
  const tf = runtime === 'tfjs' ? await tfjs() : undefined;
  try {
    const members: Member[] = [lightgbmMember(await open(fold.lightgbm, openOnnx), models.features)];
    if (sequenceFile) {
      const sequence = await open(sequenceFile, (bytes) => (tf ? openTfjs(bytes, tf) : openOnnx(bytes)));
      members.push(patchtstMember(sequence, models, weekProfile(backbone.season)));
    }
    const probe = memberInputs(backbone)(probeAt(Date.parse(fold.trainedUntil) * MILLISECOND));
    for (const member of members)
      await runOnce(
        member,
        join(folder, (member.name === 'lightgbm' ? fold.lightgbm : sequenceFile)?.file ?? member.name),
        probe,
        member.name === 'lightgbm' && fold.horizons.some(({ band }) => band),
      );
    return { fold, backbone, members, close };
  } catch (cause) {
    await close();
    throw cause;
  }
}

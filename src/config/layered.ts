import { z } from 'zod';
import { firstAsset } from './assets.ts';
import { withAssets } from './earlier-keys.ts';
import { type Settings, settingsObject, type settingsSchema } from './settings.ts';

type Raw = Readonly<Record<string, unknown>>;

const isRaw = (value: unknown): value is Raw =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** `above` in front of `below`, key by key through all objects; lists and single values replace whole. */
const laid = (above: unknown, below: unknown): unknown => {
  if (above === undefined) return below;
  if (!isRaw(above) || !isRaw(below)) return above;
  return Object.fromEntries(
    [...new Set([...Object.keys(below), ...Object.keys(above)])].map((key) => [
      key,
      laid(above[key], below[key]),
    ]),
  );
};

/**
 * The schema of configuration files that lie on top of `base`: what a file does not say stays as it is there.
 * Files of earlier releases are read too.
 */
export const layeredOn = (base: Settings): typeof settingsSchema =>
  z.preprocess((raw) => laid(withAssets(raw, firstAsset), base), settingsObject);

import type { Settings } from '../../src/config/settings.ts';
import { spotVenueNames } from '../../src/domain/venues.ts';

/** Parts of the settings that decide, whole but for texts that `TEXTS` does not name. */
const PARTS: readonly string[] = [
  'label',
  'assets',
  ...spotVenueNames,
  'kalshi.useYesPrice',
  'kalshi.environment',
  'kalshi.subscribeAheadMicros',
  'forecast',
  'pricing',
  'risk',
  'execution',
];

/** The texts that are kept; `*` stands for any key and any place in a list. */
const TEXTS: readonly string[] = [
  'label',
  'assets.*.name',
  'assets.*.spot.*',
  'assets.*.series.*',
  'assets.*.indexId',
  'assets.*.fee.kind',
  'assets.*.models',
  'kalshi.environment',
  'execution.desk.requiredFeeds.*',
  'pricing.sizing.method',
  'execution.make.mode',
  'execution.member',
  'execution.orders',
];

type Path = readonly string[];

const fits = (path: Path, pattern: string): boolean => {
  const parts = pattern.split('.');
  return parts.length === path.length && parts.every((part, i) => part === '*' || part === path[i]);
};
/** Whether the path leads into a part that is kept, or on the way to one. */
const leads = (path: Path, part: string): boolean =>
  part.split('.').every((key, i) => i >= path.length || key === path[i]);

const kept = (value: unknown, path: Path): unknown => {
  if (path.length > 0 && !PARTS.some((part) => leads(path, part))) return undefined;
  if (Array.isArray(value))
    return value.map((each, i) => kept(each, [...path, String(i)])).filter((each) => each !== undefined);
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(
      Object.entries(value).flatMap(([key, each]) => {
        const own = kept(each, [...path, key]);
        return own === undefined ? [] : [[key, own]];
      }),
    );
  return typeof value !== 'string' || TEXTS.some((pattern) => fits(path, pattern)) ? value : undefined;
};

/**
 * The settings that affect decisions, which a replay needs, for a file beside a tape that may be given away.
 * It is a list of what is kept: numbers, truths and the named texts of the parts that decide. So a setting
 * that is added later, such as a credential, stays out until it is named here.
 */
export const decidingSettings = (settings: Settings): unknown => kept(settings, []);

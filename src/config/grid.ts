import { parseDocument } from 'yaml';
import { layeredOn } from './layered.ts';
import type { ConfigProblem } from './load.ts';
import type { Settings } from './settings.ts';

/** One point of a grid: what it sets, by dotted key, and the settings that result. */
export interface GridPoint {
  readonly values: Readonly<Record<string, unknown>>;
  readonly settings: Settings;
}

/** The points of a grid, or every problem with it, one a line. */
export type Grid = { readonly kind: 'grid'; readonly points: readonly GridPoint[] } | ConfigProblem;

/** Where the settings of a desk are; all others belong to the market that the desks share. */
const OF_A_DESK = [
  'risk.',
  'pricing.edge.',
  'pricing.sizing.',
  'pricing.law.',
  'execution.desk.',
  'execution.paper.',
  'execution.member',
  'execution.take',
  'execution.make.',
];

/** The most points of one grid. */
export const MOST_POINTS = 10_000;

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const flat = (value: unknown, key = ''): readonly (readonly [string, unknown])[] =>
  isObject(value)
    ? Object.entries(value).flatMap(([name, inner]) => flat(inner, key === '' ? name : `${key}.${name}`))
    : [[key, value]];

const nested = (values: Readonly<Record<string, unknown>>): Record<string, unknown> => {
  // Without a prototype, so that no key of a file reaches it.
  const root: Record<string, unknown> = Object.create(null);
  for (const [key, value] of Object.entries(values)) {
    const path = key.split('.');
    const last = path.pop() as string;
    let node = root;
    for (const name of path) {
      node[name] ??= Object.create(null);
      node = node[name] as Record<string, unknown>;
    }
    node[last] = value;
  }
  return root;
};

/** Every choice of one alternative for each key, the last key's changing fastest. */
function product(
  alternatives: readonly (readonly [string, readonly unknown[]])[],
): readonly Readonly<Record<string, unknown>>[] {
  let points: readonly Readonly<Record<string, unknown>>[] = [{}];
  for (const [key, values] of alternatives)
    points = points.flatMap((point) => values.map((value) => ({ ...point, [key]: value })));
  return points;
}

/**
 * Reads a grid of settings, YAML or JSON. A list is one point an entry, each a part of the settings. A mapping
 * of keys to lists of values is every choice of one value for each key. Keys may be nested or dotted. Only the
 * desk's own settings can differ: `risk`, `pricing.edge`, `pricing.sizing`, `pricing.law`, `execution.desk`,
 * `execution.paper` and `execution.member`.
 */
export function parseGrid(file: string, text: string, base: Settings): Grid {
  const problem = (why: string): ConfigProblem => ({ kind: 'configProblem', why: `${file}: ${why}` });
  const document = parseDocument(text, { logLevel: 'error' });
  if (document.errors.length > 0) return problem('this is no YAML');
  let raw: unknown;
  try {
    raw = document.toJS();
  } catch {
    return problem('uses *, the mark of an alias, where no alias is: put the value in quotes');
  }
  let all: readonly Readonly<Record<string, unknown>>[];
  if (Array.isArray(raw) && raw.every(isObject)) all = raw.map((point) => Object.fromEntries(flat(point)));
  else if (isObject(raw)) {
    const alternatives = flat(raw).map(
      ([key, value]) => [key, Array.isArray(value) ? value : [value]] as const,
    );
    const count = alternatives.reduce((points, [, values]) => points * values.length, 1);
    if (count > MOST_POINTS) return problem(`must have at most ${MOST_POINTS} points, was ${count}`);
    all = product(alternatives);
  } else return problem('must be a list of settings, or keys with a list of values each');
  if (all.length === 0 || all.length > MOST_POINTS)
    return problem(`must have 1 to ${MOST_POINTS} points, was ${all.length}`);

  const schema = layeredOn(base);
  const points: GridPoint[] = [];
  const wrong: string[] = [];
  for (const [i, values] of all.entries()) {
    const others = Object.keys(values).filter(
      (key) => !OF_A_DESK.some((own) => (own.endsWith('.') ? key.startsWith(own) : key === own)),
    );
    if (others.length > 0) {
      wrong.push(
        `point ${i + 1}: ${others.join(', ')} is no setting of the desk; set it in --config, for all points`,
      );
      continue;
    }
    const read = schema.safeParse(nested(values));
    if (read.success) points.push({ values, settings: read.data });
    else
      for (const { path, message } of read.error.issues)
        wrong.push(`point ${i + 1}: ${path.join('.')}: ${message}`);
  }
  if (wrong.length > 0)
    return {
      kind: 'configProblem',
      why: wrong
        .slice(0, 20)
        .map((line) => `${file}: ${line}`)
        .join('\n'),
    };
  return { kind: 'grid', points };
}

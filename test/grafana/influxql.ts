import type { Measurement } from '../../src/telemetry/measurement.ts';
import { measurements } from '../../src/telemetry/measurements.ts';
import type { Unit } from '../../src/telemetry/units.ts';

const catalogue: Readonly<Record<string, Measurement>> = measurements;

/** One column of a SELECT. */
export interface Column {
  /** Its name in the answer, where the query gives one. */
  readonly alias: string | undefined;
  /** The fields and tags it is made of. */
  readonly names: readonly string[];
  /** A number of points, a share of one field in another, a change per second, or the field's own unit. */
  readonly kind: 'value' | 'count' | 'share' | 'rate';
  /** What it is divided by. */
  readonly divisor: number;
}

/** A query of the forms that the dashboards use. */
export interface Asked {
  readonly measurement: string;
  readonly columns: readonly Column[];
  readonly where: string;
  readonly by: readonly string[];
  readonly bound: 'interval' | 'limit' | undefined;
}

const MOST_ROWS = 500;
const FORM =
  /^SELECT (.+) FROM (?:\$\{kept:raw\}\.)?"(\w+)" WHERE (.+?)(?: GROUP BY (.+?))?(?: fill\(\w+\))?(?: ORDER BY time DESC)?(?: LIMIT (\d+))?$/;

/** The parts of a query; undefined for one of another form. */
export function parsed(query: string): Asked | undefined {
  const [, select = '', measurement = '', where = '', by = '', limit] = FORM.exec(query) ?? [];
  if (select === '') return undefined;
  const bounded = by.includes('time($__interval)') ? 'interval' : undefined;
  return {
    measurement,
    columns: topLevel(select).map(column),
    where,
    by: namesIn(by),
    bound: bounded ?? (limit !== undefined && Number(limit) <= MOST_ROWS ? 'limit' : undefined),
  };
}

const namesIn = (text: string): readonly string[] =>
  [...text.matchAll(/"(\w+)"/g)].map(([, name = '']) => name);

/** Split at the commas outside of brackets and quotes. */
function topLevel(select: string): readonly string[] {
  const parts: string[] = [''];
  let depth = 0;
  let quoted = false;
  for (const char of select) {
    if (char === '"') quoted = !quoted;
    if (!quoted && char === '(') depth++;
    if (!quoted && char === ')') depth--;
    if (char === ',' && depth === 0 && !quoted) parts.push('');
    else parts[parts.length - 1] += char;
  }
  return parts.map((part) => part.trim());
}

function column(text: string): Column {
  const [, whole = '', alias] = /^(.*?)(?: AS "([^"]+)")?$/.exec(text) ?? [];
  const [, made = whole, divisor = '1'] = /^(.*) \/ (\d+)$/.exec(whole) ?? [];
  const names = namesIn(made);
  return { alias, names, kind: kindOf(made), divisor: Number(divisor) };
}

function kindOf(made: string): Column['kind'] {
  if (/^count\(/.test(made)) return 'count';
  if (/^non_negative_derivative\(.*, 1s\)$/.test(made)) return 'rate';
  return /"\) \/ \w+\("/.test(made) ? 'share' : 'value';
}

/** The units in which Grafana may show a field, by what the query divides it by. */
const SHOWN: Readonly<Partial<Record<Unit, Readonly<Record<number, readonly string[]>>>>> = {
  dollars: { 1: ['currencyUSD'] },
  ticks: { 10000: ['currencyUSD'], 100: ['suffix: ¢'] },
  cash: { 10000: ['currencyUSD'] },
  microDollars: { 1000000: ['currencyUSD'] },
  centiContracts: { 100: ['short'] },
  contracts: { 1: ['short'] },
  coins: { 1: ['suffix: coins'] },
  share: { 1: ['percentunit'] },
  imbalance: { 1: ['percentunit'] },
  perYear: { 1: ['percentunit'] },
  basisPoints: { 1: ['suffix: bp'] },
  ratio: { 1: ['none'] },
  qlike: { 1: ['none'] },
  logLoss: { 1: ['none'] },
  perSecond: { 1: ['cps'] },
  seconds: { 1: ['s'] },
  milliseconds: { 1: ['ms'] },
  minutes: { 1: ['m'] },
  megabytes: { 1: ['decmbytes'] },
  number: { 1: ['short', 'none'] },
  code: { 1: ['none'] },
  id: { 1: ['none'] },
  ofTheLimit: { 1: ['none'] },
  ofTheCheck: { 1: ['none'] },
};

/** Why `unit` is wrong for the column of `measurement`; undefined where it is right, or where it is a word. */
export function unitTrouble(
  { names, kind, divisor }: Column,
  measurement: string,
  unit: string,
): string | undefined {
  const fields = catalogue[measurement]?.fields ?? {};
  const own = [...new Set(names.map((name) => fields[name]).filter((field) => field !== undefined))];
  if (kind === 'count') return ['short', 'none'].includes(unit) ? undefined : `a count is shown in ${unit}`;
  const numeric = own.filter((field) => field.kind === 'integer' || field.kind === 'float');
  const units = [...new Set(numeric.map((field) => field.unit))];
  if (units.length > 1) return `one column mixes ${units.join(' and ')}`;
  if (kind === 'share') return unit === 'percentunit' ? undefined : `a share is shown in ${unit}`;
  if (kind === 'rate') return unit === 'cps' ? undefined : `a rate is shown in ${unit}`;
  const [found] = units;
  if (found === undefined) return undefined;
  const right = SHOWN[found]?.[divisor] ?? [];
  return right.includes(unit) ? undefined : `${found} over ${divisor} is shown in ${unit}`;
}

/** Names in a query that its measurement does not have. */
export const unknownNames = ({ measurement, columns, where, by }: Asked): readonly string[] => {
  const known = catalogue[measurement];
  if (!known) return [measurement];
  const all = ['lane', 'label', ...Object.keys(known.tags), ...Object.keys(known.fields)];
  const tags = ['lane', 'label', ...Object.keys(known.tags)];
  return [
    ...[...columns.flatMap(({ names }) => names), ...namesIn(where)].filter((name) => !all.includes(name)),
    ...by.filter((name) => !tags.includes(name)),
  ];
};

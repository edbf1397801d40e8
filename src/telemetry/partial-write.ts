import { printable } from '../domain/printable.ts';

/** A line that a database did not take, and why. */
export interface BadLine {
  /** Its place in the batch, from 1; undefined where the answer does not say which line it was. */
  readonly line: number | undefined;
  readonly measurement: string | undefined;
  readonly field: string | undefined;
  readonly why: string;
}

/** A batch of which some lines were stored. */
export interface PartialWrite {
  /** Lines that were not stored. The others were, so nothing of the batch is sent again. */
  readonly dropped: number;
  /** At most `MOST_TOLD` of them. */
  readonly bad: readonly BadLine[];
}

/** Types of the fields that a database holds: by measurement and field, in the database's words. */
export type StoredTypes = ReadonlyMap<string, ReadonlySet<string>>;

const MOST_TOLD = 20;
const EXCERPT = 200;
const CONFLICT =
  /field type conflict: input field \\?"([^"\\]+)\\?" on measurement \\?"([^"\\]+)\\?" is type (\w+), already exists as type (\w+)/g;
const UNPARSED = /unable to parse '(.*?)': ([^\n]*?)(?= dropped=\d+|\n|\\n|"|$)/gs;
const DROPPED = /partial write.* dropped=(\d+)/s;

/** Types as the line protocol writes them. */
const TYPES: readonly (readonly [RegExp, string])[] = [
  [/^-?\d+i$/, 'integer'],
  [/^"/, 'string'],
  [/^(t|true|f|false)$/i, 'boolean'],
];
const typeOf = (value: string): string => TYPES.find(([form]) => form.test(value))?.[1] ?? 'float';

/** The measurement and the fields of a line, as our own writer makes them: names hold nothing to escape. */
function fieldsOf(line: string): {
  readonly measurement: string;
  readonly fields: ReadonlyMap<string, string>;
} {
  const measurement = /^[^, ]+/.exec(line)?.[0] ?? '';
  const fields = new Map<string, string>();
  // The first space that no backslash escapes ends the tags.
  const rest = line.replace(/^(\\.|[^\\ ])+ /, '');
  for (const [, name = '', value = ''] of rest.matchAll(/(\w+)=("(?:\\.|[^"\\])*"|[^, ]+)(?=[, ])/g))
    fields.set(name, typeOf(value));
  return { measurement, fields };
}

const errorOf = (text: string): { readonly error: string; readonly data: readonly unknown[] } => {
  try {
    const { error, message, data } = JSON.parse(text) as {
      readonly error?: unknown;
      readonly message?: unknown;
      readonly data?: unknown;
    };
    return { error: String(error ?? message ?? text), data: Array.isArray(data) ? data : [] };
  } catch {
    return { error: text, data: [] };
  }
};

/** The lines that InfluxDB 3 names one by one (its OpenAPI; not tried on a server). */
const namedLines = (data: readonly unknown[], lines: readonly string[]): readonly BadLine[] =>
  data.flatMap((row) => {
    const { line_number: line, error_message: why } = (row ?? {}) as Readonly<Record<string, unknown>>;
    if (typeof line !== 'number') return [];
    const { measurement } = fieldsOf(lines[line - 1] ?? '');
    return [
      { line, measurement: measurement || undefined, field: undefined, why: printable(String(why), EXCERPT) },
    ];
  });

/**
 * What an answer of status 400 says of a batch: which lines were not stored, and why. Undefined if it does
 * not say how many were not stored, so that all count as refused. InfluxDB 1.x states one reason and the
 * number of lines (`dropped=`); the lines with that reason are looked for in the batch.
 */
export function partialWrite(text: string, lines: readonly string[]): PartialWrite | undefined {
  const { error, data } = errorOf(text);
  const named = namedLines(data, lines);
  if (named.length > 0) return { dropped: named.length, bad: named.slice(0, MOST_TOLD) };
  const unparsed = [...error.matchAll(UNPARSED)].map(([, line = '', why = '']): BadLine => {
    const place = lines.indexOf(line) + 1;
    return {
      line: place || undefined,
      measurement: /^[^, ]+/.exec(line)?.[0],
      field: undefined,
      why: printable(`${why}: ${line}`, EXCERPT),
    };
  });
  const dropped = DROPPED.exec(error)?.[1];
  if (dropped === undefined) return undefined;
  if (unparsed.length > 0)
    return {
      dropped: Math.min(unparsed.length + Number(dropped), lines.length),
      bad: unparsed.slice(0, MOST_TOLD),
    };
  const stored = new Map<string, Set<string>>();
  for (const [, field, measurement, , there = ''] of error.matchAll(CONFLICT))
    stored.set(`${measurement} ${field}`, new Set([there]));
  const bad = conflictsOf(lines, stored);
  return {
    dropped: Math.min(Number(dropped), lines.length),
    bad:
      bad.length > 0
        ? bad
        : [{ line: undefined, measurement: undefined, field: undefined, why: printable(error, EXCERPT) }],
  };
}

/** The lines of a batch with a field whose type in the database is another. */
export function conflictsOf(lines: readonly string[], stored: StoredTypes): readonly BadLine[] {
  const bad: BadLine[] = [];
  for (const [i, line] of lines.entries()) {
    if (bad.length >= MOST_TOLD) break;
    const { measurement, fields } = fieldsOf(line);
    for (const [field, type] of fields) {
      const types = stored.get(`${measurement} ${field}`);
      if (!types || types.has(type)) continue;
      const there = [...types].join(' and ');
      bad.push({
        line: i + 1,
        measurement,
        field,
        why: `field type conflict: it is ${type}, and the database holds it as ${there}`,
      });
      break;
    }
  }
  return bad;
}

/** What to tell of a batch of `count` lines: a sentence for each measurement, field and reason. */
export function partialTexts({ dropped, bad }: PartialWrite, count: number): readonly string[] {
  const alike = new Map<string, { readonly first: BadLine; lines: number }>();
  for (const line of bad) {
    const key = JSON.stringify([line.measurement, line.field, line.why]);
    const known = alike.get(key);
    if (known) known.lines += 1;
    else alike.set(key, { first: line, lines: 1 });
  }
  return [...alike.values()].map(({ first: { line, measurement, field, why }, lines }) => {
    const place = line === undefined ? 'a line' : `line ${line}`;
    const others = lines > 1 ? ` (and ${lines - 1} lines like it)` : '';
    const what = [place, measurement, field].filter((word) => word !== undefined).join(', ');
    return `HTTP 400: ${dropped} of ${count} points were refused, the others stored: ${what}: ${why}${others}`;
  });
}

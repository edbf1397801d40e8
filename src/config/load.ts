import { readFileSync } from 'node:fs';
import { isNode, LineCounter, parseDocument } from 'yaml';
import type { z } from 'zod';
import { type Override, withEnvironment } from './environment.ts';

/** Environment variables by name. */
export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * A configuration that cannot be used; the message names file, line, key and value, and what was expected.
 */
export type ConfigProblem = { readonly kind: 'configProblem'; readonly why: string };

/** A configuration read and checked. */
export type Loaded<T> = { readonly kind: 'loaded'; readonly settings: T } | ConfigProblem;

const shown = (value: unknown): string => {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
};

const at = (root: unknown, path: readonly PropertyKey[]): unknown =>
  path.reduce<unknown>(
    (node, key) =>
      typeof node === 'object' && node !== null ? (node as Record<PropertyKey, unknown>)[key] : undefined,
    root,
  );

const covers = ({ path: own }: Override, path: readonly PropertyKey[]): boolean =>
  own.length === path.length && own.every((key, i) => key === path[i]);

/**
 * Reads YAML (or JSON, which is YAML) from `text`, overrides it by `environment`, and checks it against
 * `schema`. `file` is only used in messages. Every problem is listed, one a line, as `file:line: key: what,
 * was value`, or `VARIABLE: key: …` where the environment set it.
 */
export function parseConfig<S extends z.ZodType>(
  file: string,
  text: string,
  schema: S,
  environment: Environment = {},
): Loaded<z.output<S>> {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  if (document.errors.length > 0)
    return {
      kind: 'configProblem',
      why: document.errors
        .map(({ message, pos }) => `${file}:${lines.linePos(pos[0]).line}: ${message.split('\n')[0]}`)
        .join('\n'),
    };
  const { raw, used } = withEnvironment(document.toJS() ?? {}, environment);
  const checked = schema.safeParse(raw);
  if (checked.success) return { kind: 'loaded', settings: checked.data };
  const lineOf = (path: readonly PropertyKey[]): number => {
    for (let depth = path.length; depth > 0; depth--) {
      const node = document.getIn(path.slice(0, depth), true);
      if (isNode(node) && node.range) return lines.linePos(node.range[0]).line;
    }
    return 1;
  };
  return {
    kind: 'configProblem',
    why: checked.error.issues
      .map(({ path, message }) => {
        const key = path.map(String).join('.') || 'the file';
        const set = used.find((override) => covers(override, path));
        return `${set ? set.name : `${file}:${lineOf(path)}`}: ${key}: ${message}, was ${shown(at(raw, path))}`;
      })
      .join('\n'),
  };
}

/** `parseConfig` of a file; a file that cannot be read is a problem too. */
export function loadConfig<S extends z.ZodType>(
  file: string,
  schema: S,
  environment: Environment = {},
): Loaded<z.output<S>> {
  try {
    return parseConfig(file, readFileSync(file, 'utf8'), schema, environment);
  } catch (cause) {
    return { kind: 'configProblem', why: `${file}: cannot be read: ${(cause as Error).message}` };
  }
}

import { isNode, LineCounter, parseDocument } from 'yaml';
import type { z } from 'zod';
import { readSmallFile } from '../tape/read-small-file.ts';
import { withoutSecrets } from '../transport/without-secrets.ts';
import { type Override, withEnvironment } from './environment.ts';
import { shownValue } from './shown-value.ts';

/** Environment variables by name. */
export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * A configuration that cannot be used. The message names file, line and key, what was expected, and the value
 * unless it may be a secret.
 */
export type ConfigProblem = { readonly kind: 'configProblem'; readonly why: string };

/** A configuration read and checked. */
export type Loaded<T> = { readonly kind: 'loaded'; readonly settings: T } | ConfigProblem;

const at = (root: unknown, path: readonly PropertyKey[]): unknown =>
  path.reduce<unknown>(
    (node, key) =>
      typeof node === 'object' && node !== null ? (node as Record<PropertyKey, unknown>)[key] : undefined,
    root,
  );

/** The first line of a syntax error, without the text that it quotes. */
const withoutQuotes = (message: string): string => {
  const [line = ''] = message.split('\n', 1);
  return line.startsWith('Missing closing')
    ? 'a quote is not closed'
    : line.replace(/(?::\s|["'`*!&]).*$/, '').trim() || 'this is no YAML';
};

/** A key that may be told; another may be a value in the wrong place. */
const KEY = /^[\w.-]{1,40}$/;

/** What is wrong, without texts of the configuration that may be secrets. */
const reasonOf = (issue: z.core.$ZodIssue): string =>
  issue.code === 'unrecognized_keys' && !issue.keys.every((key) => KEY.test(key))
    ? 'has a key that is not known'
    : issue.message;

const covers = ({ path: own }: Override, path: readonly PropertyKey[]): boolean =>
  own.length === path.length && own.every((key, i) => key === path[i]);

/**
 * Reads YAML (or JSON, which is YAML) from `text`, overrides it by `environment`, and checks it against
 * `schema`. `file` is only used in messages. Every problem is listed, one a line, as `file:line: key: what,
 * was value`, or `VARIABLE: key: …` where the environment set it. A value that may be a secret is not told,
 * and of a syntax error only its kind, because the parser repeats what it stumbled over.
 */
export function parseConfig<S extends z.ZodType>(
  file: string,
  text: string,
  schema: S,
  environment: Environment = {},
): Loaded<z.output<S>> {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, logLevel: 'error' });
  if (document.errors.length > 0)
    return {
      kind: 'configProblem',
      why: document.errors
        .map(({ message, pos }) => `${file}:${lines.linePos(pos[0]).line}: ${withoutQuotes(message)}`)
        .join('\n'),
    };
  let parsed: unknown;
  try {
    parsed = document.toJS();
  } catch {
    // An alias without its anchor, or too many of them.
    const why = `${file}: uses *, the mark of an alias, where no alias is: put the value in quotes`;
    return { kind: 'configProblem', why };
  }
  const { raw, used } = withEnvironment(parsed ?? {}, environment);
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
      .map((issue) => {
        const { path } = issue;
        const key = path.map(String).join('.') || 'the file';
        const set = used.find((override) => covers(override, path));
        const where = set ? set.name : `${file}:${lineOf(path)}`;
        return withoutSecrets(`${where}: ${key}: ${reasonOf(issue)}, ${shownValue(path, at(raw, path))}`);
      })
      .join('\n'),
  };
}

/** A configuration that says everything has ten kilobytes. */
const MOST_BYTES = 2 ** 20;

/** `parseConfig` of a file; a file that cannot be read is a problem too. */
export function loadConfig<S extends z.ZodType>(
  file: string,
  schema: S,
  environment: Environment = {},
): Loaded<z.output<S>> {
  try {
    return parseConfig(file, readSmallFile(file, MOST_BYTES), schema, environment);
  } catch (cause) {
    return { kind: 'configProblem', why: `${file}: cannot be read: ${(cause as Error).message}` };
  }
}

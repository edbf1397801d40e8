import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { parseSync } from '@swc/core';

/** What takes a time limit as its last argument, and after how many others. */
const LIMITED: ReadonlyMap<string, number> = new Map([
  ['test', 2],
  ['it', 2],
  ['beforeAll', 1],
  ['beforeEach', 1],
  ['afterAll', 1],
  ['afterEach', 1],
]);

interface Node {
  readonly type?: string;
  readonly value?: unknown;
  readonly callee?: Node;
  readonly object?: Node;
  readonly property?: Node;
  readonly arguments?: readonly { readonly expression: Node }[];
}

/** `test` of `test.each(rows)(…)`. */
const nameOf = ({ type, value, callee, object }: Node): string =>
  type === 'Identifier' ? String(value) : callee ? nameOf(callee) : object ? nameOf(object) : '';

/** Limits of single tests and hooks, and calls of `jest.setTimeout`. */
function limitsOf(source: string): readonly string[] {
  const limits: string[] = [];
  const visit = (node: unknown): void => {
    if (Array.isArray(node)) for (const each of node) visit(each);
    else if (node && typeof node === 'object') {
      const { type, callee, arguments: given = [] } = node as Node;
      if (type === 'CallExpression' && callee) {
        const name = nameOf(callee);
        const last = given[LIMITED.get(name) ?? Number.POSITIVE_INFINITY]?.expression;
        // A sum or a product is that of a campaign whose runs can be multiplied.
        if (last && last.type !== 'BinaryExpression') limits.push(`${name} ${String(last.value)}`);
        if (name === 'jest' && callee.property?.value === 'setTimeout') limits.push('jest.setTimeout');
      }
      for (const child of Object.values(node)) visit(child);
    }
  };
  visit(parseSync(source, { syntax: 'typescript', target: 'es2022' }).body);
  return limits;
}

describe('time limits of tests', () => {
  test('no test names one of its own: the one of jest.config.js is above what a machine needs that stalls', () => {
    const files = (readdirSync('test', { recursive: true }) as string[])
      .filter((name) => name.endsWith('.ts'))
      .map((name) => join('test', name));
    expect(files.length).toBeGreaterThan(300);
    expect(
      files.flatMap((file) => limitsOf(readFileSync(file, 'utf8')).map((limit) => `${file}: ${limit}`)),
    ).toEqual([]);
  });

  test('a limit is seen wherever it stands', () => {
    expect(
      limitsOf(`
        test('a', () => {}, 5_000);
        test.each([[1]])('b', () => {}, 30_000);
        test.only.each([[1]])('c', () => {}, 1);
        beforeAll(async () => {}, 60_000);
        jest.setTimeout(10);
        describe('d', () => { afterEach(() => {}, 2); });
        test('e', () => {}, 600_000 + RUNS * 2_000);
        test('f', () => {});
        beforeAll(async () => {}, SOON_MS);
        wait(5_000);
      `),
    ).toEqual([
      'test 5000',
      'test 30000',
      'test 1',
      'beforeAll 60000',
      'jest.setTimeout',
      'afterEach 2',
      'beforeAll SOON_MS',
    ]);
  });
});

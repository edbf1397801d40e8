import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, test } from '@jest/globals';
import { Ajv, type ValidateFunction } from 'ajv';

// Grafana's published schemas; the data of this project lies beside them.
const folder = resolve(process.env['VOLTAGE_DATA'] ?? '../shared/data', '..', 'reference', 'grafana-schema');

/** A suite on Grafana's schemas; without them it is skipped with the reason in its title. */
export function describeSchemas(title: string, suite: () => void): void {
  if (existsSync(folder)) describe(title, suite);
  else
    describe.skip(`${title} (skipped: no schemas of Grafana at ${folder})`, () => test('needs them', suite));
}

// Its formats (int64, date-time) are not checked, and it would say so for each.
const ajv = new Ajv({ strict: false, allErrors: true, logger: false });
const known = new Map<string, ValidateFunction>();

interface Schema {
  readonly definitions: Readonly<
    Record<string, { readonly properties?: Readonly<Record<string, Readonly<Record<string, unknown>>>> }>
  >;
}

/** What the library that the schemas are from types as `any`, and the schemas as an object. */
const ANYTHING = [
  ['MatcherConfig', 'options'],
  ['DynamicConfigValue', 'value'],
] as const;

const read = (file: string): Schema => {
  const { definitions } = JSON.parse(readFileSync(join(folder, `${file}.json`), 'utf8')) as Schema;
  const opened = ANYTHING.flatMap(([name, property]) => {
    const definition = definitions[name];
    return definition
      ? [[name, { ...definition, properties: { ...definition.properties, [property]: {} } }] as const]
      : [];
  });
  return { definitions: { ...definitions, ...Object.fromEntries(opened) } };
};

/**
 * The check of a definition of a schema file, such as `timeseries` and `Options`. It answers with what is
 * wrong, a sentence each.
 */
export function schemaTroubles(file: string, definition: string, value: unknown): readonly string[] {
  if (!ajv.getSchema(file)) ajv.addSchema({ ...read(file), $id: file });
  const name = `${file}#/definitions/${definition}`;
  const validate = known.get(name) ?? ajv.compile({ $ref: name });
  known.set(name, validate);
  return validate(value)
    ? []
    : (validate.errors ?? []).map(
        ({ instancePath, message, params }) => `${instancePath} ${message} ${JSON.stringify(params)}`,
      );
}

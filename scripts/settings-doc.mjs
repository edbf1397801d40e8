// Writes docs/settings.md from the schema of the built configuration. `--check FILE` writes nothing and fails
// when FILE is another text.
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const DOCUMENT = 'docs/settings.md';

const HEAD = `# Settings

This page is generated from the schemas by \`npm run settings-doc\`; change the descriptions there. All keys have
a default or may be left out, and a key that nobody knows is refused. They are written in one YAML or JSON file:
\`--config FILE\`, or \`voltage.config.json\`, \`.yaml\` or \`.yml\` in the working folder. \`a.b\` is key \`b\` of
the object \`a\`; \`a[].b\` is key \`b\` of each element of the list \`a\`; \`a.NAME.b\` is key \`b\` of each object
that \`a\` holds by name.
`;

/** What the end of a key says of its unit, longest ending first where one holds another. */
const UNITS = [
  ['Micros', 'µs'],
  ['Millis', 'ms'],
  ['Seconds', 's'],
  ['Minutes', 'min'],
  ['Dollars', '$'],
  ['BasisPoints', '0.01 %'],
  ['Ticks', '$0.0001'],
  ['Count', '0.01 contracts'],
];
const SPANS = [
  [3_600_000_000, 'h'],
  [60_000_000, 'min'],
  [1_000_000, 's'],
  [1_000, 'ms'],
];

const unitOf = (key) => UNITS.find(([ending]) => key.endsWith(ending))?.[1] ?? '';
const code = (value) => `\`${typeof value === 'string' ? value : JSON.stringify(value)}\``;
const cell = (text) => text.replaceAll('|', '\\|').replaceAll('\n', ' ');

/** The bounds that a reader may meet; the largest safe integer is none. */
function bounds({ minimum, exclusiveMinimum, maximum, exclusiveMaximum }) {
  const most = maximum === Number.MAX_SAFE_INTEGER ? undefined : maximum;
  const least = minimum === Number.MIN_SAFE_INTEGER ? undefined : minimum;
  return [
    least !== undefined && `from ${least}`,
    exclusiveMinimum !== undefined && `above ${exclusiveMinimum}`,
    most !== undefined && (exclusiveMinimum === undefined ? `to ${most}` : `up to ${most}`),
    exclusiveMaximum !== undefined && `below ${exclusiveMaximum}`,
  ]
    .filter(Boolean)
    .join(' ');
}

function typeOf(schema) {
  const of = schema.anyOf ?? schema.oneOf;
  if (of) {
    const all = of.map(typeOf);
    return all.every((text) => text.startsWith('`')) ? all.join(', ') : [...new Set(all)].join(' or ');
  }
  if (schema.enum) return schema.enum.map(code).join(', ');
  if (schema.const !== undefined) return code(schema.const);
  if (schema.type === 'array') return `list of ${typeOf(schema.items ?? {})}`;
  if (schema.type === 'boolean') return '`true`, `false`';
  if (schema.type === 'integer' || schema.type === 'number')
    return `${schema.type === 'integer' ? 'whole number' : 'number'} ${bounds(schema)}`.trim();
  if (schema.format === 'uri') return 'address';
  if (schema.format === 'date-time') return 'time in UTC';
  return schema.type === 'string' ? 'text' : (schema.type ?? 'any');
}

function defaultOf(key, schema) {
  if (schema.default === undefined) return '';
  const span =
    key.endsWith('Micros') && SPANS.find(([micros]) => schema.default > 0 && schema.default % micros === 0);
  return span ? `${code(schema.default)} (${schema.default / span[0]} ${span[1]})` : code(schema.default);
}

/** The object that a setting is made of, if it is one, and how a path goes on inside it. */
function inside(schema) {
  if (schema.type === 'array') {
    const { object, step } = inside(schema.items ?? {});
    return { object, step: `[]${step ?? ''}` };
  }
  const object = [schema, ...(schema.anyOf ?? schema.oneOf ?? [])].find(({ properties }) => properties);
  if (object) return { object, step: '' };
  if (typeof schema.additionalProperties === 'object') {
    const { object: each, step } = inside(schema.additionalProperties);
    return { object: each, step: `.NAME${step ?? ''}` };
  }
  return { object: undefined, step: '' };
}

/**
 * The page of a configuration's JSON Schema (of what a file may hold), and the keys that have no description.
 * An object needs none, since its keys have theirs.
 */
export function settingsDoc(schema) {
  const undescribed = [];
  const rowsOf = (object, path) =>
    Object.entries(object.properties).flatMap(([key, setting]) => {
      const at = path === '' ? key : `${path}.${key}`;
      const { object: within, step } = inside(setting);
      const plain = within !== undefined && setting.type === 'object';
      if (setting.description === undefined && !plain) undescribed.push(at);
      const fallback = within ? '' : defaultOf(key, setting);
      const type = within ? (plain ? 'object' : step.startsWith('[]') ? 'list' : 'object') : typeOf(setting);
      const row = { path: at, cells: [code(at), type, fallback, unitOf(key), setting.description ?? ''] };
      const own = plain && setting.description === undefined ? [] : [row];
      return within ? [...own, ...rowsOf(within, `${at}${step}`)] : own;
    });
  const table = (rows) =>
    [
      '| key | value | default | unit | meaning |',
      '| --- | --- | --- | --- | --- |',
      ...rows.map(({ cells }) => `| ${cells.map(cell).join(' | ')} |`),
    ].join('\n');
  const groups = new Map();
  for (const row of rowsOf(schema, '')) {
    const [name] = row.path.split(/[.[]/);
    groups.set(name, [...(groups.get(name) ?? []), row]);
  }
  const sections = [...groups].map(([name, [first, ...rest]]) =>
    first.path === name && first.cells[1] === 'object'
      ? `## ${name}\n\n${first.cells[4]}\n\n${table(rest)}`
      : `## ${name}\n\n${table([first, ...rest])}`,
  );
  return { text: `${[HEAD.trimEnd(), ...sections].join('\n\n')}\n`, undescribed };
}

async function main([flag, file = DOCUMENT]) {
  const { z } = await import('zod');
  const { settingsObject } = await import(new URL('../dist/src/config/settings.js', import.meta.url).href);
  const { text, undescribed } = settingsDoc(
    z.toJSONSchema(settingsObject, { io: 'input', unrepresentable: 'any' }),
  );
  if (undescribed.length > 0) return `these settings have no description: ${undescribed.join(', ')}`;
  if (flag !== '--check') writeFileSync(DOCUMENT, text);
  else if (readFileSync(file, 'utf8') !== text) return `${file} is stale: run \`npm run settings-doc\``;
  return undefined;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const problem = await main(process.argv.slice(2));
  if (problem !== undefined) {
    process.stderr.write(`settings-doc: ${problem}\n`);
    process.exitCode = 1;
  }
}

/** An environment variable that stands above the configuration file, and the key it sets. */
export interface Override {
  readonly name: string;
  readonly path: readonly string[];
}

/**
 * All of them but `INFLUX_URL`, which may hold a password and is read where nothing repeats it. What is secret stays out of the file this way; the private key itself is never taken,
 * only its path.
 */
export const overrides: readonly Override[] = [
  { name: 'VOLTAGE_LABEL', path: ['label'] },
  { name: 'VOLTAGE_KRAKEN_WS_URL', path: ['kraken', 'wsUrl'] },
  { name: 'VOLTAGE_KRAKEN_REST_URL', path: ['kraken', 'restUrl'] },
  { name: 'VOLTAGE_COINBASE_WS_URL', path: ['coinbase', 'wsUrl'] },
  { name: 'VOLTAGE_KALSHI_WS_URL', path: ['kalshi', 'wsUrl'] },
  { name: 'VOLTAGE_KALSHI_REST_URL', path: ['kalshi', 'restUrl'] },
  { name: 'KALSHI_ENVIRONMENT', path: ['kalshi', 'environment'] },
  { name: 'KALSHI_KEY_ID', path: ['kalshi', 'keyId'] },
  { name: 'KALSHI_PRIVATE_KEY_PATH', path: ['kalshi', 'privateKeyPath'] },
];

/** Names of the configuration file that is looked for in the working folder, first found. */
export const CONFIG_FILES: readonly string[] = [
  'voltage.config.json',
  'voltage.config.yaml',
  'voltage.config.yml',
];

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const withValue = (root: unknown, path: readonly string[], value: string): unknown => {
  const [key, ...rest] = path;
  if (key === undefined) return value;
  const object = isObject(root) ? root : {};
  return { ...object, [key]: withValue(object[key], rest, value) };
};

/** `raw` with what the environment sets put over it, and which variables did. An empty variable sets nothing. */
export function withEnvironment(
  raw: unknown,
  environment: Readonly<Record<string, string | undefined>>,
): { readonly raw: unknown; readonly used: readonly Override[] } {
  const used = overrides.filter(({ name }) => (environment[name] ?? '') !== '');
  return {
    raw: used.reduce<unknown>((root, { name, path }) => withValue(root, path, environment[name] ?? ''), raw),
    used,
  };
}

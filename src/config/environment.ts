import { spotAddresses } from './venues.ts';

/** An environment variable that overrides the configuration file, and the key that it sets. */
export interface Override {
  readonly name: string;
  readonly path: readonly string[];
}

/**
 * All overrides except `INFLUX_URL` and `NOTIFY_URL`, which are secrets and are read where no message repeats
 * them. So secrets stay out of the file. A private key is never read from a variable, only its path.
 */
export const overrides: readonly Override[] = [
  { name: 'VOLTAGE_LABEL', path: ['label'] },
  ...spotAddresses.map(([venue, key]) => ({
    name: `VOLTAGE_${venue}_${key.replace('Url', '_url')}`.toUpperCase(),
    path: [venue, key],
  })),
  { name: 'VOLTAGE_KALSHI_WS_URL', path: ['kalshi', 'wsUrl'] },
  { name: 'VOLTAGE_KALSHI_REST_URL', path: ['kalshi', 'restUrl'] },
  { name: 'KALSHI_ENVIRONMENT', path: ['kalshi', 'environment'] },
  { name: 'KALSHI_KEY_ID', path: ['kalshi', 'keyId'] },
  { name: 'KALSHI_PRIVATE_KEY_PATH', path: ['kalshi', 'privateKeyPath'] },
];

/** File names of the configuration in the working folder; the first that exists is read. */
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

/**
 * `raw` with the environment's values in place of its own, and the variables that set them. An empty variable
 * sets nothing.
 */
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

/** Where points go. */
export interface InfluxTarget {
  readonly protocol: 'http' | 'https';
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly username: string | undefined;
  readonly password: string | undefined;
  /** Stands above user and password: InfluxDB 2.x and 3.x take it where 1.x took those. */
  readonly token?: string | undefined;
}

const DEFAULT_PORT = 8086;
const DEFAULT_DATABASE = 'voltage';

/**
 * Reads `http://user:password@host:port/database`. The default port is 8086, the default database `voltage`.
 * Throws one sentence for anything else. The sentence never repeats the URL, which may hold a password.
 */
export function influxTarget(text: string): InfluxTarget {
  const refuse = (what: string): never => {
    throw new Error(`telemetry: INFLUX_URL ${what}; write it as http://user:password@host:8086/database`);
  };
  const url = URL.canParse(text) ? new URL(text) : refuse('is no URL');
  const plain = (escaped: string): string => {
    try {
      return decodeURIComponent(escaped);
    } catch {
      return refuse('has a % that begins no escape');
    }
  };
  if (url.protocol !== 'http:' && url.protocol !== 'https:') refuse('must begin with http:// or https://');
  const database = plain(url.pathname.slice(1)).replace(/\/$/, '');
  if (!/^[\w.-]*$/.test(database))
    refuse('names a database with other characters than letters, digits, "_", "." and "-"');
  // The parser drops the protocol's default port, so http://host:80 and http://host look the same.
  const port = url.port === '' ? (/:(80|443)(\/|$)/.exec(text)?.[1] ?? DEFAULT_PORT) : url.port;
  return {
    protocol: url.protocol === 'https:' ? 'https' : 'http',
    host: url.hostname,
    port: Number(port),
    database: database || DEFAULT_DATABASE,
    username: plain(url.username) || undefined,
    password: plain(url.password) || undefined,
  };
}

/** The target without credentials, for messages. */
export const influxPlace = ({ protocol, host, port, database }: InfluxTarget): string =>
  `${protocol}://${host}:${port}/${database}`;

import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { settingsSchema } from '../../src/config/settings.ts';
import { withoutSecrets } from '../../src/transport/without-secrets.ts';
import { kalshiHosts } from '../../src/venues/kalshi/settings.ts';

const read = (path: string): string => readFileSync(path, 'utf8');
const filesBelow = (folder: string): readonly string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).isFile());

/** The lines of a unit without comments, as `key=value`; a key may stand several times. */
const unit = (path: string): readonly string[] =>
  read(path)
    .split('\n')
    .filter((line) => /^[A-Z][A-Za-z]*=/.test(line));

const UNITS = ['deploy/systemd/voltage.service', 'deploy/systemd/voltage-halt.service'] as const;

/** What no service that holds a trading key should go without. */
const HARDENED = [
  'NoNewPrivileges=yes',
  'ProtectSystem=strict',
  'ProtectHome=yes',
  'PrivateTmp=yes',
  'PrivateDevices=yes',
  'CapabilityBoundingSet=',
  'AmbientCapabilities=',
  'RestrictSUIDSGID=yes',
  'RestrictNamespaces=yes',
  'RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX AF_NETLINK',
  'SystemCallFilter=@system-service',
  'SystemCallFilter=~@privileged',
  'StateDirectory=voltage',
  'StateDirectoryMode=0700',
  'UMask=0077',
  'LimitCORE=0',
] as const;

describe('deploy/', () => {
  const files = filesBelow('deploy');

  test.each(files)('%s holds no secret, no key and no password', (path) => {
    const text = read(path);
    expect(withoutSecrets(text)).toBe(text);
    expect(text).not.toMatch(/PRIVATE KEY/);
    expect(text).not.toMatch(
      /(?:password|secret|token)\w*[ \t]*[=:][ \t]*(?!\/run\/secrets\/|""|\[)["']?\w{4,}/i,
    );
    expect(text).not.toMatch(/\b[0-9a-f]{8}-[0-9a-f]{4}-(?!0000)[0-9a-f]{4}/i);
  });

  test('what an operator puts beside the compose file is kept out of git', () => {
    const ignored = read('.gitignore').split('\n');
    for (const path of ['secrets/', 'voltage.env', 'live.yaml']) expect(ignored).toContain(`/deploy/${path}`);
  });
});

describe.each(UNITS)('%s', (path) => {
  const lines = unit(path);
  const valuesOf = (key: string): readonly string[] =>
    lines.filter((line) => line.startsWith(`${key}=`)).map((line) => line.slice(key.length + 1));

  test('runs hardened, as a user of its own and not as root', () => {
    for (const line of HARDENED) expect(lines).toContain(line);
    expect(valuesOf('User')).toEqual(['voltage']);
    expect(read('deploy/systemd/voltage.sysusers.conf')).toMatch(/^u voltage - /m);
  });

  test('gets the key as a credential, and the path that it is given is that credential’s', () => {
    const [credential = ''] = valuesOf('LoadCredential');
    const [name] = credential.split(':');
    expect(valuesOf('Environment')).toContain(`KALSHI_PRIVATE_KEY_PATH=%d/${name}`);
    expect(valuesOf('Environment').filter((value) => /KEY_ID|INFLUX|PASSWORD/.test(value))).toEqual([]);
  });

  test('lets V8 write code and run it, since Node cannot start otherwise, and says why', () => {
    expect(valuesOf('MemoryDenyWriteExecute')).toEqual(['no']);
    expect(read(path)).toMatch(/^# .*V8 .*\n(?:# .*\n)*MemoryDenyWriteExecute=no$/m);
  });

  test('writes below its state folder alone, and that is the --state of its command', () => {
    const [command = ''] = valuesOf('ExecStart');
    expect(command).toMatch(/ --state \/var\/lib\/voltage(?: |$)/);
    expect(valuesOf('WorkingDirectory')).toEqual(['/var/lib/voltage']);
    expect([valuesOf('ReadWritePaths'), valuesOf('BindPaths')]).toEqual([[], []]);
  });

  const verified = spawnSync('systemd-analyze', ['verify', path], { encoding: 'utf8' });
  const isThere = verified.error === undefined;
  (isThere ? test : test.skip)(
    `systemd itself finds nothing wrong with it${isThere ? '' : ' (skipped: no systemd-analyze here)'}`,
    () => {
      // It names programs that are not installed on the machine that looks, and units of the machine itself.
      const found = verified.stderr
        .split('\n')
        .filter((line) => line.includes(path.split('/').at(-1) ?? '') && !line.includes('is not executable'));
      expect(found).toEqual([]);
    },
  );
});

describe('the unit of the lane', () => {
  const lines = unit('deploy/systemd/voltage.service');

  test('a signal reaches the lane alone, so that the supervisor outlives it', () => {
    expect(lines).toContain('KillMode=process');
    expect(lines).toContain('OOMPolicy=continue');
  });

  test('starts again within bounds, and not on a configuration that cannot be used', () => {
    const numberOf = (key: string): number =>
      Number(lines.find((line) => line.startsWith(`${key}=`))?.slice(key.length + 1));
    expect(lines).toContain('Restart=on-failure');
    expect(lines).toContain('RestartPreventExitStatus=2');
    expect(numberOf('RestartSec')).toBeGreaterThanOrEqual(5);
    // A bound that cannot be reached within its span is none.
    expect(numberOf('StartLimitBurst') * numberOf('RestartSec')).toBeLessThan(
      numberOf('StartLimitIntervalSec'),
    );
    expect(numberOf('TimeoutStopSec')).toBeGreaterThan(60);
  });

  test('has a watchdog that a lane which starts does not miss, and that the supervisor may feed', () => {
    expect(lines).toContain('Type=notify');
    expect(lines).toContain('NotifyAccess=all');
    const watchdogSec = Number(/^WatchdogSec=(\d+)$/m.exec(lines.join('\n'))?.[1]);
    // One word in four may come just before a silence that a lane which starts is allowed.
    expect(watchdogSec * (1 - 1 / 4)).toBeGreaterThan(60);
    expect(Number(/^TimeoutStartSec=(\d+)$/m.exec(lines.join('\n'))?.[1])).toBeGreaterThan(120);
  });
});

describe('the container file', () => {
  const text = read('deploy/container/Dockerfile').replaceAll(/\\\n\s*/g, '');
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  const last = lines.slice(lines.findLastIndex((line) => line.startsWith('FROM ')));

  test('builds in stages, and the last one has no compiler, no test and no source', () => {
    expect(lines.filter((line) => line.startsWith('FROM '))).toHaveLength(3);
    expect(lines.filter((line) => line.includes('npm ci'))).toEqual([
      'RUN npm ci --ignore-scripts',
      'RUN npm ci --omit=dev --ignore-scripts',
    ]);
    const taken = last.filter((line) => line.startsWith('COPY '));
    expect(taken).toEqual([
      'COPY --from=dependencies /build/node_modules node_modules',
      'COPY --from=build /build/dist dist',
      'COPY package.json LICENSE ./',
      'COPY models models',
      'COPY --chmod=0555 deploy/container/first-process.sh ./',
    ]);
  });

  test('runs on the Node that the package asks for, as a numbered user that is not root', () => {
    expect(text).toMatch(/^ARG NODE=node:20-[a-z]+-slim$/m);
    expect(lines.filter((line) => line.startsWith('USER '))).toEqual(['USER 1000:1000']);
    expect(last.findIndex((line) => line.startsWith('USER '))).toBeLessThan(
      last.findIndex((line) => line.startsWith('ENTRYPOINT ')),
    );
  });

  test('asks the lane for its status as a health check, and sends no order unless it is told to', () => {
    expect(last.find((line) => line.startsWith('HEALTHCHECK '))).toContain('main.js status --json');
    expect(last.at(-1)).toBe('CMD ["--help"]');
  });

  test('takes into its build what is named and nothing else, so no key of the folder gets in', () => {
    const [first, ...rest] = read('deploy/container/Dockerfile.dockerignore')
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'));
    expect(first).toBe('*');
    const named = rest.filter((line) => line.startsWith('!')).map((line) => line.slice(1));
    const needed = lines
      .filter((line) => line.startsWith('COPY ') && !line.includes('--from='))
      .flatMap((line) => line.split(' ').slice(1, -1))
      .filter((word) => !word.startsWith('--'));
    expect(new Set(needed)).toEqual(new Set(named));
    expect(rest.slice(-3)).toEqual(['**/*.pem', '**/*.key', '**/.env*']);
  });
});

interface Service {
  readonly image?: string;
  readonly profiles?: readonly string[];
  readonly user?: string;
  readonly read_only?: boolean;
  readonly privileged?: boolean;
  readonly cap_drop?: readonly string[];
  readonly cap_add?: readonly string[];
  readonly security_opt?: readonly string[];
  readonly ports?: readonly string[];
  readonly volumes?: readonly string[];
  readonly secrets?: readonly string[];
  readonly restart?: string;
  readonly network_mode?: string;
  readonly tmpfs?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
}

describe('the compose file', () => {
  const { services, secrets } = parse(read('deploy/compose.yaml'), { merge: true }) as {
    readonly services: Readonly<Record<string, Service>>;
    readonly secrets: Readonly<Record<string, { readonly file: string }>>;
  };
  const { demo, voltage, influxdb, grafana } = services;

  test('is a lane, InfluxDB 1.8 and Grafana with this project’s own provisioning', () => {
    expect(Object.keys(services).sort()).toEqual(['demo', 'grafana', 'influxdb', 'voltage']);
    expect(influxdb?.image).toBe('influxdb:1.8');
    expect(grafana?.volumes).toContain('../grafana/provisioning:/etc/grafana/provisioning:ro');
    const dashboards = parse(read('grafana/provisioning/dashboards/voltage.yaml')) as {
      readonly providers: readonly { readonly options: { readonly path: string } }[];
    };
    const path = dashboards.providers[0]?.options.path;
    expect(grafana?.volumes).toContain(`../grafana/dashboards:${path}:ro`);
  });

  test('Grafana finds InfluxDB where its provisioning says, and the lane where Grafana looks', () => {
    const source = parse(read('grafana/provisioning/datasources/voltage.yaml')) as {
      readonly datasources: readonly {
        readonly url: string;
        readonly jsonData: { readonly dbName: string };
      }[];
    };
    const [{ url, jsonData } = { url: '', jsonData: { dbName: '' } }] = source.datasources;
    expect([url, grafana?.network_mode]).toEqual(['http://localhost:8086', 'service:influxdb']);
    expect(voltage?.environment?.['INFLUX_URL']).toBe(`http://influxdb:8086/${jsonData.dbName}`);
  });

  test('no lane starts unless its profile is named, and real orders have one of their own', () => {
    expect([demo?.profiles, voltage?.profiles]).toEqual([['demo'], ['live']]);
    expect([influxdb?.profiles, grafana?.profiles]).toEqual([undefined, undefined]);
    expect(demo?.environment).toEqual({ INFLUX_URL: voltage?.environment?.['INFLUX_URL'] });
    expect([demo?.secrets, demo?.volumes, demo?.read_only, demo?.user]).toEqual([
      undefined,
      undefined,
      true,
      '1000:1000',
    ]);
  });

  test('alerts go to an address of the environment, and without one nowhere', () => {
    // biome-ignore lint/suspicious/noTemplateCurlyInString: Compose fills it in.
    expect(grafana?.environment?.['VOLTAGE_ALERT_URL']).toBe('${VOLTAGE_ALERT_URL:-http://127.0.0.1:9/}');
  });

  test('the lane runs on a read-only root, without privileges, and writes to its state alone', () => {
    expect(voltage).toMatchObject({ user: '1000:1000', read_only: true, cap_drop: ['ALL'], tmpfs: ['/tmp'] });
    expect(voltage?.cap_add).toBeUndefined();
    expect(voltage?.volumes?.filter((volume) => !volume.endsWith(':ro'))).toEqual(['state:/state']);
  });

  test.each(Object.entries(services))(
    '%s gains no privilege, and is reached from this machine alone',
    (_, each) => {
      expect(each.security_opt).toEqual(['no-new-privileges:true']);
      expect(each.cap_drop).toEqual(['ALL']);
      expect(each.privileged).toBeUndefined();
      for (const port of each.ports ?? []) expect(port).toMatch(/^127\.0\.0\.1:/);
    },
  );

  test('key and password are secrets in files, and where they are used their paths are those of the secrets', () => {
    expect(voltage?.secrets).toEqual(['kalshi_key']);
    expect(voltage?.environment?.['KALSHI_PRIVATE_KEY_PATH']).toBe('/run/secrets/kalshi_key');
    expect(grafana?.environment?.['GF_SECURITY_ADMIN_PASSWORD__FILE']).toBe(
      `/run/secrets/${grafana?.secrets?.[0]}`,
    );
    for (const { file } of Object.values(secrets)) expect(file).toMatch(/^secrets\//);
  });

  test('a lane that cannot start stays down after a number of starts', () => {
    expect(voltage?.restart).toMatch(/^on-failure:\d+$/);
  });
});

describe('the configuration that begins', () => {
  const settings = settingsSchema.parse(parse(read('deploy/voltage.yaml')));

  test('names the demo exchange, states every hard limit, and holds no key', () => {
    expect(settings.kalshi).toMatchObject({ environment: 'demo' });
    expect([settings.kalshi.keyId, settings.kalshi.privateKeyPath]).toEqual([undefined, undefined]);
    expect(kalshiHosts(settings.kalshi).restUrl).toContain('.demo.');
    expect(settings.execution.live).toBeDefined();
  });

  test('keeps the desk within the hard limits, so that those are never what stops it', () => {
    const { live } = settings.execution;
    expect(settings.risk.orderMaxCount / 100).toBeLessThanOrEqual(live?.orderContractsMax ?? 0);
    expect(settings.risk.ordersOpenMax).toBeLessThanOrEqual(live?.openOrdersMax ?? 0);
    expect(settings.risk.dayLossMaxDollars).toBeLessThanOrEqual(live?.dollarsPerDayMax ?? 0);
  });
});

// Tiers from the bottom up; a room imports rooms of lower tiers only, and never a room beside it. The reason is ARCHITECTURE.md.
const TIERS = [
  ['src/domain'],
  ['src/maths'],
  ['src/operators'],
  ['src/transport'],
  ['src/venues', 'src/features', 'src/portfolio'],
  ['src/forecast', 'src/pricing'],
  ['src/risk'],
  ['src/execution'],
  ['src/tape', 'src/telemetry', 'src/research', 'src/emulator'],
  ['src/config', 'src/console'],
  ['pipelines'],
  ['src/cli'],
];

const rooms = TIERS.flatMap((tier, height) => tier.map((room) => ({ room, height })));
const below = (height) => rooms.filter((other) => other.height < height).map(({ room }) => `^${room}/`);

const tierRules = rooms.map(({ room, height }) => ({
  name: `${room.replace('src/', '')}-imports-down-only`,
  severity: 'error',
  from: { path: `^${room}/` },
  to: { path: '^(src|pipelines|test|bench)/', pathNot: [`^${room}/`, ...below(height)] },
}));

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true } },
    { name: 'no-orphans-of-the-registry', severity: 'error', from: {}, to: { couldNotResolve: true } },
    {
      name: 'one-venue-knows-no-other',
      severity: 'error',
      from: { path: '^src/venues/([^/]+)/' },
      to: { path: '^src/venues/', pathNot: '^src/venues/$1/' },
    },
    {
      name: 'only-telemetry-logs',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/(telemetry|cli)/' },
      to: { path: 'node_modules/(pino|influx)/' },
    },
    ...tierRules,
  ],
  options: {
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    parser: 'swc',
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(dist|bench/node_modules)' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
      extensions: ['.ts', '.mjs', '.js', '.json'],
    },
  },
};

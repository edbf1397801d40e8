// Trials of `voltage live` as processes, against `voltage emulate` as another: kill -9 at random and starts
// after it, a closed terminal, a full disk, a stop of minutes, money that comes and goes, a settlement while the
// lane is dead, and faults of the exchange. Each ends with the same questions: is every order there once and
// within its limits, is every fill in the journal once, does `voltage status --json` equal the exchange's
// portfolio, does the journal verify.
//
//   npm run build && node scripts/live-trials.mjs                     each trial once, about half an hour
//   node scripts/live-trials.mjs --only walk --repeat 5 --seed 7      five acceptance walks
//   node scripts/live-trials.mjs --only stop --stop-seconds 120       a SIGSTOP of two minutes
//   node scripts/live-trials.mjs --patience-ms 30000                  on a machine that has much to do
//
// Exit code 1 if anything was found. A row of JSON for each trial goes to stdout.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { openAccount } from './live-trials/account.mjs';
import { journalAgainst, pastLimits } from './live-trials/found.mjs';
import { TRIALS } from './live-trials/trials.mjs';
import { openVenue } from './live-trials/venue.mjs';

const { values } = parseArgs({
  options: {
    only: { type: 'string', default: Object.keys(TRIALS).join(',') },
    repeat: { type: 'string', default: '1' },
    seed: { type: 'string', default: '1' },
    kills: { type: 'string', default: '2' },
    'stop-seconds': { type: 'string', default: '20' },
    'patience-ms': { type: 'string', default: '5000' },
    small: { type: 'string' },
  },
});
const SMALL_BYTES = '4m';

/** Numbers from 0 to 1 by a seed (mulberry32). */
const numbers = (seed) => {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
};

/** Runs the trial of a full disk in a file system of its own, where the kernel lets users mount one. */
function onSmallDisk(seed) {
  const folder = mkdtempSync(join(tmpdir(), 'small-disk-'));
  const script =
    'mount -t tmpfs -o size="$1" none "$2" || exit 77; shift; small="$1"; shift; exec "$@" --small "$small"';
  const again = [process.execPath, fileURLToPath(import.meta.url), '--only', 'disk', '--seed', String(seed)];
  const words = [
    '-rm',
    'sh',
    '-c',
    script,
    'sh',
    SMALL_BYTES,
    folder,
    ...again,
    '--patience-ms',
    values['patience-ms'],
  ];
  const { status, error } = spawnSync('unshare', words, { stdio: ['ignore', 'inherit', 'inherit'] });
  rmSync(folder, { recursive: true });
  if (status !== 77 && !error) return status === 0;
  process.stdout.write(
    `${JSON.stringify({ trial: 'disk', seed, notRun: 'no small file system can be mounted here' })}\n`,
  );
  return true;
}

/** What runs now, for an end before its time. */
let open = [];

async function tried(name, seed) {
  const folder = mkdtempSync(join(tmpdir(), 'live-trial-'));
  const random = numbers(seed);
  const sinceMs = performance.now();
  const venue = await openVenue(`${name} ${seed}`, folder);
  const account = openAccount(venue, {
    folder,
    // Only the account lies on the small disk.
    state: join(values.small ?? folder, 'state'),
    patienceMs: Number(values['patience-ms']),
    byEnvironment: seed % 2 === 1,
  });
  open = [account, venue];
  const found = [];
  try {
    const options = {
      random,
      kills: Number(values.kills),
      stopSeconds: Number(values['stop-seconds']),
      small: values.small,
    };
    found.push(...(await TRIALS[name](account, options)));
    found.push(...pastLimits(venue.creates), ...(await journalAgainst(account)));
    if ((await account.verify()) !== 0) found.push('the journal does not verify');
  } catch (cause) {
    found.push(cause instanceof Error ? (cause.stack ?? cause.message) : String(cause), account.lastWords());
  }
  const fills = await venue.fills().catch(() => []);
  process.stdout.write(
    `${JSON.stringify({
      trial: name,
      seed,
      lives: account.lives(),
      orders: venue.creates.length,
      fills: fills.length,
      statusCompared: account.comparisons(),
      seconds: Math.round((performance.now() - sinceMs) / 1_000),
      found,
    })}\n`,
  );
  for (const each of open) await each.close();
  open = [];
  rmSync(folder, { recursive: true, force: true });
  return found.length === 0;
}

for (const signal of ['SIGINT', 'SIGTERM'])
  process.once(signal, async () => {
    for (const each of open) await each.close();
    process.exit(1);
  });

const names = values.only.split(',');
for (const name of names)
  if (!(name in TRIALS))
    throw new Error(`there is no trial ${name}; there are ${Object.keys(TRIALS).join(', ')}`);
let lost = 0;
for (let i = 0; i < Number(values.repeat); i++)
  for (const name of names) {
    const seed = Number(values.seed) + i;
    const isWhole =
      name === 'disk' && values.small === undefined ? onSmallDisk(seed) : await tried(name, seed);
    if (!isWhole) lost++;
  }
process.exitCode = lost === 0 ? 0 : 1;

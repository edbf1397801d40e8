import { appendFileSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as waited } from 'node:timers/promises';
import { until } from './account.mjs';
import { dayAgainst } from './found.mjs';

const POSITION_WITHIN_MS = 240_000;
const SETTLED_WITHIN_MS = 300_000;
const REFUSED_WITHIN_MS = 240_000;
const QUARTER_MS = 900_000;
const QUIET_MS = 5_000;

const STARTS = 3;

/** A lane that has the account. One that the doctor refused is started again, as a service does. */
async function trading(account, more, options) {
  for (let tries = 1; ; tries++) {
    const lane = account.start(more, options);
    try {
      await account.adopted(lane);
      return lane;
    } catch (cause) {
      if (tries === STARTS || !cause.message.includes("of the doctor's checks failed")) throw cause;
    }
  }
}

const positioned = (account) =>
  until('position', POSITION_WITHIN_MS, async () => {
    const { positions } = await account.venue.portfolio();
    return Object.keys(positions)[0];
  });

/** Halts by the command, and looks that nothing rests and nothing comes. */
async function haltedQuietly(account, reason, found) {
  const halted = await account.command('halt', '--reason', reason);
  const from = account.venue.creates.length;
  if (halted.code !== 0) found.push(`halt ended with ${halted.code}: ${halted.stderr}${halted.stdout}`);
  await waited(QUIET_MS);
  const { openOrders } = await account.venue.portfolio();
  if (openOrders > 0) found.push(`${openOrders} orders rest after a halt`);
  const came = account.venue.creates.length - from;
  if (came > 0) found.push(`${came} orders came after a halt`);
}

/** Exit 0, and 1 once one byte is another. Only while no lane runs. */
async function verified(account, random, found) {
  const path = account.file('journal.db');
  if ((await account.verify()) !== 0) found.push('journal verify does not end with 0');
  const bytes = readFileSync(path);
  const changed = Buffer.from(bytes);
  const at = changed.length - 1 - Math.floor(random() * Math.min(2_000, changed.length / 2));
  changed[at] ^= 1;
  writeFileSync(path, changed);
  const code = await account.verify();
  writeFileSync(path, bytes);
  // Free space of a page belongs to no row; the seal of a journal that was closed covers every byte.
  return code === 1 ? 'found' : `byte ${at} of ${changed.length} changed, and verify ended with ${code}`;
}

/** Writes until nothing more can be written. */
function filled(path) {
  try {
    for (;;) appendFileSync(path, Buffer.alloc(4_096));
  } catch (cause) {
    if (cause.code !== 'ENOSPC') throw cause;
  }
}

const isHalted = async (account) => (await account.peek())?.mode === 'HALTED';
const resumed = (account) =>
  until(
    'resume',
    120_000,
    async () => (await account.command('resume', '--reason', 'a trial goes on')).code === 0,
  );

/** Ends a lane by a signal, and says what is not as it should be. */
async function endedRegularly(account, lane, signal, found) {
  lane.kill(signal);
  const { code, stderr } = await lane.ended;
  if (code !== 0) found.push(`after ${signal} the lane ended with ${code}: ${stderr}`);
  await closedRegularly(account, found);
}

async function closedRegularly(account, found) {
  if ((await account.exported()).at(-1)?.kind !== 'closed') found.push('the journal was not closed');
  const { openOrders } = await account.venue.portfolio();
  if (openOrders > 0) found.push(`${openOrders} orders rest after a regular end`);
}

/** Comes back twice: once killed again at random, once to the end. */
async function backTwice(account, random, found) {
  const again = await trading(account);
  await account.agreed();
  await waited(random() * 8_000);
  await again.crash();
  const last = await trading(account);
  await account.agreed();
  await haltedQuietly(account, 'the trial ends', found);
  await account.agreed();
  await endedRegularly(account, last, 'SIGTERM', found);
}

/** The trials by name. Each gets an open account, and says in sentences what was not as it should be. */
export const TRIALS = {
  /** The issue's own acceptance: kills at random, equal portfolios, a halt, the journal. */
  async walk(account, { random, kills }) {
    const found = [];
    for (let i = 0; i < kills; i++) {
      const lane = await trading(account, ['--minutes', '10']);
      await account.agreed();
      await waited(random() * 12_000);
      await lane.crash();
      await waited(random() * 3_000);
    }
    const lane = await trading(account, ['--minutes', '10']);
    await account.agreed();
    await positioned(account);
    await account.agreed();
    await haltedQuietly(account, 'the walk ends', found);
    const status = await account.agreed();
    if (status.mode !== 'HALTED' || status.reason !== 'the walk ends')
      found.push(`after a halt the lane is ${status.mode}: ${status.reason}`);
    await lane.crash();
    const again = await trading(account);
    if (!(await isHalted(account))) found.push('the halt was over with its lane');
    await account.agreed();
    await endedRegularly(account, again, 'SIGTERM', found);
    const byte = await verified(account, random, found);
    if (byte !== 'found') found.push(byte);
    return found;
  },

  /** The terminal is closed. */
  async hangup(account, { random }) {
    const found = [];
    const lane = await trading(account);
    await positioned(account);
    await endedRegularly(account, lane, 'SIGHUP', found);
    await backTwice(account, random, found);
    return found;
  },

  /** Nobody reads the screen any more: the next line ends the lane as a closed terminal does. */
  async pipe(account, { random }) {
    const found = [];
    const lane = await trading(account, [], { json: false });
    await positioned(account);
    lane.child.stderr.destroy();
    lane.child.stdout.destroy();
    // An operator's command is told on the screen.
    await account.command('cancel-all', '--reason', 'a line for the screen');
    await until(
      'end of the lane',
      120_000,
      async () => lane.child.exitCode !== null || lane.child.signalCode !== null,
    );
    await closedRegularly(account, found);
    await backTwice(account, random, found);
    return found;
  },

  /** Nobody reads the result of a lane that writes nothing else: it trades on, and ends in order. */
  async result(account, { random }) {
    const found = [];
    const lane = await trading(account);
    await positioned(account);
    lane.child.stdout.destroy();
    await account.agreed();
    lane.kill('SIGTERM');
    await until(
      'end of the lane',
      120_000,
      async () => lane.child.exitCode !== null || lane.child.signalCode !== null,
    );
    await closedRegularly(account, found);
    await backTwice(account, random, found);
    return found;
  },

  /** The process is stopped, and goes on after minutes. */
  async stop(account, { random, stopSeconds }) {
    const found = [];
    const lane = await trading(account);
    await positioned(account);
    lane.kill('SIGSTOP');
    const from = account.venue.creates.length;
    await until('halt by the supervisor', 60_000, async () => existsSync(account.file('halted.json')));
    await until('cancelled order', 60_000, async () => (await account.venue.portfolio()).openOrders === 0);
    await waited(stopSeconds * 1_000);
    lane.kill('SIGCONT');
    await until('answer', 240_000, () => isHalted(account));
    if (account.venue.creates.length > from) found.push('a stopped lane sent an order');
    await account.agreed();
    if (account.venue.creates.length > from) found.push('a lane that was halted meanwhile sent an order');
    await resumed(account);
    await waited(random() * 8_000);
    await account.agreed();
    await lane.crash();
    await backTwice(account, random, found);
    return found;
  },

  /** The file system of the account is full for a while; `main` has made a small one. */
  async disk(account, { random, small }) {
    const found = [];
    const lane = await trading(account);
    await positioned(account);
    const filler = join(small, 'filler');
    filled(filler);
    await until('halt', 240_000, () => isHalted(account));
    const full = account.venue.creates.length;
    await waited(QUIET_MS);
    if (account.venue.creates.length > full) found.push('an order came that the journal could not hold');
    const { openOrders } = await account.venue.portfolio();
    if (openOrders > 0) found.push(`${openOrders} orders rest`);
    await lane.crash();
    const refused = account.start();
    const { code } = await Promise.race([
      refused.ended,
      waited(REFUSED_WITHIN_MS).then(() => ({ code: 'none' })),
    ]);
    if (code === 0 || code === 'none') found.push(`a lane on a full disk ended with ${code}`);
    await refused.crash();
    rmSync(filler);
    const again = await trading(account);
    if (!(await isHalted(account))) found.push('the halt of a full disk was over with its lane');
    await account.agreed();
    await resumed(account);
    await again.crash();
    await backTwice(account, random, found);
    return found;
  },

  /** Money comes and goes while the lane trades. */
  async money(account, { random }) {
    const found = [];
    const lane = await trading(account);
    await positioned(account);
    const before = (await account.agreed()).cashDollars;
    await account.venue.inject({ kind: 'deposit', value: 250, spanMs: 2_000 });
    await until('deposit', 60_000, async () => (await account.venue.portfolio()).cashDollars > before + 100);
    await account.agreed();
    await account.venue.inject({ kind: 'withdrawal', value: 75.5, spanMs: 2_000 });
    await waited(5_000);
    const status = await account.agreed();
    if (status.mode === 'HALTED') found.push(`money that came and went halted the lane: ${status.reason}`);
    await haltedQuietly(account, 'the money is counted', found);
    await account.agreed();
    found.push(...(await dayAgainst(account, 250 - 75.5)));
    await lane.crash();
    await backTwice(account, random, found);
    found.push(...(await dayAgainst(account, 250 - 75.5)));
    return found;
  },

  /**
   * The lane is dead while its contract settles. It waits for the end of a quarter of an hour at which it
   * holds a contract.
   */
  async settlement(account, { random }) {
    const found = [];
    const lane = await trading(account);
    const ticker = await until('contract held before its quarter ends', 3 * QUARTER_MS, async () => {
      const leftMs = QUARTER_MS - (Date.now() % QUARTER_MS);
      if (leftMs > 30_000 || leftMs < 3_000) return undefined;
      const { positions } = await account.venue.portfolio();
      return Object.keys(positions).find((held) => held.startsWith('KXBTC15M-'));
    });
    await lane.crash();
    const paid = await until('settlement', SETTLED_WITHIN_MS, async () =>
      (await account.venue.settlements()).find(({ ticker: settled }) => settled === ticker),
    );
    const again = await trading(account);
    const status = await account.agreed();
    if (ticker in status.positions) found.push(`${ticker} has settled, and the lane holds it`);
    await haltedQuietly(account, 'the settlement is counted', found);
    await account.agreed();
    found.push(...(await dayAgainst(account, 0)));
    await again.crash();
    await backTwice(account, random, found);
    found.push(...(await dayAgainst(account, 0)));
    return found.map((why) => `${why} (${ticker} settled ${paid.market_result})`);
  },

  /** Whatever the exchange does wrong while the lane trades. */
  async faults(account, { random }) {
    const found = [];
    const kinds = [
      ...['fill', 'user_orders', 'market_positions'].flatMap((only) => [
        { kind: 'hole', only, value: 2 },
        { kind: 'duplicate', only, value: 3 },
        { kind: 'delay', only, value: 1_500 },
        { kind: 'reorder', only },
      ]),
      ...['create', 'cancel', 'cancelAll', 'read'].flatMap((only) => [
        { kind: 'serverError', only, value: 2 },
        { kind: 'tooMany', only, value: 2 },
        { kind: 'timeoutAfterAccept', only, value: 1 },
        { kind: 'serverErrorAfterAccept', only, value: 1 },
      ]),
      { kind: 'readLag', value: 2_000 },
      { kind: 'readContradict', value: 1_500 },
      { kind: 'drop' },
    ];
    let lane = await trading(account);
    for (let i = 0; i < 16; i++) {
      const fault = kinds[Math.floor(random() * kinds.length)];
      await account.venue.inject({ spanMs: 4_000, ...fault });
      await waited(1_000 + random() * 4_000);
      if (lane.isOver()) {
        found.push(`the lane ended after ${JSON.stringify(fault)}: ${(await lane.ended).stderr}`);
        return found;
      }
      if (random() < 0.15) {
        await lane.crash();
        lane = await trading(account);
      }
      if (await isHalted(account)) await resumed(account);
    }
    await account.agreed();
    await lane.crash();
    await backTwice(account, random, found);
    return found;
  },
};

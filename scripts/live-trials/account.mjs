import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as waited } from 'node:timers/promises';
import { askSocket } from '../../dist/src/cli/ask-socket.js';
import { readToken } from '../../dist/src/cli/live-state.js';
import { MAIN, output } from './processes.mjs';

const LIVE = ['live', '--live', '--yes-real-money', '--model', 'models/backbone.json'];
const AGREED_WITHIN_MS = 300_000;
const ADOPTED_WITHIN_MS = 600_000;
const LOOK_MS = 250;

export const LIMITS = {
  orderContractsMax: 50,
  openOrdersMax: 5,
  ordersPerMinuteMax: 60,
  dollarsPerDayMax: 2_000,
  dayLossMaxDollars: 500,
  drawdownMaxDollars: 500,
};

/** Waits until something is there; throws what was waited for once it took too long. */
export async function until(what, withinMs, holds) {
  const from = Date.now();
  for (;;) {
    const held = await holds();
    if (held) return held;
    if (Date.now() - from > withinMs) throw new Error(`after ${withinMs / 1_000} s there was no ${what}`);
    await waited(LOOK_MS);
  }
}

const portfolioOf = ({ cashDollars, positions, openOrders }) => ({
  cashDollars,
  positions: Object.fromEntries(Object.entries(positions ?? {}).sort(([a], [b]) => (a < b ? -1 : 1))),
  openOrders,
});
const same = (one, other) => JSON.stringify(portfolioOf(one)) === JSON.stringify(portfolioOf(other));

/** An account at an emulated exchange, with the lanes that run on it one after another. */
export function openAccount(venue, { folder, state, patienceMs, byEnvironment = false }) {
  const config = join(folder, 'live.json');
  const { urls } = venue;
  const addresses = {
    kraken: { wsUrl: urls.krakenWs, restUrl: urls.krakenRest },
    kalshi: {
      environment: 'demo',
      wsUrl: urls.kalshiWs,
      restUrl: urls.kalshiRest,
      keyId: urls.kalshiKeyId,
      privateKeyPath: urls.kalshiPrivateKeyPath,
    },
  };
  const variables = {
    VOLTAGE_KRAKEN_WS_URL: urls.krakenWs,
    VOLTAGE_KRAKEN_REST_URL: urls.krakenRest,
    VOLTAGE_KALSHI_WS_URL: urls.kalshiWs,
    VOLTAGE_KALSHI_REST_URL: urls.kalshiRest,
    KALSHI_ENVIRONMENT: 'demo',
    KALSHI_KEY_ID: urls.kalshiKeyId,
    KALSHI_PRIVATE_KEY_PATH: urls.kalshiPrivateKeyPath,
  };
  writeFileSync(
    config,
    JSON.stringify({
      label: 'trial',
      assets: ['BTC'],
      ...(!byEnvironment && addresses),
      execution: { live: { ...LIMITS, supervisorPatienceMs: patienceMs } },
      // A market that is believed less and a model that is believed more, so that there is an edge at all.
      pricing: {
        edge: { blend: { marketWeight: 0.65, modelWeight: 0.35, modelWeightError: 0.05 } },
        sizing: { maxOrderCount: 500 },
      },
      risk: { orderCooldownMicros: 2_000_000 },
    }),
  );
  const { INFLUX_URL: _, ...inherited } = process.env;
  const env = {
    ...inherited,
    XDG_STATE_HOME: join(folder, 'own'),
    ...(byEnvironment && variables),
  };
  const own = ['--config', config, '--state', state];
  const lanes = [];
  let comparisons = 0;

  const root = () => join(state, readdirSync(state)[0]);
  const file = (name) => join(root(), name);
  const operate = (...words) => {
    const child = spawn(process.execPath, [MAIN, ...words], { env, stdio: ['ignore', 'pipe', 'pipe'] });
    return output(child).ended.then((ended) => ({
      ...ended,
      json: () => JSON.parse(ended.stdout.trimEnd().split('\n').at(-1)),
    }));
  };
  const command = (...words) => operate(...words, ...own, '--json');
  const peek = async () => {
    if (!existsSync(state) || readdirSync(state).length === 0) return undefined;
    const token = readToken(file('lane.token'));
    if (token === undefined) return undefined;
    const answer = await askSocket({ socketPath: file('lane.sock'), token, name: 'status' });
    return answer.kind === 'answered' && answer.status === 200 ? answer.body : undefined;
  };
  const exported = async () =>
    (await operate('journal', 'export', file('journal.db'))).stdout
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line));

  return {
    venue,
    file,
    command,
    peek,
    exported,
    comparisons: () => comparisons,
    /** What the last lane said beside its result, and whether it has ended. */
    lastWords: () => {
      const lane = lanes.at(-1);
      const is = lane?.isOver() ? 'has ended' : 'runs';
      return `the last lane ${is}: ${lane?.text.stderr.slice(-600)}`;
    },
    lives: () => lanes.length,
    verify: async () => (await operate('journal', 'verify', file('journal.db'))).code,
    /** Starts a lane. `stdio` as `spawn` takes it; `before` are words before `node`. */
    start: (more = [], { stdio = ['ignore', 'pipe', 'pipe'], json = true } = {}) => {
      const words = [MAIN, ...LIVE, ...own, ...(json ? ['--json'] : []), ...more];
      const child = spawn(process.execPath, words, { env, stdio });
      const told = output(child);
      const lane = {
        pid: child.pid,
        child,
        ended: told.ended,
        isOver: told.isOver,
        text: told.text,
        kill: (signal) => child.kill(signal),
        /** Kills it with -9 and waits until it is gone. */
        crash: async () => {
          child.kill('SIGKILL');
          await told.ended;
        },
      };
      lanes.push(lane);
      return lane;
    },
    /** Waits until a lane has the account. */
    adopted: async (lane) => {
      await until('adopted account', ADOPTED_WITHIN_MS, async () => {
        if (lane.isOver()) {
          const { code, signal, stderr } = await lane.ended;
          throw new Error(`the lane ended with ${code ?? signal}: ${stderr}`);
        }
        return ((await peek())?.cashDollars ?? null) !== null;
      });
    },
    /**
     * Waits until `voltage status --json` equals the exchange's own portfolio, and gives that status. A lane
     * that trades is compared as often as it takes: an order may be on its way.
     */
    agreed: async () => {
      let last = '';
      try {
        return await until('agreement', AGREED_WITHIN_MS, async () => {
          const peeked = await peek();
          const at = peeked && (await venue.portfolio());
          if (!at || !same(peeked, at)) {
            last = JSON.stringify([peeked && portfolioOf(peeked), at]);
            return undefined;
          }
          const told = await command('status');
          if (told.code !== 0) {
            // A machine that has too much to do answers late.
            last = told.stderr;
            return undefined;
          }
          comparisons++;
          const status = told.json();
          const theirs = await venue.portfolio();
          last = JSON.stringify([portfolioOf(status), theirs]);
          return same(status, theirs) ? status : undefined;
        });
      } catch (cause) {
        throw new Error(`${cause.message}: lane and exchange say ${last}`);
      }
    },
    /** Ends whatever still runs, supervisors too. */
    close: async () => {
      for (const lane of lanes) {
        lane.kill('SIGCONT');
        lane.kill('SIGKILL');
        await lane.ended;
      }
      const isThere = existsSync(state) && readdirSync(state).length > 0;
      if (!isThere || !existsSync(file('supervisor.log'))) return;
      for (const [, pid] of readFileSync(file('supervisor.log'), 'utf8').matchAll(/as process (\d+)/g))
        try {
          process.kill(Number(pid), 'SIGKILL');
        } catch (cause) {
          if (cause.code !== 'ESRCH') throw cause;
        }
    },
  };
}

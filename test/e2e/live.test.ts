import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as waited } from 'node:timers/promises';
import { afterAll, describe, expect, test } from '@jest/globals';
import { askSocket } from '../../src/cli/ask-socket.ts';
import { readToken } from '../../src/cli/live-state.ts';
import { loadKey } from '../../src/venues/kalshi/key.ts';
import { kalshiSigner } from '../../src/venues/kalshi/sign.ts';
import { type Started, startVoltage } from '../support/started-voltage.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { until } from '../support/until.ts';
import { lastJson, voltage } from '../support/voltage.ts';

const root = tempFolder();
const config = join(root, 'live.yaml');
const state = join(root, 'state');
const account = ['--config', config, '--state', state, '--json'];
const started: Started[] = [];
afterAll(async () => {
  await Promise.all(started.map(({ end }) => end()));
  // A supervisor outlives its lane, and without a venue it would try for an hour.
  if (!existsSync(state)) return;
  for (const [, pid] of readFileSync(join(folder(), 'supervisor.log'), 'utf8').matchAll(/as process (\d+)/g))
    try {
      process.kill(Number(pid), 'SIGKILL');
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code !== 'ESRCH') throw cause;
    }
});

/** The first line of `voltage emulate`. */
interface Venues {
  readonly krakenWs: string;
  readonly krakenRest: string;
  readonly kalshiWs: string;
  readonly kalshiRest: string;
  readonly kalshiKeyId: string;
  readonly kalshiPrivateKeyPath: string;
}

/** What both the lane and the venue say of an account. */
interface Portfolio {
  readonly cashDollars: number | null;
  readonly positions: Readonly<Record<string, number>>;
  readonly openOrders: number;
}

interface Status extends Portfolio {
  readonly mode: string;
  readonly reason: string;
  readonly unknownOrders: number;
}

/** Asks the venue with the account's key. */
function asker({ kalshiRest, kalshiKeyId: keyId, kalshiPrivateKeyPath: privateKeyPath }: Venues) {
  const key = loadKey({ keyId, privateKeyPath });
  if (key?.kind !== 'key') throw new Error('live.test: the emulated key cannot be read');
  const signer = kalshiSigner(key, Date.now);
  return async <T>(path: string): Promise<T> => {
    const url = new URL(`${kalshiRest}${path}`);
    // A connection that is kept would be closed by the venue while this process waits for a command.
    const once = () =>
      fetch(url, { headers: { ...signer.headers('GET', url.pathname), connection: 'close' } });
    let answer = await once();
    // The lane reads from the same budget of requests.
    for (; answer.status === 429; answer = await once()) await waited(200);
    if (!answer.ok) throw new Error(`live.test: ${path} was answered ${answer.status}`);
    return (await answer.json()) as T;
  };
}

const told = (): Status => {
  const ended = voltage(['status', ...account]);
  if (ended.code !== 0) throw new Error(`live.test: status ended with ${ended.code}: ${ended.stderr}`);
  return lastJson<Status>(ended);
};
/** What a status says of the portfolio, with its tickers in order. */
const portfolioOf = ({ cashDollars, positions, openOrders }: Portfolio): Portfolio => ({
  cashDollars,
  positions: Object.fromEntries(Object.entries(positions).sort()),
  openOrders,
});
const same = (one: Portfolio, other: Portfolio): boolean =>
  JSON.stringify(portfolioOf(one)) === JSON.stringify(portfolioOf(other));

function live(...more: readonly string[]): Started {
  const lane = startVoltage([
    ...['live', '--live', '--yes-real-money', '--model', 'models/backbone.json'],
    ...account,
    ...more,
  ]);
  started.push(lane);
  return lane;
}

/** The folder of the account. */
const folder = (): string => join(state, readdirSync(state)[0] as string);

/** Asks a lane's own socket, which costs no process. */
async function asked(): Promise<Status | undefined> {
  const begun = existsSync(state) && readdirSync(state).length > 0;
  const token = begun ? readToken(join(folder(), 'lane.token')) : undefined;
  if (token === undefined) return undefined;
  const answer = await askSocket({ socketPath: join(folder(), 'lane.sock'), token, name: 'status' });
  return answer.kind === 'answered' && answer.status === 200 ? (answer.body as unknown as Status) : undefined;
}

/** Waits until the lane has adopted the account; throws what it said if it ends before. */
async function adopted(lane: Started): Promise<Status> {
  let ended: string | undefined;
  void lane.ended.then(({ code, stderr }) => {
    ended = `live.test: the lane ended with ${code}: ${stderr}`;
  });
  await until('an adopted account', async () => {
    if (ended !== undefined) throw new Error(ended);
    return ((await asked())?.cashDollars ?? null) !== null;
  });
  return told();
}

describe('voltage live', () => {
  test(
    'it trades as the venue says, halts, survives kill -9, stays halted, and replays without sending anything',
    async () => {
      const emulator = startVoltage(['emulate']);
      started.push(emulator);
      const venues = JSON.parse(await emulator.firstLine) as Venues;
      writeFileSync(
        config,
        JSON.stringify({
          label: 'test',
          assets: ['BTC'],
          kraken: { wsUrl: venues.krakenWs, restUrl: venues.krakenRest },
          kalshi: {
            environment: 'demo',
            wsUrl: venues.kalshiWs,
            restUrl: venues.kalshiRest,
            keyId: venues.kalshiKeyId,
            privateKeyPath: venues.kalshiPrivateKeyPath,
          },
          execution: {
            live: {
              ...{ orderContractsMax: 50, openOrdersMax: 5, ordersPerMinuteMax: 60, dollarsPerDayMax: 2_000 },
              ...{ dayLossMaxDollars: 500, drawdownMaxDollars: 500, supervisorPatienceMs: 20_000 },
            },
          },
          // A market that is believed less and a model that is believed more, so that there is an edge at all.
          pricing: {
            edge: { blend: { marketWeight: 0.65, modelWeight: 0.35, modelWeightError: 0.05 } },
            sizing: { maxOrderCount: 500 },
          },
          risk: { orderCooldownMicros: 5_000_000 },
        }),
      );
      const ask = asker(venues);
      const orders = async () =>
        (
          await ask<{
            readonly orders: readonly { readonly status: string; readonly client_order_id: string }[];
          }>('/portfolio/orders?limit=1000')
        ).orders;
      const truth = async (): Promise<Portfolio> => {
        const { balance_dollars: cash } = await ask<{ readonly balance_dollars: string }>(
          '/portfolio/balance',
        );
        const { market_positions: held } = await ask<{
          readonly market_positions: readonly { readonly ticker: string; readonly position_fp: string }[];
        }>('/portfolio/positions?limit=1000');
        return {
          cashDollars: Number(cash),
          positions: Object.fromEntries(
            held
              .map(({ ticker, position_fp: position }) => [ticker, Number(position)] as const)
              .filter(([, position]) => position !== 0),
          ),
          openOrders: (await orders()).filter(({ status }) => status === 'resting').length,
        };
      };
      const journal = (): string => join(folder(), 'journal.db');
      const verified = (): number | null => voltage(['journal', 'verify', journal()]).code;

      // It trades, and says of the account what the venue says.
      const first = live();
      await adopted(first);
      await until('a position', async () => Object.keys((await truth()).positions).length > 0);
      await until('the same account at the lane and at the venue', async () => same(told(), await truth()));
      expect(verified()).toBe(0);

      // After a halt nothing rests and nothing leaves.
      const halted = voltage(['halt', '--reason', 'the test says so', ...account]);
      expect(lastJson(halted)).toMatchObject({ kind: 'clear', through: 'the lane' });
      const before = await orders();
      expect(before.filter(({ status }) => status === 'resting')).toEqual([]);
      const paused = await truth();

      // A killed lane leaves a whole journal, in which a changed byte is found.
      first.kill('SIGKILL');
      await first.ended;
      expect(verified()).toBe(0);
      const bytes = readFileSync(journal());
      const changed = Buffer.from(bytes);
      changed[bytes.length - 1] = (bytes[bytes.length - 1] as number) ^ 1;
      writeFileSync(journal(), changed);
      expect(verified()).toBe(1);
      writeFileSync(journal(), bytes);

      // The next run is halted for the same reason and knows the same account; an operator lets it trade again.
      const tape = join(root, 'tape');
      const second = live('--record', tape);
      const again = await adopted(second);
      expect(again).toMatchObject({ mode: 'HALTED', reason: 'the test says so', unknownOrders: 0 });
      expect(portfolioOf(again)).toEqual(portfolioOf(paused));
      expect((await orders()).length).toBe(before.length);
      expect(voltage(['resume', '--reason', 'the test goes on', ...account]).code).toBe(0);
      expect(told().mode).not.toBe('HALTED');
      second.kill('SIGTERM');
      const end = await second.ended;
      expect(end).toMatchObject({ code: 0 });
      const summary = lastJson<{ readonly decisionSha256: string }>(end);

      // Its tape decides the same, and sends nothing.
      const sent = (await orders()).length;
      const replay = voltage(['backtest', tape, '--json']);
      expect(lastJson(replay)).toMatchObject({ decisionSha256: summary.decisionSha256 });
      const last = await orders();
      expect(last.length).toBe(sent);
      expect(new Set(last.map(({ client_order_id: id }) => id)).size).toBe(last.length);
      expect(verified()).toBe(0);
    },
    20 * 60_000,
  );
});

import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { Agent, createServer, request as httpRequest } from 'node:http';
import { join } from 'node:path';
import { setTimeout as waited } from 'node:timers/promises';
import { loadKey } from '../../dist/src/venues/kalshi/key.js';
import { kalshiSigner } from '../../dist/src/venues/kalshi/sign.js';
import { MAIN, output } from './processes.mjs';

const ORDERS = '/trade-api/v2/portfolio/events/orders';

/**
 * Stands between a lane and the emulated exchange and keeps what came: each create by its client order id.
 * What a killed process has sent still arrives.
 */
async function gate(origin) {
  const creates = [];
  const agent = new Agent({ keepAlive: true });
  const server = createServer((asked, answer) => {
    const parts = [];
    asked.on('data', (part) => parts.push(part));
    asked.on('error', () => {});
    asked.on('end', () => {
      const body = Buffer.concat(parts);
      const { method, url, headers } = asked;
      const [path] = url.split('?');
      const isCreate = method === 'POST' && path === ORDERS;
      const create = isCreate && { at: Date.now(), ...JSON.parse(body.toString('utf8')) };
      if (create) creates.push(create);
      const { host: _, connection: __, ...kept } = headers;
      const forwarded = httpRequest(`${origin}${url}`, { method, headers: kept, agent }, (from) => {
        if (create) create.status = from.statusCode;
        answer.writeHead(from.statusCode, from.headers);
        from.pipe(answer);
      });
      forwarded.on('error', () => answer.destroy());
      forwarded.end(body);
    });
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    origin: `http://127.0.0.1:${server.address().port}`,
    creates,
    close: () => {
      server.closeAllConnections();
      server.close();
      agent.destroy();
    },
  };
}

/** Few contracts whose makers err widely, so that orders come soon and cost the machine little. */
const MARKET = { strikes: 4, density: 0.4, impliedNoise: 0.9 };

/** Starts the emulated venues as a process, and says how the account there stands. */
export async function openVenue(seed, folder) {
  const config = join(folder, 'venue.json');
  writeFileSync(config, JSON.stringify({ emulator: { ...MARKET, seed } }));
  const child = spawn(process.execPath, [MAIN, 'emulate', '--config', config], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const told = output(child);
  const venues = JSON.parse(await told.firstLine);
  const key = loadKey({ keyId: venues.kalshiKeyId, privateKeyPath: venues.kalshiPrivateKeyPath });
  const signer = kalshiSigner(key, Date.now);
  const { origin, pathname } = new URL(venues.kalshiRest);
  const between = await gate(origin);

  const ask = async (path) => {
    const url = new URL(`${venues.kalshiRest}${path}`);
    for (;;) {
      const answer = await fetch(url, {
        headers: { ...signer.headers('GET', url.pathname), connection: 'close' },
      });
      if (answer.ok) return answer.json();
      // The lane reads from the same tokens, and a fault may be on.
      if (answer.status !== 429 && answer.status < 500)
        throw new Error(`${path} was answered ${answer.status}`);
      await waited(200);
    }
  };
  const orders = async () => (await ask('/portfolio/orders?limit=1000')).orders;
  return {
    seed,
    urls: { ...venues, kalshiRest: `${between.origin}${pathname}` },
    /** Every create that came, in order. */
    creates: between.creates,
    ask,
    orders,
    fills: async () => (await ask('/portfolio/fills?limit=1000')).fills,
    settlements: async () => (await ask('/portfolio/settlements?limit=200')).settlements,
    /** As `voltage status` tells it. */
    portfolio: async () => {
      const { balance_dollars: cash } = await ask('/portfolio/balance');
      const { market_positions: held } = await ask('/portfolio/positions?limit=1000');
      const positions = held
        .map(({ ticker, position_fp: position }) => [ticker, Number(position)])
        .filter(([, position]) => position !== 0)
        .sort(([a], [b]) => (a < b ? -1 : 1));
      return {
        cashDollars: Number(cash),
        positions: Object.fromEntries(positions),
        openOrders: (await orders()).filter(({ status }) => status === 'resting').length,
      };
    },
    inject: async (fault) => {
      const answer = await fetch(`${origin}/emulator/faults`, {
        method: 'POST',
        headers: { authorization: `Bearer ${venues.controlToken}`, connection: 'close' },
        body: JSON.stringify({ venue: 'kalshi', ...fault }),
      });
      if (!answer.ok)
        throw new Error(`the fault ${JSON.stringify(fault)} was answered ${await answer.text()}`);
    },
    close: async () => {
      between.close();
      child.kill('SIGTERM');
      await told.ended;
    },
  };
}

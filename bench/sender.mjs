// Emulated venues in a process of their own, forked by `openSender`: what is measured shares no heap and no
// event loop with them.
import { createHash } from 'node:crypto';
import { startEmulation } from '../dist/pipelines/edges/start-emulation.js';
import { settingsSchema } from '../dist/src/config/settings.js';
import { MILLISECOND, MINUTE } from '../dist/src/domain/time.js';
import { emulatedAssets } from '../dist/src/emulator/emulated-asset.js';
import { krakenVenue } from '../dist/src/emulator/kraken/venue.js';
import { emulatedWorld } from '../dist/src/emulator/world/world.js';
import { wallClock } from '../dist/src/transport/wall-clock.js';

/** Activity falls after the opening bell, so the sample is as long as a run. */
const MOST_SAMPLE_MINUTES = 120;
const MOST_DENSITY = 10;
const ROUNDS = 3;
/** What was asked for is to be reached, and chance makes a run a few per cent thinner. */
const MARGIN = 1.04;

/**
 * Frames that a client is told for each second of the market's own time: Kraken tells only what is in the
 * depth that was asked for.
 */
function ratePerSecond({ emulator, kraken, assets }, minutes) {
  const { startAt, history, steps } = emulatedWorld(emulator, assets);
  let now = startAt;
  let frames = 0;
  const venue = krakenVenue({
    times: { now: () => now, wallMillis: () => now / MILLISECOND },
    pairs: emulatedAssets(emulator, assets).flatMap(({ pair }, i) =>
      pair ? [{ pair, history: history[i].bars }] : [],
    ),
    marketDepth: emulator.krakenDepth,
    rateLimited: false,
  });
  const client = venue.upgrade(
    { method: 'GET', path: new URL(kraken.wsUrl).pathname, headers: {}, body: '' },
    { say: () => frames++, end: () => {} },
  );
  const { bookDepth } = kraken;
  const symbols = assets.flatMap(({ spot }) => spot.kraken ?? []);
  for (const params of [{ channel: 'book', depth: bookDepth }, { channel: 'trade' }])
    client.hear(JSON.stringify({ method: 'subscribe', params: { ...params, symbol: symbols } }));
  for (const { to, kraken: first, kalshi } of steps()) {
    now = to;
    for (const said of first) venue.market(said);
    frames += kalshi.length;
    if (to >= startAt + minutes * MINUTE) break;
  }
  return frames / (minutes * 60);
}

/**
 * The density at which a market at `speed` says `rate` frames a wall second, found in a few rounds since it
 * is nearly in proportion.
 */
function densityFor({ settings, rate, speed, seconds }) {
  const minutes = Math.min(MOST_SAMPLE_MINUTES, Math.ceil((seconds * speed) / 60));
  const wanted = (MARGIN * rate) / speed;
  let density = MOST_DENSITY / 2;
  for (let round = 0; round < ROUNDS; round++) {
    const emulator = { ...settings.emulator, density };
    density *= wanted / ratePerSecond({ ...settings, emulator }, minutes);
    if (density > MOST_DENSITY)
      throw new Error(
        `bench: ${rate} frames/s need a density of ${density.toFixed(2)} at speed ${speed}, ${MOST_DENSITY} is the most: give a higher --speed`,
      );
  }
  return density;
}

/**
 * Counts what a venue says to its client, and hashes it in order; `deafen` lets nothing more be asked, so
 * that the counts stand still.
 */
function counted(venue) {
  const hash = createHash('sha256');
  const { upgrade } = venue;
  let frames = 0;
  let chars = 0;
  let clients = 0;
  let deaf = false;
  venue.upgrade = (request, caller) => {
    // Before each handshake the venue is asked with a caller that cannot leave, to find a refusal: nobody
    // hears that one.
    if (!('left' in caller)) return upgrade(request, caller);
    clients++;
    const peer = upgrade(request, {
      ...caller,
      say: (text) => {
        frames++;
        chars += text.length;
        hash.update(text.trimEnd()).update('\n');
        caller.say(text);
      },
    });
    return {
      ...peer,
      hear: (text) => {
        if (!deaf) peer.hear(text);
      },
    };
  };
  return {
    deafen: () => {
      deaf = true;
    },
    frames: () => frames,
    read: () => ({ frames, chars, clients, sha256: hash.copy().digest('hex') }),
  };
}

async function start({ rate, speed, strikes, seconds }) {
  const asked = settingsSchema.parse({ emulator: { strikes, krakenDepth: 25 } });
  const density = densityFor({ settings: asked, rate, speed, seconds });
  const settings = { ...asked, emulator: { ...asked.emulator, density } };
  const running = await startEmulation({
    settings,
    krakenPort: 0,
    kalshiPort: 0,
    speed,
    faults: [],
    fromNow: false,
  });
  const clock = wallClock();
  const venues = { kraken: counted(running.venues.kraken), kalshi: counted(running.venues.kalshi) };
  const each = (of) => Object.fromEntries(Object.entries(venues).map(([name, venue]) => [name, of(venue)]));
  let cpu = process.cpuUsage();
  process.on('message', async (asking) => {
    switch (asking) {
      case 'count':
        process.send({ kind: 'count', frames: each((venue) => venue.frames()) });
        return;
      case 'beginCpu':
        cpu = process.cpuUsage();
        return;
      case 'freeze': {
        running.freeze();
        each((venue) => venue.deafen());
        const { user, system } = process.cpuUsage(cpu);
        process.send({
          kind: 'frozen',
          sent: each((venue) => venue.read()),
          cpuSeconds: (user + system) / 1e6,
        });
        return;
      }
      case 'stop':
        await running.stop();
        process.disconnect();
        return;
    }
  });
  const { krakenWs, krakenRest, kalshiWs, kalshiRest, kalshiKeyId, kalshiPrivateKeyPath, history } = running;
  process.send({
    kind: 'ready',
    venues: { krakenWs, krakenRest, kalshiWs, kalshiRest, kalshiKeyId, kalshiPrivateKeyPath },
    emulator: settings.emulator,
    history,
    marketAt: running.now(),
    wallAt: clock.at,
  });
}

// Whoever asked is gone, however it ended.
process.once('disconnect', () => process.exit());
process.once('message', (options) => {
  start(options).catch((cause) => {
    process.send({ kind: 'failed', why: cause.message }, () => process.exit(1));
  });
});

import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { liveEdge } from '../dist/pipelines/edges/edge.js';
import { emulatedSettings } from '../dist/pipelines/edges/emulated-settings.js';
import { fasterStamp } from '../dist/src/transport/faster-stamp.js';
import { loadKey } from '../dist/src/venues/kalshi/key.js';

/**
 * Starts the venues' process at a rate of frames and gives what a live lane needs to connect to it: settings,
 * key, edge and warm-up. `count` asks for frames said so far; `freeze` lets the market stand still and tells
 * all that was said; `stop` ends the process.
 */
export async function openSender({ settings, rate, speed, strikes, seconds }) {
  const child = fork(fileURLToPath(new URL('sender.mjs', import.meta.url)), {
    serialization: 'advanced',
    execArgv: [],
  });
  const told = (kind) =>
    new Promise((resolve, reject) => {
      const onMessage = (message) => {
        if (message.kind === 'failed') reject(new Error(message.why));
        if (message.kind !== kind) return;
        child.off('message', onMessage);
        child.off('exit', onExit);
        resolve(message);
      };
      const onExit = (code) => reject(new Error(`bench: the sender must run on, was exit code ${code}`));
      child.on('message', onMessage);
      child.once('exit', onExit);
    });
  const ask = (asking, kind) => {
    const answer = told(kind);
    child.send(asking);
    return answer;
  };
  const { venues, emulator, history, marketAt, wallAt } = await ask(
    { rate, speed, strikes, seconds },
    'ready',
  );
  const edge = liveEdge();
  const live = emulatedSettings({ ...settings, emulator }, venues);
  const key = loadKey(live.kalshi);
  if (key?.kind !== 'key') throw new Error(`bench: ${key?.why ?? 'the emulator made no key'}`);
  return {
    settings: live,
    key,
    history,
    density: Math.round(emulator.density * 100) / 100,
    edge: {
      ...edge,
      // Both processes read the system's clock, so the market's time is known here too.
      stamp: fasterStamp(edge.clock, {
        epochMicros: Math.round(marketAt + (edge.clock.at - wallAt) * speed),
        speed,
      }),
      tickMs: Math.max(5, 250 / speed),
    },
    beginCpu: () => child.send('beginCpu'),
    count: async () => (await ask('count', 'count')).frames,
    freeze: async () => {
      const { sent, cpuSeconds } = await ask('freeze', 'frozen');
      return { sent, cpuSeconds };
    },
    stop: () =>
      new Promise((resolve) => {
        child.once('exit', resolve);
        child.send('stop');
      }),
  };
}

// Draws docs/img/console-*.png from a demo that runs: `node scripts/console-pictures.mjs [MINUTES]`, with a build and
// Chromium (`/usr/bin/chromium`, or CHROMIUM). The market is emulated, so the pictures say SIMULATED.
import { spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as wait } from 'node:timers/promises';
import { chromium } from 'playwright-core';

const MINUTES = Number(process.argv[2] ?? 40);
/** Fast enough to have a history soon; slow enough for a browser beside it. */
const SPEED = 30;
const OUT = 'docs/img';
const SHOTS = [
  { name: 'console-now', screen: 'now', width: 1440, height: 900, scheme: 'dark' },
  { name: 'console-charts', screen: 'charts', width: 1440, height: 1180, scheme: 'dark' },
  { name: 'console-decisions', screen: 'decisions', width: 1440, height: 900, scheme: 'light' },
  { name: 'console-phone', screen: 'now', width: 390, height: 844, scheme: 'dark' },
];

mkdirSync(OUT, { recursive: true });
const words = [
  'dist/src/cli/main.js',
  'demo',
  '--minutes',
  '1440',
  '--speed',
  String(SPEED),
  '--console-port',
  '0',
];
const lane = spawn(process.execPath, words, { stdio: ['ignore', 'ignore', 'pipe'] });
const address = await new Promise((resolve, reject) => {
  createInterface({ input: lane.stderr }).on('line', (line) => {
    const [found] = /http:\/\/\S+/.exec(line) ?? [];
    if (found) resolve(found);
  });
  lane.once('exit', () => reject(new Error('the demo ended before it told its address')));
});
const { origin } = new URL(address);
const timeOf = async () => (await (await fetch(`${origin}/api/state`)).json()).at;
try {
  const from = await timeOf();
  while ((await timeOf()) < from + MINUTES * 60e6) await wait(1_000);
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu'],
  });
  for (const { name, screen, width, height, scheme } of SHOTS) {
    const page = await browser.newPage({ viewport: { width, height }, colorScheme: scheme });
    await page.goto(`${origin}/#/${screen}`);
    await page.locator('.page[data-link=live]').waitFor();
    await page.waitForTimeout(2_000);
    await page.screenshot({ path: join(OUT, `${name}.png`) });
    await page.close();
    process.stdout.write(`${join(OUT, `${name}.png`)}\n`);
  }
  await browser.close();
} finally {
  lane.kill('SIGKILL');
}

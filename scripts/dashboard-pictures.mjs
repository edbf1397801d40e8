// Draws what the dashboards show, for docs/grafana.md: `node scripts/dashboard-pictures.mjs [MINUTES]`. A demo runs against an influxd of its
// own, every panel's queries are asked of it, and uPlot draws the answers in Chromium. It is not Grafana: the numbers, titles and places are
// those of the dashboards, colours and shapes are not. Needs influxd and Chromium (`CHROMIUM`, by default /usr/bin/chromium).
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { chromium } from 'playwright-core';

const MINUTES = Number(process.argv[2] ?? 46);
const SPEED = 60;
const WIDTH = 1200;
const ROW = 26;
/** Keeps each picture near 150 kB. */
const SMALLER = 0.72;
const SCALE = WIDTH / 24;

const folder = mkdtempSync(join(tmpdir(), 'voltage-pictures-'));
const freePort = async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
};

const startInflux = async () => {
  const [http, rpc] = [await freePort(), await freePort()];
  const config = join(folder, 'influxd.conf');
  writeFileSync(
    config,
    `reporting-enabled = false\nbind-address = "127.0.0.1:${rpc}"\n[meta]\n dir = "${folder}/meta"\n[data]\n dir = "${folder}/data"\n wal-dir = "${folder}/wal"\n[monitor]\n store-enabled = false\n[http]\n bind-address = "127.0.0.1:${http}"\n log-enabled = false\n[logging]\n level = "error"\n`,
  );
  const child = spawn('influxd', ['-config', config], { stdio: 'ignore' });
  const url = `http://127.0.0.1:${http}`;
  while (!(await fetch(`${url}/ping`).catch(() => undefined))) await wait(50);
  return { url, child };
};

const ask = async (url, query) => {
  const answer = await (
    await fetch(`${url}/query?db=voltage&epoch=ms&q=${encodeURIComponent(query)}`)
  ).json();
  if (answer.error) throw new Error(`${answer.error}: ${query}`);
  return answer.results.flatMap(({ series = [], error }) => {
    if (error) throw new Error(`${error}: ${query}`);
    return series;
  });
};

const filledIn = (query, [from, until]) =>
  query
    .replaceAll('$timeFilter', () => `time >= ${from}ms and time <= ${until}ms`)
    .replaceAll('$__interval', () => '20s')
    .replaceAll('$lane', () => 'demo')
    .replaceAll('$asset', () => 'BTC')
    .replaceAll('$series', () => '.*')
    .replaceAll('$close', () => 'next')
    .replaceAll('$horizon', () => '15');

const named = (alias, { tags = {} }, column) =>
  (alias ?? '$col').replaceAll('$col', column).replaceAll(/\$tag_(\w+)/g, (_, tag) => tags[tag] ?? tag);

/** The answers of a panel as Grafana names them: lines over time, or rows. */
const dataOf = async (url, { targets = [], ...panel }, range) => {
  const lines = [];
  const rows = [];
  for (const { query, alias, resultFormat } of targets)
    for (const series of await ask(url, filledIn(query, range))) {
      const [, ...columns] = series.columns;
      if (resultFormat === 'table') {
        for (const [, ...cells] of series.values)
          rows.push({ ...series.tags, ...Object.fromEntries(columns.map((name, i) => [name, cells[i]])) });
      } else
        columns.forEach((column, i) => {
          lines.push({
            name: named(alias, series, column),
            points: series.values.map((row) => [row[0] / 1000, row[i + 1]]),
          });
        });
    }
  return { panel, lines, rows };
};

const { url, child } = await startInflux();
let browser;
try {
  const demo = spawn(
    process.execPath,
    ['dist/src/cli/main.js', 'demo', '--speed', `${SPEED}`, '--minutes', `${MINUTES}`, '--json'],
    {
      env: { ...process.env, INFLUX_URL: `${url}/voltage` },
      stdio: ['ignore', 'ignore', 'inherit'],
    },
  );
  const [code] = await once(demo, 'exit');
  if (code !== 0) throw new Error(`the demo ended with ${code}`);
  const ends = async (order) =>
    (await ask(url, `SELECT "valueDollars" FROM "index" ORDER BY time ${order} LIMIT 1`))[0].values[0][0];
  const range = [await ends('ASC'), await ends('DESC')];
  browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox'],
  });
  const page = await browser.newPage({
    viewport: { width: WIDTH, height: 800 },
    deviceScaleFactor: SMALLER,
    colorScheme: 'light',
  });
  await page.setContent('<!doctype html><style></style><body></body>');
  await page.addStyleTag({ content: readFileSync('node_modules/uplot/dist/uPlot.min.css', 'utf8') });
  await page.addStyleTag({ content: readFileSync('scripts/dashboard-pictures.css', 'utf8') });
  await page.addScriptTag({ content: readFileSync('node_modules/uplot/dist/uPlot.iife.min.js', 'utf8') });
  await page.addScriptTag({ content: readFileSync('scripts/draw-panels.js', 'utf8') });
  mkdirSync('docs/img', { recursive: true });
  for (const file of readdirSync('grafana/dashboards')) {
    const board = JSON.parse(readFileSync(join('grafana/dashboards', file), 'utf8'));
    const panels = [];
    for (const panel of board.panels) panels.push(await dataOf(url, panel, range));
    const height = await page.evaluate(
      ([title, drawn, scale, row]) => globalThis.drawBoard(title, drawn, scale, row),
      [board.title, panels, SCALE, ROW],
    );
    await page.setViewportSize({ width: WIDTH, height });
    const path = join('docs/img', `grafana-${file.replace('.json', '.png')}`);
    await page.screenshot({ path, clip: { x: 0, y: 0, width: WIDTH, height } });
    console.log(path);
  }
} finally {
  await browser?.close();
  child.kill('SIGKILL');
  await once(child, 'exit');
  rmSync(folder, { recursive: true, force: true });
}

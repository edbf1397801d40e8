import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { smallRun } from '../cli/small-run.ts';
import { describeChromium, startChromium } from '../support/chromium.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { lastJson, voltage } from '../support/voltage.ts';

interface Said {
  readonly conclusion: string;
  readonly fills: number;
  readonly openFills: number;
  readonly equity: readonly { readonly total: number }[];
  readonly sensitivity: readonly { readonly what: string; readonly totalDollars: number }[];
  readonly nearestRows: readonly { readonly reason: string }[];
  readonly deflated: { readonly trials: number; readonly doubt?: string };
}

const root = tempFolder();
const ledger = join(root, 'trials.ndjson');
const out = join(root, 'report.html');
let run = '';
let said: Said;

const report = (folder: string, file = out): Said => {
  const ended = voltage(['report', folder, '--out', file, '--ledger', ledger, '--json']);
  if (ended.code !== 0) throw new Error(ended.stderr);
  return lastJson<Said>(ended);
};
const trials = (): number => readFileSync(ledger, 'utf8').trimEnd().split('\n').length;

beforeAll(() => {
  run = smallRun(root);
  said = report(run);
});

describe('voltage report', () => {
  test('its profit is that of the summary, and its first line says what may be concluded', () => {
    const summary = JSON.parse(readFileSync(join(run, 'summary.json'), 'utf8'));
    expect(said.fills).toBe(summary.fills);
    expect(said.equity.at(-1)?.total).toBeCloseTo(summary.pnlDollars, 6);
    expect(said.sensitivity[0]?.totalDollars).toBeCloseTo(summary.pnlDollars, 6);
    const body = readFileSync(out, 'utf8').split('<body>')[1] ?? '';
    expect(body.startsWith(`<p class="conclusion">${said.conclusion}</p>`)).toBe(true);
    expect(said.conclusion).toContain('too few for an interval');
    expect(body).toContain(summary.decisionSha256);
    expect(said.nearestRows.length).toBeGreaterThan(0);
    expect(body).toContain(`<th scope="row">${said.nearestRows[0]?.reason}</th>`);
  });

  test('a run is entered into the ledger once, and the same run gives the same bytes again', () => {
    const before = readFileSync(out, 'utf8');
    expect(trials()).toBe(1);
    expect(report(run).deflated).toMatchObject({ trials: 1 });
    expect(trials()).toBe(1);
    expect(readFileSync(out, 'utf8')).toBe(before);
  });

  test('backtest --report writes it without --out, enters another trial, and leaves no run behind', () => {
    const file = join(root, 'backtest.html');
    const config = join(root, 'other.json');
    const small = JSON.parse(readFileSync(join(root, 'small.json'), 'utf8'));
    small.pricing.edge.blend = { marketWeight: 0.6, modelWeight: 0.4, modelWeightError: 0 };
    writeFileSync(config, JSON.stringify(small));
    const words = ['--config', config, '--report', file, '--ledger', ledger];
    const ended = voltage(['backtest', join(root, 'small.tape.gz'), ...words], { TMPDIR: root });
    expect(ended.stderr).not.toContain('error');
    expect(ended.code).toBe(0);
    expect(existsSync(file)).toBe(true);
    expect(trials()).toBe(2);
    expect(readdirSync(root).filter((name) => name.startsWith('voltage-run-'))).toEqual([]);
    expect(report(run).deflated).toMatchObject({ trials: 2 });
  });

  test('a ledger of which a trial was taken away is told in the report', () => {
    const lines = readFileSync(ledger, 'utf8').trimEnd().split('\n');
    writeFileSync(ledger, `${lines.slice(1).join('\n')}\n`);
    expect(report(run, join(root, 'doubt.html')).deflated.doubt).toContain('does not go on');
    expect(readFileSync(join(root, 'doubt.html'), 'utf8')).toContain(
      'The number of trials is only the least',
    );
  });
});

describeChromium('the report in a browser', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await startChromium();
  });
  afterAll(() => browser?.close());

  test('it is one file: nothing is asked for, nothing is complained of, no text of a run becomes markup', async () => {
    // A name that is markup, as a strange venue or file might send it.
    const strange = join(root, 'strange');
    const summaryPath = join(run, 'summary.json');
    const summary = readFileSync(summaryPath, 'utf8');
    const attack =
      '</p><script>window.hurt=1</script><img src="http://127.0.0.1:9/x" onerror="window.hurt=1">';
    writeFileSync(summaryPath, JSON.stringify({ ...JSON.parse(summary), label: attack, warnings: [attack] }));
    report(run, `${strange}.html`);
    writeFileSync(summaryPath, summary);

    const page = await browser.newPage({ viewport: { width: 1_000, height: 900 } });
    page.setDefaultTimeout(240_000);
    const asked: string[] = [];
    const complaints: string[] = [];
    page.on('request', (request) => asked.push(request.url()));
    page.on('console', (message) => complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(String(error)));
    const url = pathToFileURL(`${strange}.html`).href;
    await page.goto(url);
    expect(asked).toEqual([url]);
    expect(complaints).toEqual([]);
    expect(await page.locator('script, img').count()).toBe(0);
    expect(await page.locator('h1').innerText()).toContain('<script>');
    expect(await page.locator('body > :first-child').getAttribute('class')).toBe('conclusion');
    expect(await page.locator('figure svg').count()).toBeGreaterThanOrEqual(4);
    const wide = await page.evaluate('document.documentElement.scrollWidth - innerWidth');
    expect(wide).toBeLessThanOrEqual(0);
    await page.setViewportSize({ width: 360, height: 800 });
    expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth')).toBeLessThanOrEqual(0);
    expect(await page.locator('table').evaluateAll((tables) => tables.length)).toBeGreaterThan(8);
    for (const heading of ['Profit and loss', 'Luck', 'Calibration', 'Coverage', 'What it was made of'])
      expect(await page.locator('h2', { hasText: heading }).count()).toBe(1);
    expect(await page.content()).not.toMatch(/NaN|undefined|\[object/);
    await page.close();
  });
});

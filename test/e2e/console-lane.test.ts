import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { clock } from '../../console/words/format.ts';
import type { ReplayState } from '../../pipelines/edges/console-server.ts';
import type { ConsoleState } from '../../src/console/state.ts';
import type { Decision } from '../../src/domain/events/decision.ts';
import { type Micros, SECOND } from '../../src/domain/time.ts';
import { openJournal } from '../../src/execution/journal/journal.ts';
import { readTape } from '../../src/tape/read.ts';
import { describeChromium, startChromium } from '../support/chromium.ts';
import { act, askConsole } from '../support/console-visitor.ts';
import { startLiveConsole } from '../support/live-console.ts';
import { type Started, startVoltage } from '../support/started-voltage.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { until } from '../support/until.ts';
import { lastJson, voltage } from '../support/voltage.ts';

const DESK = { width: 1440, height: 900 };
const PHONE = { width: 360, height: 780 };

const ends: (() => Promise<void>)[] = [];
// Before the folder is removed.
afterAll(async () => {
  await Promise.all(ends.map((end) => end()));
});
const root = tempFolder();
const [tape, run] = [join(root, 'tape'), join(root, 'run')];

/** A console that a process of the command serves. */
interface Served {
  readonly process: Started;
  /** Its first line of stderr. */
  readonly line: string;
  readonly port: number;
  readonly token: string;
  /** With the token. */
  readonly address: string;
}
const serve = async (...words: readonly string[]): Promise<Served> => {
  const started = startVoltage(words);
  ends.push(started.end);
  const line = await started.firstError;
  const [address, port, token] = /http:\/\/127\.0\.0\.1:(\d+)\/#([0-9a-f]{48})/.exec(line) ?? [];
  if (address === undefined || token === undefined) throw new Error(`there is no address in ${line}`);
  return { process: started, line, port: Number(port), token, address };
};
const jsonOf = async <T>(port: number, path: string): Promise<T> =>
  JSON.parse((await askConsole(port, { path })).text) as T;
const stateOf = (port: number): Promise<ConsoleState> => jsonOf(port, '/api/state');

// Starting a lane costs seconds, so one demo serves the claims below in their order: a browser looks at it, it is
// halted and ended, another lane takes its port, and its recording and its run are opened.
let demo: Served;
/** When it was halted, in its own time. */
let haltedAt: Micros = 0;
beforeAll(async () => {
  demo = await serve('demo', '--console-port', '0', '--json', '--record', tape, '--out', run);
});

let page: Page;
let browser: Browser | undefined;
const openPage = async (): Promise<void> => {
  if (browser) return;
  browser = await startChromium();
  page = await browser.newPage({ viewport: DESK });
  // Far above what a stalling machine needs; it only says where a test hangs.
  page.setDefaultTimeout(240_000);
};
afterAll(async () => {
  await browser?.close();
});

describeChromium('the console of a demo in a browser', () => {
  beforeAll(openPage);

  test('has its first screen, and a click on a contract shows in a sentence why it is not bought', async () => {
    const sinceMs = performance.now();
    await page.goto(demo.address);
    await page.locator('.tile.word').waitFor();
    // Told, never asserted: what it takes on a machine that is busy says nothing.
    process.stderr.write(`console: first screen in ${Math.round(performance.now() - sinceMs)} ms\n`);
    // A machine that stalls is blind for a moment, and says so.
    await page.locator('.tile.word.WATCHING, .tile.word.TRADING').waitFor();
    expect(await page.title()).toMatch(/^SIMULATED · [A-Z]+ · demo-/);
    expect(page.url()).toBe(`http://127.0.0.1:${demo.port}/#/now`);

    const row = page.locator('tr.contract', { has: page.locator('.stance', { hasText: 'OUT' }) }).first();
    const ticker = await row.getAttribute('data-ticker');
    await row.click();
    const side = page.locator('aside');
    await side.locator('table.findings').waitFor();
    await side.locator('.verdict .chip', { hasText: 'OUT' }).waitFor();
    const words = await side.innerText();
    expect(words).toContain(ticker);
    expect((await side.locator('.because').innerText()).split(' ').length).toBeGreaterThan(3);
    expect(words).toMatch(/Findings: [1-9]\d* of \d+ refuse/);
    expect(words).toMatch(/decided\s+13:\d\d:\d\d UTC/);
    expect(await side.locator('tr.refused').count()).toBeGreaterThan(0);
  });

  test('fits a phone: nothing scrolls sideways, the halt is in reach, and a contract opens', async () => {
    await page.setViewportSize(PHONE);
    await page.keyboard.press('Escape');
    await page.locator('tr.contract').first().waitFor();
    expect(
      await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth'),
    ).toBe(0);
    const box = await page.locator('.halt').boundingBox();
    expect(box && box.x >= 0 && box.x + box.width <= PHONE.width && box.y + box.height < 120).toBe(true);
    await page.locator('tr.contract').first().click();
    await page.locator('aside .because').waitFor();
    await page.keyboard.press('Escape');
    await page.setViewportSize(DESK);
  });
});

describe('the console of a demo', () => {
  test('is told first, answers its own page alone, shows the run, and halts the desk by a command on the tape', async () => {
    const { port, token } = demo;
    expect(demo.line).toMatch(/^SIMULATED {2}console: http:\/\/127\.0\.0\.1:\d+\/#[0-9a-f]{48}$/);
    const front = await askConsole(port, { path: '/' });
    expect(front.status).toBe(200);
    expect(front.headers['content-security-policy']).toContain("default-src 'none'");
    expect(`${front.text}${front.headers['content-security-policy']}`).not.toMatch(/https?:\/\//);
    expect(
      await askConsole(port, { path: '/api/state', headers: { host: `evil.example:${port}` } }),
    ).toMatchObject({
      status: 403,
      text: expect.not.stringContaining('lane'),
    });

    // Some minutes of the market, which are recorded for the time travel below.
    await until('minutes of the market', async () => (await stateOf(port)).rings.equity.length > 3);
    const shown = await stateOf(port);
    expect(shown.values.lane).toMatchObject({
      mark: 'SIMULATED',
      acts: ['halt', 'resume', 'cancelAll', 'flatten'],
    });
    const decision = shown.rings.decisions.at(-1);
    const detail = await askConsole(port, { path: `/api/decisions/${decision?.id}` });
    expect(JSON.parse(detail.text)).toMatchObject({ ticker: decision?.ticker, why: decision?.why });

    expect((await act(port, 'f'.repeat(48), 'halt')).status).toBe(401);
    haltedAt = (await stateOf(port)).at;
    expect(await act(port, token, 'halt')).toMatchObject({
      status: 200,
      text: expect.stringContaining('"ok":true'),
    });
    await until('the halt on the console', async () => (await stateOf(port)).values.word.word === 'HALTED');
    expect((await stateOf(port)).values.word.reason).toContain('the test says so');
    // A halt is no wish: nothing is approved after it.
    const last = (await stateOf(port)).rings.decisions.at(-1)?.id ?? 0;
    const newer = async (): Promise<ConsoleState['rings']['decisions']> =>
      (await stateOf(port)).rings.decisions.filter(({ id }) => id > last);
    await until('a later decision', async () => (await newer()).length > 0);
    expect((await newer()).map(({ verdict }) => verdict)).not.toContain('approved');
  });

  test('on a port that was asked for and is taken ends the command with a sentence, before anything begins', async () => {
    const taken = await startVoltage(['demo', '--console-port', String(demo.port), '--json']).ended;
    expect(taken.code).toBe(2);
    expect(taken.stderr).toContain(`port ${demo.port}: EADDRINUSE`);
  });

  test('ends with its lane, whose tape holds the halt as a command', async () => {
    demo.process.kill('SIGINT');
    const ended = await demo.process.ended;
    expect(ended.code).toBe(0);
    expect(lastJson(ended)).toMatchObject({ lane: 'demo' });
    const commands: unknown[] = [];
    for (const name of readdirSync(tape).filter((file) => /\.tape(\.gz)?$/.test(file)))
      for await (const batch of readTape(join(tape, name), () => {}))
        commands.push(...batch.filter(({ kind }) => kind === 'command'));
    expect(commands).toMatchObject([{ command: 'halt', reason: 'the operator: the test says so' }]);
  });
});

describeChromium('the console after its lane, in a browser', () => {
  /** The run's decisions until it was halted, from its files. */
  let decisions: readonly Decision[];
  /** A time of the run, by the share of it that lies before. */
  const timeAt = (share: number): Micros => {
    const from = decisions[0]?.at ?? 0;
    return Math.floor((from + share * (haltedAt - from)) / SECOND) * SECOND;
  };
  beforeAll(async () => {
    await openPage();
    decisions = readFileSync(join(run, 'SIMULATED-decisions.ndjson'), 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Decision)
      .filter(({ at }) => at <= haltedAt);
  });

  /** Opens a recording in its console and stops it once all of it is read. */
  const openRecording = async (path: string): Promise<Served> => {
    const console = await serve('console', path, '--port', '0', '--speed', '1');
    await until(
      'the end of the film',
      async () => (await jsonOf<ReplayState>(console.port, '/api/replay')).loaded === 1,
    );
    await page.goto(console.address);
    await page.locator('.lane .mark', { hasText: 'REPLAY' }).waitFor();
    await page.getByRole('button', { name: 'Stop' }).click();
    await page.getByRole('button', { name: 'Play' }).waitFor();
    return console;
  };
  /** Drags the time line to a time, waits until the page names it, and gives what its server shows of it then. */
  const scrub = async ({ port }: Served, at: Micros): Promise<ConsoleState> => {
    await page.getByRole('slider', { name: 'Time of the recording' }).fill(String(at));
    await page.locator('.replay b', { hasText: clock(at) }).waitFor();
    let state = await stateOf(port);
    await until(`the picture of ${clock(at)}`, async () => {
      state = await stateOf(port);
      // A picture is made once a second, as soon as something happens after it, and its time is a whole second.
      const end = state.at + SECOND;
      return state.at <= at && !decisions.some((each) => each.at > end && each.at <= at - SECOND);
    });
    return state;
  };
  /** Numbers of the decisions that a picture may show as the last. */
  const lastOf = (made: readonly Decision[], { at }: ConsoleState): readonly number[] => {
    const from = made.findLastIndex((each) => each.at <= at);
    return made.flatMap(({ id, at: decidedAt }, i) => (i >= from && decidedAt <= at + SECOND ? [id] : []));
  };

  test('says that nothing comes, and shows the next lane on the port by itself, with a word on the old token', async () => {
    await page.locator('.banner', { hasText: 'Not connected since' }).waitFor();
    const next = await serve('demo', '--console-port', String(demo.port), '--seed', 'second', '--json');
    await page.locator('.page[data-link=live] .lane', { hasText: 'demo-second' }).waitFor();
    await page.locator('.banner', { hasText: 'the token of this tab is of the run before' }).waitFor();
    expect(await page.locator('.banner', { hasText: 'Not connected' }).count()).toBe(0);
    // Nothing of the lane before is left: it was halted, and this one is not.
    await page.locator('.tile.word.WATCHING, .tile.word.TRADING').waitFor();
    await page.locator('tr.contract .stance', { hasText: 'OUT' }).first().waitFor();
    expect(await page.title()).toContain('demo-second');
    await next.process.end();
  });

  test('scrubs its tape back and forth, and shows of each time the decision that was made then', async () => {
    const console = await openRecording(tape);
    // A contract of the hour, which is open all the time.
    const counts = new Map<string, number>();
    for (const { ticker } of decisions.filter(({ ticker }) => !ticker.includes('15M')))
      counts.set(ticker, (counts.get(ticker) ?? 0) + 1);
    const [ticker = ''] = [...counts].sort(([, one], [, other]) => other - one)[0] ?? [];
    await page.evaluate(`location.hash = '#/now/${ticker}'`);
    const shown: number[] = [];
    for (const share of [0.9, 0.4, 0.7, 0.4]) {
      const state = await scrub(console, timeAt(share));
      const id = state.maps.contracts[ticker]?.decision?.id ?? Number.NaN;
      const made = decisions.filter((each) => each.ticker === ticker);
      expect(lastOf(made, state)).toContain(id);
      await page.locator('aside dd', { hasText: new RegExp(`^number ${id}$`) }).waitFor();
      shown.push(id);
    }
    expect(new Set(shown).size).toBe(3);
    expect(await page.locator('.halt').count()).toBe(0);
    await console.process.end();
  });

  test("scrubs the run's own files too, and opens a decision to all its findings", async () => {
    const console = await openRecording(run);
    let asked = { ticker: '', at: 0, because: '' };
    await page.keyboard.press('3');
    for (const share of [0.8, 0.3]) {
      const state = await scrub(console, timeAt(share));
      const newest = state.rings.decisions.at(-1);
      expect(lastOf(decisions, state)).toContain(newest?.id);
      await page.locator(`.decisions tbody tr:first-child button[data-decision="${newest?.id}"]`).click();
      await page.locator('aside table.findings').waitFor();
      expect(await page.locator('aside').innerText()).toContain(newest?.ticker);
      const because = await page.locator('aside .because').innerText();
      asked = { ticker: newest?.ticker ?? '', at: newest?.at ?? 0, because };
      await page.getByRole('button', { name: 'Close' }).click();
      await page.getByRole('button', { name: /^Go on/ }).click();
    }
    await console.process.end();
    // The command says the same of that time.
    const at = new Date(asked.at / 1_000 + 1).toISOString();
    expect(lastJson(voltage(['why', asked.ticker, '--run', run, '--at', at, '--json']))).toMatchObject({
      ticker: asked.ticker,
      why: asked.because,
    });
  });
});

describeChromium('the console of a live lane in a browser', () => {
  beforeAll(openPage);

  test('lowers a limit and halts by a click: nothing rests at the venue, and both are in the journal', async () => {
    const live = await startLiveConsole(root);
    ends.push(live.end);
    const { lane, port, token, folder, account } = live;
    // What a service says is kept and read by others, so the token is not in it.
    expect(live.told).toMatch(
      /^LIVE {2}console: http:\/\/127\.0\.0\.1:\d+\/ \(for acts, add # and the token in .*console\.token\)$/,
    );
    await page.goto(`http://127.0.0.1:${port}/#${token}`);
    await page.locator('.lane .mark', { hasText: 'LIVE' }).waitFor();
    expect((await stateOf(port)).values.lane).toMatchObject({
      mark: 'LIVE',
      acts: expect.arrayContaining(['cap']),
    });
    await until(
      'acts of a lane that has begun',
      async () => (await act(port, token, 'cap', { name: 'openOrdersMax', value: 3 })).status === 200,
    );
    expect(await act(port, token, 'cap', { name: 'openOrdersMax', value: 4 })).toMatchObject({
      status: 409,
      text: expect.stringContaining('only be lowered'),
    });
    expect(
      lastJson(voltage(['limits', '--lower', 'openOrdersMax=2', '--reason', 'less', ...account])),
    ).toMatchObject({
      openOrdersMax: 2,
      orderContractsMax: 50,
    });

    const quoted = async (): Promise<string | undefined> =>
      Object.values((await stateOf(port)).maps.contracts).find(({ bidTicks }) => (bidTicks ?? 0) > 1_000)
        ?.ticker;
    await until('a quoted contract', async () => (await quoted()) !== undefined);
    // What the desk sends is a matter of luck; an order of the account's owner stands there for sure.
    await live.rest((await quoted()) ?? '');
    const resting = async (): Promise<number> =>
      (await live.orders()).filter(({ status }) => status === 'resting').length;
    expect(await resting()).toBeGreaterThan(0);

    await page.getByRole('button', { name: 'HALT' }).click();
    expect(await page.locator('dialog[open]').innerText()).toContain('LIVE');
    expect(await resting()).toBeGreaterThan(0);
    await page.getByRole('button', { name: 'Halt now' }).click();
    await page.locator('dialog .answer.good', { hasText: 'nothing rests at the venue' }).waitFor();
    expect(await resting()).toBe(0);
    await page.locator('.tile.word.HALTED', { hasText: 'the operator halted it on the page' }).waitFor();
    expect(await page.title()).toMatch(/^LIVE · HALTED · /);

    const after = await live.orders();
    lane.kill('SIGTERM');
    expect((await lane.ended).code).toBe(0);
    expect((await live.orders()).length).toBe(after.length);
    const journal = openJournal(join(folder, 'journal.db'));
    const bodies = (kind: 'cap' | 'halt'): readonly unknown[] =>
      journal.rows(kind).map(({ body }) => JSON.parse(body) as unknown);
    expect(bodies('cap')).toMatchObject([
      { by: 'the operator', name: 'openOrdersMax', value: 3, reason: 'the test says so' },
      { by: 'the operator', name: 'openOrdersMax', value: 2, reason: 'less' },
    ]);
    expect(bodies('halt')).toContainEqual(
      expect.objectContaining({ by: 'the operator', reason: 'the operator halted it on the page' }),
    );
    journal.close();
  });
});

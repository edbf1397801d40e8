import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import axeCore from 'axe-core';
import type { Browser, Page } from 'playwright-core';
import { SCREENS } from '../../console/store/route.ts';
import { clock } from '../../console/words/format.ts';
import { type Act, type ContractView, type Mark, RING_MOST } from '../../src/console/state.ts';
import { describeChromium, startChromium } from '../support/chromium.ts';
import { type PageServer, pageServer } from '../support/console-page.ts';
import { SAMPLE_AT, samplePatch, sampleState } from '../support/console-sample.ts';

const DESK = { width: 1440, height: 900 };
const PHONE = { width: 360, height: 780 };
/** Of the heap's claim. 36 times as many are those of an hour at 20 a second. */
const UPDATES = 2_000 * Math.max(1, Number(process.env['RELIABILITY_RUNS'] ?? 1));
const SHIFTS = `
  window.shifts = [];
  new PerformanceObserver((list) => {
    for (const each of list.getEntries())
      if (!each.hadRecentInput)
        window.shifts.push({ value: each.value, of: each.sources.map((source) => source.node?.parentElement?.outerHTML?.slice(0, 120)) });
  }).observe({ type: 'layout-shift', buffered: true });
`;

describeChromium("the operator's page in a browser", () => {
  let server: PageServer;
  let browser: Browser;
  let page: Page;
  /** The address as it stood once the page was opened with a token. */
  let opened: string;
  /** What the browser complained of, and every address that it asked for, over the whole suite. */
  const complaints: string[] = [];
  const asked = new Set<string>();

  beforeAll(async () => {
    server = await pageServer(sampleState());
    browser = await startChromium();
    page = await browser.newPage({ viewport: DESK });
    // Far above what a stalling machine needs; it only says where a test hangs.
    page.setDefaultTimeout(240_000);
    page.on('pageerror', (error) => complaints.push(String(error)));
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
    });
    page.on('request', (request) => asked.add(new URL(request.url()).origin));
    await page.addInitScript(SHIFTS);
    await page.goto(`${server.url}#secret-token`);
    await page.locator('.tile.word').waitFor();
    opened = page.url();
  });
  beforeEach(async () => {
    server.show({ ...sampleState(), patch: server.state().patch + 1 });
    await page.setViewportSize(DESK);
    await page.goto(`${server.url}#/now`);
    // No dialog and no focus of the test before.
    await page.reload();
    await page.locator('.page[data-link=live] .tile.word.WATCHING').waitFor();
  });
  afterAll(async () => {
    await browser?.close();
    await server?.close();
  });

  /** What axe finds wrong on the page, or in a part of it; by all its rules, or by one. */
  const axe = async (part = 'html', rule?: string): Promise<readonly string[]> => {
    if (!(await page.evaluate("'axe' in window"))) await page.evaluate(axeCore.source);
    const options = { resultTypes: ['violations'], ...(rule === undefined ? {} : { runOnly: [rule] }) };
    return page.evaluate(
      `axe.run('${part}', ${JSON.stringify(options)}).then(({ violations }) => violations.flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary }) => id + ': ' + html.slice(0, 160) + ' ' + failureSummary)))`,
    );
  };
  /** Sends so many patches of a busy lane, and waits until the page has drawn the last. */
  const busy = async (patches: number): Promise<void> => {
    // To a whole second, which the page's clock shows.
    for (let sent = 0; sent < patches || server.state().at % 1_000_000 !== 0; sent++)
      server.patch(samplePatch(server.state(), sent));
    await page.locator('.time b', { hasText: clock(server.state().at) }).waitFor();
  };

  test('tells in words whether the lane is safe, in or out, and why, and names its mark in the tab', async () => {
    expect(await page.title()).toBe('SIMULATED · WATCHING · demo-1405');
    const hero = page.locator('.hero');
    for (const words of [
      'WATCHING',
      'no contract has an edge',
      'IN',
      '5 positions, 1 open order',
      '+$4.18',
      '10:00',
    ])
      expect(await hero.innerText()).toContain(words);
    expect(await page.locator('.contract .why').first().innerText()).toBe(
      'edge 1.2 ¢ is inside its error of 1.9 ¢; would buy YES at 31 ¢ or less',
    );
  });

  test('takes the token out of the address, so that nobody reads it there', () => {
    expect(opened).toBe(`${server.url}#/now`);
  });

  test('axe finds nothing on any screen, in light and dark, with a contract open, and while not connected', async () => {
    // Few rows are as good as many: each is made by the same code.
    const few = sampleState({ strikes: 3 });
    server.show({
      ...few,
      patch: server.state().patch + 1,
      rings: { ...few.rings, decisions: few.rings.decisions.slice(-8) },
    });
    for (const [colorScheme, rule] of [
      ['light', undefined],
      // Of the other theme only colours differ.
      ['dark', 'color-contrast'],
    ] as const) {
      await page.emulateMedia({ colorScheme });
      for (const [screen] of SCREENS) {
        await page.goto(`${server.url}#/${screen}`);
        await page.locator('main h1').waitFor({ state: 'attached' });
        expect([screen, colorScheme, await axe('html', rule)]).toEqual([screen, colorScheme, []]);
      }
      await page.goto(`${server.url}#/now`);
      await page.locator('tr.contract').first().click();
      await page.locator('aside').waitFor();
      expect(await axe('aside', rule)).toEqual([]);
      await page.keyboard.press('h');
      await page.locator('dialog[open]').waitFor();
      expect(await axe('dialog', rule)).toEqual([]);
      await page.keyboard.press('Escape');
      await page.keyboard.press('Escape');
    }
    server.down(true);
    await page.locator('.page[data-link=lost]').waitFor();
    expect(await axe('html', 'color-contrast')).toEqual([]);
    server.down(false);
    await page.locator('.page[data-link=live]').waitFor();
  });

  test("leads from the keyboard to a contract's reason and back to the same row", async () => {
    await page.keyboard.press('Tab');
    expect(await page.locator(':focus').innerText()).toBe('Skip to the screen');
    await page.keyboard.press('Enter');
    for (let tabs = 0; tabs < 20 && (await page.locator('tr.contract:focus').count()) === 0; tabs++)
      await page.keyboard.press('Tab');
    await page.keyboard.press('ArrowDown');
    const ticker = await page.locator('tr.contract:focus').getAttribute('data-ticker');
    await page.keyboard.press('Enter');
    const side = page.locator('aside');
    await side.waitFor();
    expect(await side.innerText()).toContain(ticker);
    // Findings are asked of the lane when a contract is opened.
    await side.locator('table.findings').waitFor();
    for (const words of [
      'What would turn it',
      'Findings: 2 of 6 refuse',
      'edge 1.2 ¢ is inside',
      'Inputs',
      'Book',
    ])
      expect(await side.innerText()).toContain(words);
    expect(await page.locator(':focus').getAttribute('id')).toBe('side-title');
    await page.keyboard.press('Escape');
    await side.waitFor({ state: 'detached' });
    expect(await page.locator('tr.contract:focus').getAttribute('data-ticker')).toBe(ticker);
  });

  test('a decision of the timeline opens to all its findings, and a filter keeps to its contract', async () => {
    await page.keyboard.press('3');
    const [ticker] = Object.keys(server.state().maps.contracts);
    await page.getByLabel('contract').selectOption(ticker ?? '');
    const others = page.locator('.decisions tbody td:nth-child(2)').filter({ hasNotText: ticker ?? '' });
    await others.first().waitFor({ state: 'detached' });
    const tickers = await page.locator('.decisions tbody td:nth-child(2)').allInnerTexts();
    expect(new Set(tickers)).toEqual(new Set([ticker]));
    await page.locator('.decisions button.link').first().click();
    await page.locator('aside table.findings').waitFor();
    expect(await page.locator('aside').innerText()).toContain(ticker);
  });

  test('one key asks for the halt, nothing is sent before it is confirmed, and the answer is shown', async () => {
    const before = server.acts.length;
    await page.keyboard.press('h');
    await page.locator('dialog[open]').waitFor();
    await page.keyboard.press('Escape');
    await page.locator('dialog').waitFor({ state: 'detached' });
    expect(server.acts).toHaveLength(before);
    await page.keyboard.press('h');
    await page.locator('dialog[open]').waitFor();
    await page.keyboard.press('Enter');
    await page.locator('dialog .answer', { hasText: 'Done: halt was done' }).waitFor();
    expect(server.acts.slice(before)).toEqual([
      {
        name: 'halt',
        authorization: 'Bearer secret-token',
        body: { reason: 'the operator halted it on the page', confirm: 'halt' },
      },
    ]);
  });

  test('every other act wants a reason and a tick, and a limit can only be lowered', async () => {
    const before = server.acts.length;
    const titles: readonly (readonly [Act, string])[] = [
      ['resume', 'Resume'],
      ['cancelAll', 'Cancel all'],
      ['flatten', 'Flatten'],
    ];
    for (const [act, title] of titles) {
      await page.locator('.acts').getByRole('button', { name: title }).click();
      await page.getByLabel('Reason').fill('news is over');
      await page.keyboard.press('Enter');
      await page.getByLabel('Yes, I mean it').check();
      await page.keyboard.press('Enter');
      await page.locator('dialog .answer', { hasText: `Done: ${act} was done` }).waitFor();
      await page.keyboard.press('Escape');
      await page.locator('dialog').waitFor({ state: 'detached' });
    }
    await page.getByRole('button', { name: 'lower cost of the orders, lane' }).click();
    await page.getByLabel('Reason').fill('smaller');
    await page.getByLabel('Yes, I mean it').check();
    for (const value of ['', '60', '50', '-1']) {
      await page.getByLabel('new limit').fill(value);
      expect(await page.getByRole('button', { name: 'Lower it' }).getAttribute('aria-disabled')).toBe('true');
    }
    await page.getByLabel('new limit').fill('20');
    await page.keyboard.press('Enter');
    await page.locator('dialog .answer', { hasText: 'Done: cap was done' }).waitFor();
    expect(server.acts.slice(before).map(({ name, body }) => [name, body])).toEqual([
      ...titles.map(([act]) => [act, { reason: 'news is over', confirm: act }]),
      ['cap', { reason: 'smaller', confirm: 'cap', name: 'dollarsPerDayMax', value: 20 }],
    ]);
  });

  test('a read-only lane has no act, by button or by key', async () => {
    server.show({ ...sampleState({ mark: 'REPLAY', acts: [] }), patch: 900 });
    await page.locator('.top', { hasText: 'read-only' }).waitFor();
    await page.keyboard.press('h');
    expect(await page.locator('dialog, .halt').count()).toBe(0);
  });

  test('a lane that becomes read-only takes its acts back at once: the key with the button, and the dialog that stands', async () => {
    // Presses the key as soon as the page says that it is read-only, before the browser has drawn that.
    await page.evaluate(`
      new MutationObserver((_, observer) => {
        if (!document.querySelector('.top').textContent.includes('read-only')) return;
        observer.disconnect();
        dispatchEvent(new KeyboardEvent('keydown', { key: 'h' }));
        window.pressed = true;
      }).observe(document.querySelector('.top'), { childList: true, subtree: true, characterData: true });
    `);
    server.show({ ...sampleState({ acts: [] }), patch: 900 });
    await page.waitForFunction('window.pressed');
    await page.locator('.top', { hasText: 'read-only' }).waitFor();
    expect(await page.locator('dialog, .halt').count()).toBe(0);
    server.show({ ...sampleState(), patch: 901 });
    await page.locator('.halt').click();
    await page.locator('dialog[open]').waitFor();
    server.show({ ...sampleState({ acts: [] }), patch: 902 });
    await page.locator('dialog').waitFor({ state: 'detached' });
  });

  test('numbers that are not live never look so: a lost link is said, greyed, and mended by a snapshot', async () => {
    const inkOfDay = `getComputedStyle(document.querySelector('.hero .big.good')).color`;
    const live = await page.evaluate(inkOfDay);
    server.down(true);
    await page.locator('.banner', { hasText: 'Not connected since' }).waitFor();
    expect(await page.locator('.hero').innerText()).toContain('NOT CONNECTED');
    expect(await page.title()).toBe('SIMULATED · NOT CONNECTED · demo-1405');
    expect(await page.evaluate(inkOfDay)).not.toBe(live);
    server.show({ ...sampleState({ word: 'HALTED' }), patch: 3 });
    server.down(false);
    await page.locator('.page[data-link=live] .tile.word.HALTED').waitFor();
    expect(await page.locator('.banner').count()).toBe(0);
    // A lane that was started anew refuses the token of the run before, so the page says so before anybody needs it.
    server.token(false);
    server.down(true);
    await page.locator('.page[data-link=lost]').waitFor();
    server.show({ ...sampleState({ word: 'HALTED' }), patch: 3 });
    server.down(false);
    await page.locator('.banner', { hasText: 'the token of this tab is of the run before' }).waitFor();
    server.token(true);
    server.down(true);
    await page.locator('.banner', { hasText: 'Not connected since' }).waitFor();
    server.down(false);
    await page.locator('.banner').waitFor({ state: 'detached' });
    // A lost patch is a gap: the page takes a snapshot by itself.
    server.lose();
    server.show({ ...sampleState({ word: 'REDUCE' }), patch: 40 });
    await page.locator('.page[data-link=live] .tile.word.REDUCE').waitFor();
  });

  test('the four marks differ by title, icon and band, so that none is taken for another', async () => {
    const looks = new Set<string>();
    for (const mark of ['SIMULATED', 'PAPER', 'LIVE', 'REPLAY'] satisfies readonly Mark[]) {
      server.show({ ...sampleState({ mark }), patch: server.state().patch + 1 });
      await page.locator('.lane .mark', { hasText: mark }).waitFor();
      expect(await page.title()).toContain(mark);
      looks.add(
        await page.evaluate(
          `document.querySelector('link[rel=icon]').href + getComputedStyle(document.querySelector('.mark-band')).backgroundImage`,
        ),
      );
    }
    expect(looks.size).toBe(4);
  });

  test('a recording has a time line that goes to any time of it', async () => {
    server.show({ ...sampleState({ mark: 'REPLAY' }), patch: server.state().patch + 1 });
    const line = page.getByRole('slider', { name: 'Time of the recording' });
    await line.focus();
    await page.keyboard.press('Home');
    // Where it stands, though the last picture before may be older.
    await page.locator('.replay b', { hasText: clock(SAMPLE_AT - 3_600_000_000) }).waitFor();
    await page.getByRole('button', { name: 'Play' }).click();
    await page.getByRole('button', { name: 'Stop' }).waitFor();
    const { from, at, playing } = (await (await fetch(`${server.url}api/replay`)).json()) as Record<
      string,
      number
    >;
    expect({ at, playing }).toEqual({ at: from, playing: true });
  });

  test('a name that a venue chose is shown as text, whatever it holds', async () => {
    const hostile = '<img src=x onerror=alert(1)>';
    const [contract] = Object.values(sampleState().maps.contracts) as [ContractView, ...ContractView[]];
    const state = sampleState();
    server.show({
      ...state,
      patch: server.state().patch + 1,
      maps: { ...state.maps, contracts: { [hostile]: { ...contract, ticker: hostile, series: hostile } } },
    });
    await page.locator('tr.contract', { hasText: hostile }).click();
    await page.locator('aside', { hasText: hostile }).waitFor();
    expect(await page.locator('img').count()).toBe(0);
  });

  test('a phone shows every screen without scrolling sideways, with the halt in reach', async () => {
    await page.setViewportSize(PHONE);
    for (const [screen] of SCREENS) {
      await page.goto(`${server.url}#/${screen}`);
      await page.locator('main h1').waitFor({ state: 'attached' });
      expect([
        screen,
        await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth'),
      ]).toEqual([screen, 0]);
      const box = await page.locator('.halt').boundingBox();
      expect(box && box.x >= 0 && box.x + box.width <= PHONE.width && box.y + box.height < 120).toBe(true);
    }
  });

  test('nothing moves on any screen while patches come: the cumulative layout shift is 0', async () => {
    for (const [screen] of SCREENS) {
      await page.goto(`${server.url}#/${screen}`);
      await page.locator('main h1').waitFor({ state: 'attached' });
      await busy(20);
      // What a screen does when it is opened is not what patches do.
      await page.evaluate('window.shifts = []');
      await busy(60);
      expect([screen, await page.evaluate('window.shifts')]).toEqual([screen, []]);
    }
  });

  test('the heap stays flat over thousands of patches once the rings are full', async () => {
    const few = sampleState({ strikes: 2 });
    const { prices } = few.rings;
    const [price] = prices;
    if (!price) throw new Error('the sample has no price');
    // As many as the longest ring holds, so that nothing which is kept on purpose grows from here.
    const filled = Array.from({ length: RING_MOST.prices }, (_, back) => ({
      ...price,
      at: few.at - 50_000 * (RING_MOST.prices - back),
    }));
    server.show({ ...few, patch: server.state().patch + 1, rings: { ...few.rings, prices: filled } });
    const tools = await page.context().newCDPSession(page);
    const sent = async (count: number): Promise<void> => {
      for (let part = 0; part < count; part += 100) await busy(100);
    };
    /** The lowest of several readings: compiled code and what waits for collection come and go between them. */
    const heap = async (): Promise<number> => {
      const readings: number[] = [];
      for (let reading = 0; reading < 4; reading++) {
        await sent(100);
        await tools.send('HeapProfiler.collectGarbage');
        readings.push((await tools.send('Runtime.getHeapUsage')).usedSize);
      }
      return Math.min(...readings);
    };
    // Decisions fill the longest of the other rings that each patch adds to: 1,000.
    await sent(1_200);
    const before = await heap();
    await sent(UPDATES);
    const after = await heap();
    const megabytes = (bytes: number): string => `${(bytes / 2 ** 20).toFixed(1)} MB`;
    process.stderr.write(
      `console: heap ${megabytes(before)}, after ${UPDATES} updates ${megabytes(after)}\n`,
    );
    expect(after).toBeLessThan(1.1 * before);
  });

  test('the browser complained of nothing, and asked nobody but the lane', () => {
    // A refused connection is what the tests of a lost link are about.
    expect(complaints.filter((text) => !/503|ERR_|Failed to load resource/.test(text))).toEqual([]);
    expect([...asked].map((origin) => `${origin}/`)).toEqual([server.url]);
  });
});

import { afterEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type LaneScreen, laneScreen } from '../../src/cli/lane-screen.ts';
import type { AuditEvent } from '../../src/domain/events/audit.ts';
import type { Fill, Settlement } from '../../src/domain/events/order.ts';
import { cash, count, microDollars, priceTicks } from '../../src/domain/money.ts';
import { MINUTE, SECOND } from '../../src/domain/time.ts';
import { CLOSE_AT, contractOf } from '../portfolio/samples.ts';
import { minutesOf } from '../support/variance-paths.ts';
import { decisionAt } from '../telemetry/samples.ts';

const AT = CLOSE_AT - 10 * MINUTE;
const ESCAPE = '\u001b';

const contract = (ticker: string): AuditEvent => ({
  kind: 'contract',
  at: AT,
  receivedAt: AT,
  contract: contractOf({ ticker }),
  state: 'active',
  result: undefined,
});
const decision = (ticker: string, failing: readonly string[] = ['edge', 'warm']): AuditEvent => ({
  ...decisionAt(AT, failing),
  ticker,
});
const fill = (side: 'bid' | 'ask', ticker = 'KXBTCD-A'): Fill => ({
  kind: 'fill',
  clientOrderId: 'v-1',
  ticker,
  at: AT,
  fillId: 'f-1',
  side,
  priceTicks: priceTicks(4_000),
  count: count(250),
  taker: true,
  fee: microDollars(0),
  cash: cash(0),
});
const settlement = (position: number): Settlement => ({
  kind: 'settlement',
  ticker: 'KXBTCD-A',
  at: AT,
  result: 'yes',
  valueUnits: undefined,
  valueDollars: undefined,
  source: 'index',
  position: count(position),
  cash: cash(position * 100),
  pnl: cash(position === 0 ? 0 : 12_345),
});

const open: LaneScreen[] = [];
afterEach(() => {
  for (const screen of open.splice(0)) screen.close();
});

/** A screen with what it wrote. */
const screenOn = (terminal: { isTTY?: boolean; columns?: number; rows?: number } = {}, quiet = false) => {
  const written: string[] = [];
  let seq = 0;
  const screen = laneScreen(
    { ...terminal, write: (text) => written.push(text) },
    { mark: 'SIMULATED', quiet },
  );
  open.push(screen);
  const add = (...events: readonly AuditEvent[]): void => {
    for (const event of events) screen.add({ seq: ++seq, event });
  };
  return { ...screen, add, written, text: () => written.join('') };
};
/** What a terminal of many rows shows after all that was written: escapes obeyed. */
const shown = (text: string): readonly string[] => {
  const lines: string[] = [''];
  let row = 0;
  for (const token of text.match(
    new RegExp(`${ESCAPE}\\[\\d*[A-Z]|${ESCAPE}\\[\\??\\d+[a-z]|\\n|[^${ESCAPE}\\n]+`, 'g'),
  ) ?? []) {
    if (token === '\n') lines[++row] ??= '';
    else if (token === `${ESCAPE}[H`) row = 0;
    else if (token === `${ESCAPE}[?1049h`) lines.splice(0, Number.POSITIVE_INFINITY, '');
    // Colours, the cursor's own look, and the rest of a line that was cleared before.
    else if (token === `${ESCAPE}[K` || new RegExp(`^${ESCAPE}\\[\\??\\d+[a-z]$`).test(token)) continue;
    else if (token.endsWith('A') && token.startsWith(ESCAPE)) row -= Number(token.slice(2, -1));
    else if (token === `${ESCAPE}[2K`) lines[row] = '';
    else if (token === `${ESCAPE}[J`) lines.splice(lines[row] === '' ? row : row + 1);
    else lines[row] = `${lines[row] ?? ''}${token}`;
  }
  return lines;
};

describe('laneScreen without a terminal', () => {
  test('every line it writes says SIMULATED, and none steers a terminal', () => {
    const screen = screenOn();
    screen.add(contract('KXBTCD-A'), decision('KXBTCD-A'), fill('bid'), fill('ask'), settlement(250));
    for (let minute = 0; minute < 20; minute++) screen.paint(AT + minute * MINUTE);
    const lines = screen.text().split('\n');
    expect(lines.pop()).toBe('');
    expect(lines).toHaveLength(3 + 4);
    for (const line of lines) expect(line).toMatch(/^SIMULATED {2}/);
    expect(screen.text()).not.toContain(ESCAPE);
  });

  test('a fill is told by what was bought at what price: NO costs what YES leaves of a dollar', () => {
    const screen = screenOn();
    screen.add(fill('bid'), fill('ask'));
    expect(screen.text()).toMatch(
      /bought 2\.5 YES of KXBTCD-A at 40\.0 ¢\n.*bought 2\.5 NO of KXBTCD-A at 60\.0 ¢\n$/,
    );
  });

  test('a settlement is told when it was ours, and only then', () => {
    const screen = screenOn();
    screen.add(settlement(0));
    expect(screen.written).toEqual([]);
    screen.add(settlement(250));
    expect(screen.text()).toMatch(/KXBTCD-A settled YES, 1\.23 dollars\n$/);
  });

  test('quiet writes nothing at all, on a terminal or off it', () => {
    for (const isTTY of [true, false]) {
      const screen = screenOn({ isTTY }, true);
      screen.add(fill('bid'), settlement(250));
      screen.paint(AT);
      screen.close();
      expect(screen.written).toEqual([]);
    }
  });
});

describe('laneScreen on a terminal', () => {
  test('is redrawn in place, and its first line says SIMULATED', () => {
    const screen = screenOn({ isTTY: true, columns: 200 });
    screen.add(contract('KXBTCD-A'), contract('KXBTCD-B'), decision('KXBTCD-A'), decision('KXBTCD-B', []));
    screen.paint(AT);
    const first = shown(screen.text());
    expect(first[0]).toMatch(/^SIMULATED {2}/);
    expect(first.find((line) => line.startsWith('KXBTCD-A'))).toMatch(
      / 10:00 .* edge 1\.0 ¢ is inside its error of 2\.0 ¢$/,
    );
    expect(first.find((line) => line.startsWith('KXBTCD-B'))).toMatch(
      /buys 10 YES at 43 ¢: edge 3\.1 ¢ after the fee$/,
    );
    screen.paint(AT + 30 * SECOND);
    const second = shown(screen.text());
    expect(second).toHaveLength(first.length);
    expect(second[0]).not.toBe(first[0]);
    expect(second.filter((line) => line.includes('SIMULATED'))).toHaveLength(1);
    expect(second.find((line) => line.startsWith('KXBTCD-A'))).toContain(' 9:30 ');
    // Every line is cleared before it is written anew.
    for (const text of screen.written)
      expect(
        text
          .split('\n')
          .slice(0, -1)
          .every((line) => line.includes(`${ESCAPE}[2K`)),
      ).toBe(true);
  });

  test('contracts come by their close, without those that closed, as many as are readable', () => {
    const screen = screenOn({ isTTY: true, columns: 200, rows: 50 });
    for (let i = 10; i < 40; i++) screen.add(contract(`T-${i}`), decision(`T-${i}`));
    screen.paint(AT);
    const lines = shown(screen.text());
    expect(lines.filter((line) => line.startsWith('T-')).map((line) => line.slice(0, 4))).toEqual(
      Array.from({ length: 14 }, (_, i) => `T-${10 + i}`),
    );
    expect(lines).toContain('… and 16 more');
    screen.paint(CLOSE_AT);
    expect(shown(screen.text()).some((line) => line.startsWith('T-'))).toBe(false);
  });

  test('a screen is never taller or wider than its terminal, or it could not be redrawn in place', () => {
    const screen = screenOn({ isTTY: true, columns: 80, rows: 24 });
    for (let i = 10; i < 40; i++) screen.add(contract(`T-${i}`), decision(`T-${i}`), fill('bid', `T-${i}`));
    screen.paint(AT);
    const lines = shown(screen.text());
    expect(lines.length).toBeLessThanOrEqual(24);
    for (const line of lines) expect(line.length).toBeLessThan(80);
    expect(lines[0]).toMatch(/^SIMULATED/);
    expect(lines.some((line) => line.includes('bought'))).toBe(true);
  });

  test('at 60, 80 and 120 columns every line fits, and position, edge, exposure, confidence and reason are there', () => {
    for (const columns of [60, 80, 120]) {
      const screen = screenOn({ isTTY: true, columns, rows: 50 });
      const wide = 'KXBTCD-26MAY1101-T80249.99';
      screen.add(
        contract(wide),
        contract('KXBTC15M-26MAY110145-45'),
        {
          ...decision(wide, ['edge', 'orderSize']),
          wouldChange: { priceTicks: priceTicks(3_100), volatilityFactor: undefined, at: undefined },
        } as AuditEvent,
        decision('KXBTC15M-26MAY110145-45', []),
        fill('bid', wide),
        {
          kind: 'account',
          at: AT,
          cashDollars: 999.1,
          reservedDollars: 0,
          realisedDollars: -1.25,
          feesDollars: 0.04,
          dayDollars: 0,
          equityDollars: 0,
          worstDollars: -2.35,
          openPositions: 1,
          openOrders: 0,
        },
        {
          kind: 'forecast',
          at: AT,
          receivedAt: AT,
          asset: 'BTC',
          model: 'ensemble',
          horizons: [{ minutes: 60, logVariance: -9, lowLogVariance: -10, highLogVariance: -8 }],
          path: minutesOf(AT, 180, () => 0, AT),
          tails: [{ seconds: 60, nu: 4, scale: 1 }],
          annualisedVolatility: 0.41,
          confidence: { disagreement: 0, outside: 0, drifted: 0, qlikeRatio: null, value: 0.724 },
        },
      );
      screen.paint(AT);
      const lines = shown(screen.text());
      for (const line of lines) expect(line.length).toBeLessThan(columns);
      const text = lines.join(' ').replaceAll(/\s+/g, ' ');
      expect(text).toContain('confidence 72 %');
      expect(text).toContain('1 open, at worst −$2.35');
      expect(text).toContain('edge 1.0 ¢ is inside its error of 2.0 ¢; would buy YES at 31 ¢ or less');
      expect(text).toContain('edge 3.1 ¢ after the fee');
      const row = lines.find((line) => line.startsWith(wide));
      expect(row).toMatch(/ 10:00 .* 3\.1 +2\.5 YES/);
    }
  });

  test('property: whatever the terminal, no line is wider and the screen is no taller than it', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 60, max: 220 }),
        fc.integer({ min: 20, max: 60 }),
        fc.integer({ min: 0, max: 40 }),
        fc.string({ maxLength: 300 }),
        (columns, rows, tickers, said) => {
          const screen = screenOn({ isTTY: true, columns, rows });
          for (let i = 0; i < tickers; i++)
            screen.add(contract(`KXBTCD-26MAY1101-T${80_000 + i}.99`), {
              ...decisionAt(AT, ['edge', 'warm', 'spread']),
              ticker: `KXBTCD-26MAY1101-T${80_000 + i}.99`,
            });
          for (let i = 0; i < 8; i++) screen.problem(said);
          screen.paint(AT);
          const lines = shown(screen.text());
          for (const line of lines) expect(line.length).toBeLessThan(columns);
          expect(lines.length).toBeLessThanOrEqual(rows);
          screen.close();
        },
      ),
      { numRuns: 100 },
    );
  });

  test('a name from the wire cannot steer the terminal', () => {
    const evil = `KX${ESCAPE}[2J\u0007\n`;
    for (const isTTY of [true, false]) {
      const screen = screenOn({ isTTY, columns: 200 });
      screen.add(contract(evil), decision(evil), fill('bid', evil), { ...settlement(250), ticker: evil });
      screen.paint(AT);
      expect(screen.text()).not.toContain(`${ESCAPE}[2J`);
      expect(screen.text()).not.toContain('\u0007');
      expect(screen.text()).toContain('KX?[2J??');
    }
  });

  test('volatility is that of the next hour, with its band in brackets where there is one', () => {
    const hour = (variance: number): number => Math.log(variance / 8_760);
    const banded = { lowLogVariance: hour(0.29 ** 2), highLogVariance: hour(0.58 ** 2) };
    const forecast = (band: object = {}): AuditEvent => ({
      kind: 'forecast',
      at: AT,
      receivedAt: AT,
      asset: 'BTC',
      model: 'ensemble',
      // That of a quarter of an hour is another.
      horizons: [
        { minutes: 15, logVariance: -12, lowLogVariance: -14, highLogVariance: -10 },
        { minutes: 60, logVariance: hour(0.4 ** 2), ...band },
      ],
      path: minutesOf(AT, 180, () => 0, AT),
      tails: [{ seconds: 60, nu: 4, scale: 1 }],
      annualisedVolatility: 0.41,
    });
    for (const [band, said] of [
      [banded, 'volatility 41 % (29–58) a year'],
      [{}, 'volatility 41 % a year'],
    ] as const) {
      const screen = screenOn({ isTTY: true, columns: 200 });
      screen.add(forecast(band));
      screen.paint(AT);
      expect(shown(screen.text())[0]).toContain(said);
    }
  });

  test('numbers that are not known are dashes', () => {
    const screen = screenOn({ isTTY: true, columns: 200 });
    const blank = decisionAt(AT, ['priced']);
    screen.add(contract('KXBTCD-A'), {
      ...blank,
      ticker: 'KXBTCD-A',
      bidTicks: undefined,
      proposal: { ...blank.proposal, modelProbability: null, probability: null },
    });
    screen.paint(AT);
    expect(screen.text()).not.toMatch(/NaN|undefined/);
  });
});

describe('laneScreen with two assets and an operator', () => {
  const index = (asset: string, value: number): AuditEvent => ({
    kind: 'index',
    at: AT,
    receivedAt: AT,
    asset,
    value,
    source: 'prints',
    variance: 0,
  });
  const forecast = (asset: string, annualisedVolatility: number): AuditEvent => ({
    kind: 'forecast',
    at: AT,
    receivedAt: AT,
    asset,
    model: 'backbone',
    horizons: [],
    path: minutesOf(AT, 180, () => 0, AT),
    tails: [{ seconds: 60, nu: 4, scale: 1 }],
    annualisedVolatility,
  });
  const command = (order: 'halt' | 'resume', reason: string): AuditEvent => ({
    kind: 'command',
    at: AT,
    command: order,
    reason,
  });

  test('each asset has its own index and volatility, in as many digits as its price needs', () => {
    const screen = screenOn({ isTTY: true, columns: 300 });
    screen.add(index('BTC', 80_123.456), index('DOGE', 0.123_456_7), forecast('DOGE', 0.9));
    screen.paint(AT);
    const [first] = shown(screen.text());
    expect(first).toContain('BTC index 80123.46   volatility – a year');
    expect(first).toContain('DOGE index 0.123457   volatility 90 % a year');
  });

  test('a forecast that comes before the index is shown', () => {
    const screen = screenOn({ isTTY: true, columns: 300 });
    screen.add(forecast('ETH', 0.5));
    screen.paint(AT);
    expect(shown(screen.text())[0]).toContain('ETH index –   volatility 50 % a year');
  });

  test('a halt stands on the screen with its reason until it is lifted, and both are news', () => {
    const screen = screenOn({ isTTY: true, columns: 200 });
    const second = (): string | undefined => {
      screen.paint(AT);
      return shown(screen.text())[1];
    };
    expect(second()).toBe('');
    screen.add(command('halt', 'the index looks wrong'));
    expect(second()).toBe('HALTED by the operator: the index looks wrong');
    screen.add(command('resume', ''));
    expect(second()).toBe('');
    screen.add(command('halt', ''));
    expect(second()).toBe('HALTED by the operator');
    const news = shown(screen.text()).filter((line) => line.includes('operator: '));
    expect(news.map((line) => line.replace(/.*operator: /, ''))).toEqual([
      'halt (the index looks wrong)',
      'resume',
      'halt',
    ]);
  });

  test('without a terminal a command is a line, and its reason steers nothing', () => {
    const screen = screenOn();
    screen.add(command('halt', `${ESCAPE}[2Jlunch`));
    expect(screen.text()).toMatch(/^SIMULATED {2}\d\d:\d\d:\d\d operator: halt \(\?\[2Jlunch\)\n$/);
  });

  test('an event that is missing before another is an error: the screen would show what is not', () => {
    const screen = laneScreen({ write: () => {} }, { mark: 'SIMULATED', quiet: true });
    screen.add({ seq: 1, event: index('BTC', 80_000) });
    expect(() => screen.add({ seq: 3, event: index('BTC', 80_001) })).toThrow(
      'screen: event 3 came where 2 was next',
    );
  });

  test('a command that could not be read is told, and changes nothing', () => {
    const screen = screenOn({ isTTY: true, columns: 200 });
    screen.problem(`no${ESCAPE} command`);
    screen.paint(AT);
    expect(shown(screen.text())[1]).toBe('');
    expect(screen.text()).toContain('no? command');
  });
});

describe('laneScreen and connections', () => {
  const connection = (change: 'opened' | 'live' | 'closed', detail: string): AuditEvent => ({
    kind: 'connection',
    at: AT,
    venue: 'kraken',
    change,
    detail,
  });

  test('a first connection is no news; a loss is, and so is its end', () => {
    const screen = screenOn();
    screen.add(connection('opened', ''), connection('live', 'all'));
    expect(screen.text()).toBe('');
    screen.add(connection('closed', 'no frame for 5 s'), connection('opened', ''), connection('live', 'all'));
    const lines = screen.text().trimEnd().split('\n');
    expect(lines.map((line) => line.replace(/.*(kraken)/, '$1'))).toEqual([
      'kraken closed: no frame for 5 s',
      'kraken live: all',
    ]);
  });

  test('what a venue says cannot steer the terminal', () => {
    const screen = screenOn();
    screen.add(connection('closed', `${ESCAPE}[2Jgone`));
    expect(screen.text()).not.toContain(ESCAPE);
  });
});

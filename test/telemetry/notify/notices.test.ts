import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { AuditEvent } from '../../../src/domain/events/audit.ts';
import { DAY, HOUR, SECOND } from '../../../src/domain/time.ts';
import type { Notice } from '../../../src/telemetry/notify/notice.ts';
import { notices } from '../../../src/telemetry/notify/notices.ts';
import { notifySettings } from '../../../src/telemetry/notify/settings.ts';
import '../../support/properties.ts';
import { sampleEvents } from '../samples.ts';

const AT = Date.UTC(2026, 5, 1, 14) * 1_000;

function told(
  events: readonly AuditEvent[],
  options: Readonly<Record<string, unknown>> = {},
): readonly Notice[] {
  const list: Notice[] = [];
  const { add } = notices(
    { assets: 1, dayLossMaxDollars: 100, settings: notifySettings.parse(options), lane: 'LIVE test' },
    (notice) => list.push(notice),
  );
  for (const event of events) add(event);
  return list;
}
const command = (
  what: 'halt' | 'resume' | 'reduce' | 'flatten' | 'cancelAll',
  reason = 'x',
  at = AT,
): AuditEvent => ({
  kind: 'command',
  at,
  command: what,
  reason,
});
const account = (dayDollars: number, at = AT): AuditEvent => ({
  kind: 'account',
  at,
  cashDollars: 100,
  reservedDollars: 0,
  realisedDollars: dayDollars,
  feesDollars: 1,
  dayDollars,
  equityDollars: 100,
  worstDollars: -5,
  openPositions: 1,
  openOrders: 0,
});
const index = (at: number): AuditEvent => ({
  kind: 'index',
  asset: 'BTC',
  at,
  receivedAt: at,
  value: 80_000,
  source: 'prints',
  variance: 0,
});
const silence = (silent: boolean, at: number): AuditEvent => ({
  kind: 'feedSilence',
  asset: 'BTC',
  feed: 'index',
  at,
  silent,
  since: at,
});

describe('notices', () => {
  test('a halt is told, its repetition is not, its end is, and the next halt again', () => {
    const list = told([
      command('halt', 'the operator: lunch'),
      command('halt', 'the operator: lunch'),
      command('cancelAll'),
      command('resume', 'the operator: back'),
      command('reduce', 'the guard: feed'),
      command('halt', 'the operator: lunch'),
    ]);
    expect(list.map(({ title, text }) => [title, text])).toEqual([
      ['LIVE test: halted', 'no order leaves: the operator: lunch'],
      ['LIVE test: trades again', 'the operator: back'],
      ['LIVE test: halted', 'no order leaves: the operator: lunch'],
    ]);
    expect(new Set(list.map(({ state }) => state)).size).toBe(3);
    expect(list.map(({ urgent }) => urgent)).toEqual([true, false, true]);
  });

  test('property: the loss of a day is told once at half, at four fifths and at all of its limit', () => {
    const day = fc.array(fc.integer({ min: -150, max: 20 }), { maxLength: 20 });
    fc.assert(
      fc.property(fc.array(day, { maxLength: 3 }), (days) => {
        const events = days.flatMap((list, i) =>
          list.map((dollars, j) => account(dollars, AT + i * DAY + j)),
        );
        const said = told(events, { on: ['dayLoss'] }).map(({ title }) => Number(/(\d+) %/.exec(title)?.[1]));
        const expected = days.flatMap((list) => {
          let worst = 0;
          return list.flatMap((dollars) => {
            const step = [100, 80, 50].find((each) => -dollars >= each) ?? 0;
            if (step <= worst) return [];
            worst = step;
            return [step];
          });
        });
        expect(said).toEqual(expected);
      }),
    );
  });

  test('blindness is told when the last feed that was heard falls silent, and when it speaks again', () => {
    const list = told([
      silence(true, AT),
      silence(false, AT + SECOND),
      index(AT + SECOND),
      silence(true, AT + 7 * SECOND),
      silence(false, AT + 9 * SECOND),
      { kind: 'connection', at: AT + 10 * SECOND, venue: 'kalshi', change: 'closed', detail: '' },
      { kind: 'connection', at: AT + 11 * SECOND, venue: 'kalshi', change: 'opened', detail: '' },
    ]);
    expect(list.map(({ state, urgent }) => [state, urgent])).toEqual([
      ['blind', true],
      ['fed', false],
      ['blind', true],
      ['fed', false],
    ]);
    expect(list[0]?.text).toBe('nothing feeds it: index: all silent');
  });

  test('while another feed speaks the lane is not blind', () => {
    const book: AuditEvent = {
      kind: 'krakenBookChecked',
      at: AT,
      receivedAt: AT,
      venue: 'kraken',
      symbol: 'BTC/USD',
      verdict: 'passed',
      version: 1,
      priceScale: 10,
      quantityScale: 1,
      bids: [],
      asks: [],
    };
    expect(told([index(AT), book, silence(true, AT + 6 * SECOND)])).toEqual([]);
  });

  test('a difference is told with its sentence', () => {
    const difference = sampleEvents(AT).find(({ kind }) => kind === 'difference') as AuditEvent;
    expect(told([difference]).map(({ text, urgent }) => [text, urgent])).toEqual([
      ['fill f-2 has count 0', true],
    ]);
  });

  test('the digest of a day counts that day alone', () => {
    const fill = sampleEvents(AT).find(({ kind }) => kind === 'fill') as AuditEvent;
    const list = told(
      [
        account(-2),
        fill,
        command('halt'),
        account(-7, AT + 9 * HOUR),
        account(1, AT + 10 * HOUR),
        fill,
        account(1, AT + 35 * HOUR),
      ],
      { on: ['digest'] },
    );
    expect(
      list.map(({ title, text }) => [title, text.split('; ').slice(0, 2), text.split('; ').at(-1)]),
    ).toEqual([
      [
        'LIVE test: digest of 2026-06-01',
        ['realised −$7.00 after fees of $1.00', '0 orders, 1 fill, 0 settled'],
        '1 halt, 0 differences',
      ],
      [
        'LIVE test: digest of 2026-06-02',
        ['realised $8.00 after fees of $0.00', '0 orders, 1 fill, 0 settled'],
        '0 halts, 0 differences',
      ],
    ]);
  });

  test('what the settings do not name is not told', () => {
    expect(told([command('halt'), account(-200)], { on: ['digest'] })).toEqual([]);
  });
});

import { describe, expect, test } from '@jest/globals';
import { map, type Observable, of } from 'rxjs';
import type { ContractChanged } from '../../../src/domain/events/market.ts';
import type { ContractLifecycle, Gap, VenueEvent } from '../../../src/domain/events/venue.ts';
import { priceTicks } from '../../../src/domain/money.ts';
import { contracts } from '../../../src/venues/kalshi/contracts.ts';
import { BTC, ETH } from '../../support/assets.ts';
import { gap } from '../../support/kalshi-events.ts';
import { marbles } from '../../support/marbles.ts';

type Input = VenueEvent | Gap;

const TICKER = 'KXBTC15M-26SEP251515-15';
const bands = [{ startTicks: priceTicks(0), endTicks: priceTicks(10_000), stepTicks: priceTicks(100) }];

const frame = (change: string, fields: Partial<ContractLifecycle> = {}): ContractLifecycle => ({
  kind: 'contractLifecycle',
  at: 1,
  receivedAt: 2,
  ticker: TICKER,
  sid: 3,
  seq: 1,
  change,
  openAt: undefined,
  closeAt: undefined,
  event: undefined,
  strikeType: undefined,
  floorUnits: undefined,
  capUnits: undefined,
  tickBands: undefined,
  exchangeIndex: undefined,
  result: undefined,
  deactivated: undefined,
  ...fields,
});

const created = (fields: Partial<ContractLifecycle> = {}): ContractLifecycle =>
  frame('created', {
    openAt: 100,
    closeAt: 200,
    event: 'KXBTC15M-26SEP251515',
    strikeType: 'greater_or_equal',
    tickBands: bands,
    exchangeIndex: 2,
    ...fields,
  });

const tell = ({ contract, state, result }: ContractChanged): string =>
  `${contract.series} ${contract.strikeType} ${contract.floorUnits}..${contract.capUnits} to ${contract.closeAt} ${state} ${result}`;

function tellAll(events: readonly Input[]): string[] {
  const lines: string[] = [];
  of(...events)
    .pipe(contracts([BTC]), map(tell))
    .subscribe((line) => lines.push(line));
  return lines;
}

const told = (source$: Observable<Input>): Observable<string> => source$.pipe(contracts([BTC]), map(tell));
const FIRST = 'KXBTC15M greater_or_equal undefined..undefined to 200 active undefined';

describe('contracts', () => {
  test('a created market is a contract with every term, plain quadratic fees and its frame’s clocks', () => {
    const seen: ContractChanged[] = [];
    of(created())
      .pipe(contracts([BTC]))
      .subscribe((change) => seen.push(change));
    expect(seen).toEqual([
      {
        kind: 'contract',
        at: 1,
        receivedAt: 2,
        state: 'active',
        result: undefined,
        contract: {
          ticker: TICKER,
          series: 'KXBTC15M',
          asset: 'BTC',
          indexDecimals: 2,
          event: 'KXBTC15M-26SEP251515',
          strikeType: 'greater_or_equal',
          floorUnits: undefined,
          capUnits: undefined,
          openAt: 100,
          closeAt: 200,
          tickBands: bands,
          exchangeIndex: 2,
          fee: { kind: 'quadratic', multiplier: 1 },
        },
      },
    ]);
  });

  test('each change of terms, state or result is told once; repetitions are not', () => {
    marbles(({ hot, expectObservable, expectSubscriptions }) => {
      const source = hot<Input>('acfmd-eezsssd|', {
        a: created(),
        c: created(),
        f: frame('metadata_updated', { floorUnits: 8_395_062 }),
        m: frame('metadata_updated', { floorUnits: 8_395_062 }),
        d: frame('close_date_updated', { closeAt: 190 }),
        e: frame('determined', { result: 'no' }),
        z: frame('activated', { deactivated: false }),
        s: frame('settled'),
      });
      const subs = '             ^------------!';
      const expected = '         a-f-d-e--s---|';
      const terms = 'KXBTC15M greater_or_equal 8395062..undefined to';
      expectObservable(told(source)).toBe(expected, {
        a: FIRST,
        f: `${terms} 200 active undefined`,
        d: `${terms} 190 active undefined`,
        e: `${terms} 190 determined no`,
        s: `${terms} 190 settled no`,
      });
      expectSubscriptions(source.subscriptions).toBe(subs);
    });
  });

  test('a pause and its end are states, said by the change or by the flag', () => {
    expect(
      tellAll([created(), frame('deactivated'), frame('activated'), frame('x', { deactivated: true })]).map(
        (line) => line.split(' ').at(-2),
      ),
    ).toEqual(['active', 'inactive', 'active', 'inactive']);
  });

  test('a market is told once its terms suffice for its kind of strike', () => {
    expect(tellAll([created({ strikeType: 'greater' })])).toEqual([]);
    expect(tellAll([created({ strikeType: 'between', floorUnits: 1 })])).toEqual([]);
    expect(tellAll([created({ strikeType: 'less', floorUnits: 1 })])).toEqual([]);
    expect(tellAll([created({ strikeType: 'less_or_equal' })])).toEqual([]);
    for (const field of ['event', 'strikeType', 'openAt', 'closeAt', 'tickBands'] as const)
      expect(tellAll([created({ [field]: undefined })])).toEqual([]);
    expect(tellAll([created({ closeAt: 100 })])).toEqual([]);
    expect(
      tellAll([
        created({ strikeType: 'between', floorUnits: 1 }),
        frame('metadata_updated', { capUnits: 2 }),
      ]),
    ).toEqual(['KXBTC15M between 1..2 to 200 active undefined']);
  });

  test('other series are ignored, by the whole of the first part of the ticker', () => {
    const other = (ticker: string): Input[] => [created({ ticker })];
    expect(tellAll(other('KXBTCMAXY-26DEC31-X'))).toEqual([]);
    expect(tellAll(other('KXETH15M-26SEP251515-15'))).toEqual([]);
    expect(tellAll(other('KXBTC-26SEP2516-B83950'))).toHaveLength(1);
    const seen: string[] = [];
    of(created({ ticker: 'KXETH15M-26SEP251515-15' }), created())
      .pipe(contracts([ETH]))
      .subscribe(({ contract }) => seen.push(contract.series));
    expect(seen).toEqual(['KXETH15M']);
  });

  test('the end of a market never known says nothing, and what a settled one says late neither', () => {
    expect(tellAll([frame('determined', { result: 'yes' }), frame('settled')])).toEqual([]);
    expect(
      tellAll([
        created(),
        frame('settled', { result: 'yes' }),
        frame('determined', { result: 'no' }),
        frame('activated'),
      ]),
    ).toHaveLength(2);
  });

  test('a determination may be amended', () => {
    expect(
      tellAll([created(), frame('determined', { result: 'no' }), frame('determined', { result: 'yes' })]).map(
        (line) => line.split(' ').at(-1),
      ),
    ).toEqual(['undefined', 'no', 'yes']);
  });

  test('a session forgets what was known; a disconnect and other venues’ sessions do not', () => {
    const later = frame('close_date_updated', { closeAt: 150 });
    expect(tellAll([created(), gap('session'), later])).toEqual([FIRST]);
    expect(tellAll([created(), gap('disconnect'), gap('session', 'kraken'), later])).toHaveLength(2);
    expect(tellAll([created(), gap('session'), created()])).toEqual([FIRST, FIRST]);
  });

  test('nothing in, nothing out; an error passes; leaving early unsubscribes; subscribers do not share', () => {
    marbles(({ cold, hot, expectObservable, expectSubscriptions }) => {
      expectObservable(told(cold<Input>('--|'))).toBe('--|');
      expectObservable(told(cold<Input>('--#'))).toBe('--#');
      const source = hot<Input>('-a-a-', { a: created() });
      const changes = told(source);
      expectObservable(changes, '^-!').toBe('-a-', { a: FIRST });
      expectObservable(changes, '--^-!').toBe('---a-', { a: FIRST });
      expectSubscriptions(source.subscriptions).toBe(['^-!', '--^-!']);
    });
  });
});

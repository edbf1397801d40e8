import { describe, expect, test } from '@jest/globals';
import { map, type Observable, of } from 'rxjs';
import type { Contract, FeeTerms } from '../../../src/domain/contracts.ts';
import type { ContractChanged } from '../../../src/domain/events/market.ts';
import type {
  ContractLifecycle,
  ContractListed,
  FeeTermsChanged,
  Gap,
  VenueEvent,
} from '../../../src/domain/events/venue.ts';
import { priceTicks } from '../../../src/domain/money.ts';
import { contracts } from '../../../src/venues/kalshi/contracts.ts';
import { BTC } from '../../support/assets.ts';
import { gap } from '../../support/kalshi-events.ts';
import { marbles } from '../../support/marbles.ts';

type Input = VenueEvent | Gap;

const QUADRATIC: FeeTerms = { kind: 'quadratic', multiplier: 1 };
const HALF: FeeTerms = { kind: 'quadratic', multiplier: 0.5 };
const MAKERS: FeeTerms = { kind: 'quadratic_with_maker_fees', multiplier: 1 };

const contract: Contract = {
  ticker: 'KXBTC15M-26SEP251515-15',
  series: 'KXBTC15M',
  asset: 'BTC',
  indexDecimals: 2,
  event: 'KXBTC15M-26SEP251515',
  strikeType: 'greater_or_equal',
  floorUnits: 8_395_062,
  capUnits: undefined,
  openAt: 100,
  closeAt: 200,
  tickBands: [{ startTicks: priceTicks(0), endTicks: priceTicks(10_000), stepTicks: priceTicks(100) }],
  exchangeIndex: 2,
  fee: QUADRATIC,
};

const listed = (
  fields: Partial<Omit<ContractListed, 'contract'>> = {},
  terms: Partial<Contract> = {},
): ContractListed => ({
  kind: 'contractListed',
  at: 1,
  receivedAt: 2,
  contract: { ...contract, ...terms },
  state: 'active',
  result: undefined,
  valueUnits: undefined,
  ...fields,
});

const life = (change: string, fields: Partial<ContractLifecycle> = {}): ContractLifecycle => ({
  kind: 'contractLifecycle',
  at: 3,
  receivedAt: 4,
  ticker: contract.ticker,
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

const fees = (
  scope: FeeTermsChanged['scope'],
  ticker: string,
  fee: FeeTermsChanged['fee'],
): FeeTermsChanged => ({ kind: 'feeTerms', at: 5, receivedAt: 6, scope, ticker, fee });

const changes = (events: readonly Input[]): readonly ContractChanged[] => {
  const seen: ContractChanged[] = [];
  of(...events)
    .pipe(contracts([BTC]))
    .subscribe((change) => seen.push(change));
  return seen;
};
const line = ({ contract: { floorUnits, closeAt, fee }, state, result }: ContractChanged): string =>
  `${floorUnits} to ${closeAt} ${state} ${result} ${fee?.kind} ${fee?.multiplier}`;
const lines = (...events: readonly Input[]): readonly string[] => changes(events).map(line);
const states = (...events: readonly Input[]): readonly string[] =>
  changes(events).map(({ state, result }) => `${state} ${result}`);

describe('contracts from listings', () => {
  test('a listed market is a contract with all its terms, at its listing’s time', () => {
    expect(changes([listed()])).toEqual([
      { kind: 'contract', at: 1, receivedAt: 2, contract, state: 'active', result: undefined },
    ]);
  });

  test('a listing that repeats what frames told says nothing, and one that differs is told once', () => {
    marbles(({ hot, expectObservable, expectSubscriptions }) => {
      const source = hot<Input>('lcmlrr|', {
        l: listed(),
        c: life('close_date_updated', { closeAt: 190 }),
        m: listed({}, { closeAt: 190 }),
        r: listed({ state: 'closed' }, { closeAt: 190 }),
      });
      const subs = '             ^-----!';
      const expected = '         lc-lr-|';
      const told$: Observable<string> = source.pipe(contracts([BTC]), map(line));
      expectObservable(told$).toBe(expected, {
        l: '8395062 to 200 active undefined quadratic 1',
        c: '8395062 to 190 active undefined quadratic 1',
        r: '8395062 to 190 closed undefined quadratic 1',
      });
      expectSubscriptions(source.subscriptions).toBe(subs);
    });
  });

  test('a listing without the floor does not take away the floor that a frame told', () => {
    expect(
      lines(
        listed({}, { floorUnits: undefined }),
        life('metadata_updated', { floorUnits: 8_400_000 }),
        listed({}, { floorUnits: undefined }),
        listed({}, { floorUnits: undefined, closeAt: 190 }),
      ).map((each) => each.split(' ').slice(0, 3).join(' ')),
    ).toEqual(['undefined to 200', '8400000 to 200', '8400000 to 190']);
  });

  test('a listing may pause, close or end a market, but not bring back one that has ended', () => {
    expect(states(listed(), listed({ state: 'inactive' }), listed(), listed({ state: 'closed' }))).toEqual([
      'active undefined',
      'inactive undefined',
      'active undefined',
      'closed undefined',
    ]);
    expect(
      states(
        listed(),
        life('determined', { result: 'no' }),
        listed(),
        listed({ state: 'closed' }),
        listed({ state: 'settled', result: 'no' }),
      ),
    ).toEqual(['active undefined', 'determined no', 'settled no']);
  });

  test('the result of a listing that names none is the one that was known', () => {
    expect(
      states(listed(), listed({ state: 'determined', result: 'yes' }), listed({ state: 'settled' })),
    ).toEqual(['active undefined', 'determined yes', 'settled yes']);
  });

  test('a market that is listed only after its end says nothing, nor one that was already let go', () => {
    expect(states(listed({ state: 'settled', result: 'yes' }), listed({ state: 'determined' }))).toEqual([]);
    expect(states(listed(), listed({ state: 'settled' }), listed({ state: 'settled' }))).toEqual([
      'active undefined',
      'settled undefined',
    ]);
  });

  test('other series are not followed, whoever lists them', () => {
    expect(lines(listed({}, { ticker: 'KXETH15M-A', series: 'KXETH15M' }))).toEqual([]);
  });

  test('a frame after a listing overrides only what it carries', () => {
    expect(changes([listed(), life('close_date_updated', { closeAt: 180 })])[1]?.contract).toEqual({
      ...contract,
      closeAt: 180,
    });
  });
});

describe('fee terms of contracts', () => {
  const feeOf = (...events: readonly Input[]): readonly string[] =>
    changes(events).map(({ contract: { fee } }) => (fee ? `${fee.kind} ${fee.multiplier}` : 'unknown'));

  test('terms of the series that came before the market are its own', () => {
    expect(feeOf(fees('series', 'KXBTC15M', HALF), listed())).toEqual(['quadratic 0.5']);
    expect(feeOf(fees('series', 'KXBTCD', HALF), listed())).toEqual(['quadratic 1']);
  });

  test('terms that come later change every market of the series, each told once, at the time they came', () => {
    const other = listed({}, { ticker: 'KXBTC15M-26SEP251530-30', event: 'KXBTC15M-26SEP251530' });
    const foreign = listed(
      {},
      { ticker: 'KXBTCD-26SEP2516-T1', series: 'KXBTCD', event: 'KXBTCD-26SEP2516' },
    );
    const seen = changes([
      listed(),
      other,
      foreign,
      fees('series', 'KXBTC15M', HALF),
      fees('series', 'KXBTC15M', HALF),
    ]).slice(3);
    expect(seen.map(({ contract: { ticker, fee }, at }) => [ticker, fee?.multiplier, at])).toEqual([
      [contract.ticker, 0.5, 5],
      ['KXBTC15M-26SEP251530-30', 0.5, 5],
    ]);
  });

  test('terms of the event stand above those of the series until they are lifted', () => {
    expect(
      feeOf(
        listed(),
        fees('event', contract.event, MAKERS),
        fees('series', 'KXBTC15M', HALF),
        fees('event', contract.event, undefined),
        fees('series', 'KXBTC15M', undefined),
      ),
    ).toEqual(['quadratic 1', 'quadratic_with_maker_fees 1', 'quadratic 0.5', 'quadratic 1']);
    expect(feeOf(listed(), fees('event', 'KXBTC15M-26SEP251530', MAKERS))).toEqual(['quadratic 1']);
  });

  test('terms that we cannot reckon with leave the fee unknown, whatever stands below them, until they are replaced', () => {
    expect(
      feeOf(
        listed(),
        fees('event', contract.event, 'unknown'),
        fees('series', 'KXBTC15M', HALF),
        fees('event', contract.event, undefined),
        fees('series', 'KXBTC15M', 'unknown'),
        fees('event', contract.event, MAKERS),
      ),
    ).toEqual(['quadratic 1', 'unknown', 'quadratic 0.5', 'unknown', 'quadratic_with_maker_fees 1']);
  });

  test('an asset without terms of its own leaves the fee unknown until the series or the event tells it', () => {
    const seen: (string | undefined)[] = [];
    of<Input[]>(listed(), fees('series', 'KXBTC15M', HALF), fees('series', 'KXBTC15M', undefined))
      .pipe(contracts([{ ...BTC, fee: undefined }]))
      .subscribe(({ contract: { fee } }) => seen.push(fee?.kind));
    expect(seen).toEqual([undefined, 'quadratic', undefined]);
  });

  test('a listing of a market whose fees changed keeps them', () => {
    expect(feeOf(fees('event', contract.event, MAKERS), listed(), listed({}, { closeAt: 150 }))).toEqual([
      'quadratic_with_maker_fees 1',
      'quadratic_with_maker_fees 1',
    ]);
  });

  test('a session forgets fee terms, a disconnect does not', () => {
    const half = fees('series', 'KXBTC15M', HALF);
    const event = fees('event', contract.event, MAKERS);
    expect(feeOf(half, event, gap('session'), listed())).toEqual(['quadratic 1']);
    expect(feeOf(half, gap('disconnect'), gap('session', 'kraken'), listed())).toEqual(['quadratic 0.5']);
  });

  test('fee terms of a market that was let go are told of nobody', () => {
    expect(feeOf(listed(), listed({ state: 'settled' }), fees('series', 'KXBTC15M', HALF))).toHaveLength(2);
  });
});

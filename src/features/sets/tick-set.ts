import { SECOND } from '../../domain/time.ts';
import type { Feature } from '../feature.ts';
import { VARIANCE_STEP } from '../tick/book-minute.ts';
import { impliedVolatility } from '../tick/implied-volatility.ts';
import type { TickMinute } from '../tick/tick-minute.ts';

const fromBook = (
  name: string,
  unit: string,
  about: string,
  minutes: 0 | 1,
  read: (book: TickMinute['book'], minute: TickMinute) => number,
): Feature<TickMinute> => ({
  name,
  unit,
  source: ['krakenBookChecked'],
  about,
  spanMinutes: minutes,
  warmUpMinutes: minutes,
  read: (minute) => read(minute.book, minute),
});

const imbalances = (levels: 1 | 5 | 10): readonly Feature<TickMinute>[] => {
  const about = `Bid less asked over both, best ${levels === 1 ? 'price' : `${levels} levels`} of Kraken's book`;
  const of = (book: TickMinute['book']) => book[`imbalance${levels}`];
  return [
    fromBook(`depthMean${levels}`, 'share, -1..1', `${about}, mean over the minute`, 1, (book, { at }) =>
      of(book).mean(at),
    ),
    fromBook(`depthLast${levels}`, 'share, -1..1', `${about}, at the close`, 0, (book) => of(book).last()),
  ];
};

const fromTrades = (
  name: string,
  unit: string,
  about: string,
  read: (trades: TickMinute['trades']) => number,
): Feature<TickMinute> => ({
  name,
  unit,
  source: ['spotTrade'],
  about,
  spanMinutes: 1,
  warmUpMinutes: 1,
  read: ({ trades }) => read(trades),
});

function impliedOf({ near, index, unitsPerDollar }: TickMinute): number {
  if (!near || !index) return Number.NaN;
  return impliedVolatility({
    probability: near.above ? near.mid : 1 - near.mid,
    thresholdUnits: near.thresholdUnits,
    indexUnits: index.value * unitsPerDollar,
    indexVariance: index.variance,
    indexAt: index.at,
    closeAt: near.closeAt,
  });
}

/**
 * Features of one minute of Kraken's book and trades, the index and Kalshi's books, in the order of a
 * `TickRow`.
 */
export const tickSet: readonly Feature<TickMinute>[] = [
  fromBook(
    'orderFlow',
    'coins',
    'Order-flow imbalance of the minute at the best prices (Cont, Kukanov, Stoikov 2014)',
    1,
    (book) => book.flow(),
  ),
  ...imbalances(1),
  ...imbalances(5),
  ...imbalances(10),
  fromBook(
    'microprice',
    'basis points',
    'Mid weighted by the quantities across (microprice) less mid, at the close',
    0,
    (book) => book.microprice(),
  ),
  fromBook(
    'spreadMean',
    'basis points',
    'Ask less bid over mid, mean over the minute',
    1,
    ({ spread }, { at }) => spread.mean(at),
  ),
  fromTrades('tradeRate', 'trades per second', "Kraken's trades over the minute", (trades) =>
    trades.perSecond(),
  ),
  fromTrades('signedVolume', 'coins', 'Bought less sold by takers over the minute', (trades) =>
    trades.signedVolume(),
  ),
  fromBook('bookRate', 'messages per second', "Messages of Kraken's book over the minute", 1, (book) =>
    book.updatesPerSecond(),
  ),
  fromBook(
    'midVariance',
    'variance per minute',
    `Realised variance of the log mid over the minute, in steps of ${VARIANCE_STEP / SECOND} seconds`,
    1,
    (book) => book.variance(),
  ),
  {
    name: 'basisMean',
    unit: 'basis points',
    source: ['index', 'krakenBookChecked'],
    about: "The index less Kraken's mid over that mid, mean over the minute; no stand-in for the index",
    spanMinutes: 1,
    warmUpMinutes: 1,
    read: ({ basis, at }) => basis.mean(at),
  },
  {
    name: 'impliedVolatility',
    unit: 'per year, 1 is 100 %',
    source: ['contractBook', 'contract', 'index'],
    about:
      'Volatility at which a normal law gives the mid of the contract nearest the money of the next close',
    spanMinutes: 0,
    warmUpMinutes: 0,
    read: impliedOf,
  },
  {
    name: 'contractDepth',
    unit: 'share, -1..1',
    source: ['contractBook', 'contract', 'index'],
    about: 'Contracts bid less contracts asked over both at the best prices of that contract',
    spanMinutes: 0,
    warmUpMinutes: 0,
    read: ({ near }) =>
      near ? (near.bidCount - near.askCount) / (near.bidCount + near.askCount) : Number.NaN,
  },
];

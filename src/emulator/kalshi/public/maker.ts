import { DOLLAR_TICKS } from '../../../domain/money.ts';
import type { Micros } from '../../../domain/time.ts';
import type { Random } from '../../world/random.ts';
import type { EmulatedContract } from './contract.ts';
import type { KalshiEmission, KalshiLevel } from './emission.ts';
import { type KalshiLadder, kalshiLadder } from './ladder.ts';

/**
 * The habits of trading in a series: events a second at density 1, levels kept at the top, and the usual size
 * in contracts.
 */
interface Habits {
  readonly quotes: number;
  readonly flickers: number;
  readonly takers: number;
  readonly levels: number;
  readonly contracts: number;
}

const QUARTER: Habits = { quotes: 8, flickers: 3, takers: 0.5, levels: 8, contracts: 250 };
const HOURLY: Habits = { quotes: 2, flickers: 0.5, takers: 0.05, levels: 5, contracts: 120 };

/**
 * The narrowest half spread at even odds, in ticks; and the share of the move between two looks that makers
 * add because they react slowly.
 */
const HALF_SPREAD_TICKS = 45;
const SLOWNESS = 0.4;
/** Quotes stay until the fair price has moved by this share of the half spread. */
const PATIENCE = 0.4;

/**
 * One contract's makers and takers, and the book between them. Every action appends the exchange's emissions
 * to `out`.
 */
export interface KalshiMaker {
  readonly contract: EmulatedContract;
  readonly ladder: KalshiLadder;
  readonly habits: Habits;
  /** The tenth of each second in which the ticker is published. */
  readonly tenth: number;
  /** Requotes around a fair price in ticks; `moveTicks` is the deviation of the fair price over a second. */
  readonly quote: (at: Micros, fairTicks: number, moveTicks: number, out: KalshiEmission[]) => void;
  /** Adds to, or takes from, one of the displayed levels near the top. */
  readonly flicker: (at: Micros, out: KalshiEmission[]) => void;
  /** A taker's order, more often towards `fairTicks`. */
  readonly take: (at: Micros, fairTicks: number, out: KalshiEmission[]) => void;
  readonly snapshot: (at: Micros) => KalshiEmission;
  /** The ticker, if anything in it has changed since it was last published. */
  readonly ticker: (at: Micros) => KalshiEmission | undefined;
}

const hex = (random: Random, digits: number) =>
  Math.floor(random.uniform() * 16 ** digits)
    .toString(16)
    .padStart(digits, '0');
const uuid = (random: Random) =>
  `${hex(random, 8)}-${hex(random, 4)}-4${hex(random, 3)}-8${hex(random, 3)}-${hex(random, 6)}${hex(random, 6)}`;

/** Opens a contract with an empty book. */
export function kalshiMaker(contract: EmulatedContract, random: Random): KalshiMaker {
  const habits = contract.kind === 'quarterHour' ? QUARTER : HOURLY;
  const ladder = kalshiLadder(contract.tickBands);
  const { grid } = ladder;
  let quoted = Number.NaN;
  let last: KalshiLevel = { ticks: 0, count: 0 };
  let volume = 0;
  let openInterest = 0;
  let published = '';

  const newCount = () => {
    const contracts = Math.max(1, Math.round(habits.contracts * Math.exp(1.2 * random.normal() - 0.7)));
    return random.uniform() < 0.1 ? contracts * 100 + random.below(100) : contracts * 100;
  };
  const change = (at: Micros, side: 'bid' | 'ask', position: number, by: number, out: KalshiEmission[]) => {
    if (by === 0) return;
    ladder.change(side, position, by);
    out.push({ kind: 'delta', at, contract, side, ticks: grid[position] as number, change: by });
  };
  const top = (side: 'bid' | 'ask'): KalshiLevel | undefined => {
    const position = side === 'bid' ? ladder.bestBid() : ladder.bestAsk();
    const ticks = grid[position];
    return ticks === undefined ? undefined : { ticks, count: ladder.countAt(side, position) };
  };

  return {
    contract,
    ladder,
    habits,
    tenth: random.below(10),
    quote: (at, fairTicks, moveTicks, out) => {
      const odds = 2 * Math.sqrt(Math.max(0, (fairTicks / DOLLAR_TICKS) * (1 - fairTicks / DOLLAR_TICKS)));
      const half = Math.max(3, HALF_SPREAD_TICKS * odds) + (SLOWNESS * moveTicks) / Math.sqrt(habits.quotes);
      if (Math.abs(fairTicks - quoted) < PATIENCE * half) return;
      quoted = fairTicks;
      const bid = Math.min(ladder.floor(fairTicks - half), grid.length - 1);
      const ask = Math.max(ladder.ceil(fairTicks + half), bid + 1, 0);
      for (let i = ladder.bestAsk(); i < ask; i = ladder.bestAsk())
        change(at, 'ask', i, -ladder.countAt('ask', i), out);
      for (let i = ladder.bestBid(); i > bid; i = ladder.bestBid())
        change(at, 'bid', i, -ladder.countAt('bid', i), out);
      for (let i = bid; i > bid - habits.levels && i >= 0; i--)
        if (ladder.countAt('bid', i) === 0) change(at, 'bid', i, newCount(), out);
      for (let i = ask; i < ask + habits.levels && i < grid.length; i++)
        if (ladder.countAt('ask', i) === 0) change(at, 'ask', i, newCount(), out);
    },
    flicker: (at, out) => {
      const side = random.uniform() < 0.5 ? 'bid' : 'ask';
      const deep = random.below(habits.levels);
      const position = side === 'bid' ? ladder.bestBid() - deep : ladder.bestAsk() + deep;
      const held = ladder.countAt(side, position);
      if (held === 0) return;
      // Something is left on the best level: only takers, and makers who move, empty it.
      const part = Math.floor((held * random.uniform()) / 100) * 100;
      change(
        at,
        side,
        position,
        random.uniform() < 0.5 && part < held ? -part : Math.min(newCount(), 500_000),
        out,
      );
    },
    take: (at, fairTicks, out) => {
      const bid = top('bid');
      const ask = top('ask');
      if (!bid && !ask) return;
      const middle = ((bid?.ticks ?? 0) + (ask?.ticks ?? DOLLAR_TICKS)) / 2;
      const buys = random.uniform() < 0.5 + 0.4 * Math.tanh((fairTicks - middle) / 100);
      const resting = buys ? 'ask' : 'bid';
      const contracts = Math.max(1, Math.round(12 * Math.exp(1.6 * random.normal())));
      let left = random.uniform() < 0.3 ? contracts * 100 - random.below(100) : contracts * 100;
      for (let n = 0; left > 0 && n < 2; n++) {
        const position = resting === 'ask' ? ladder.bestAsk() : ladder.bestBid();
        const level = top(resting);
        if (!level) return;
        const count = Math.min(left, level.count);
        out.push({
          kind: 'trade',
          at,
          contract,
          tradeId: uuid(random),
          taker: buys ? 'bid' : 'ask',
          ticks: level.ticks,
          count,
        });
        change(at, resting, position, -count, out);
        last = { ticks: level.ticks, count };
        volume += 2 * count;
        openInterest = Math.max(0, openInterest + (random.uniform() < 0.75 ? 2 * count : -2 * count));
        left -= count;
        // An emptied level is quoted again at the makers' next look.
        quoted = Number.NaN;
      }
    },
    snapshot: (at) => ({
      kind: 'snapshot',
      at,
      contract,
      bids: ladder.levels('bid'),
      asks: ladder.levels('ask'),
    }),
    ticker: (at) => {
      const bid = top('bid');
      const ask = top('ask');
      const now = `${bid?.ticks} ${bid?.count} ${ask?.ticks} ${ask?.count} ${volume}`;
      if (now === published) return undefined;
      published = now;
      return { kind: 'ticker', at, contract, last, bid, ask, volume, openInterest };
    },
  };
}

import { type Cash, cash } from '../domain/money.ts';
import { DAY, type Micros } from '../domain/time.ts';

/** Days since the epoch, UTC. */
export const dayOf = (at: Micros): number => Math.floor(at / DAY);

/** Adds profit or loss to its UTC day. */
export const realise = (
  byDay: ReadonlyMap<number, Cash>,
  at: Micros,
  pnl: number,
): ReadonlyMap<number, Cash> => {
  if (pnl === 0) return byDay;
  const day = dayOf(at);
  return new Map(byDay).set(day, cash((byDay.get(day) ?? 0) + pnl));
};

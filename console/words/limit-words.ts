import type { LimitUse } from '../../src/console/state.ts';
import { decimal, dollars } from './format.ts';

const numbers: Readonly<Record<LimitUse['unit'], (value: number) => string>> = {
  dollars: (value) => dollars(value),
  contracts: (value) => decimal(value, Number.isInteger(value) ? 0 : 2),
  orders: (value) => decimal(value, 0),
  ordersPerMinute: (value) => decimal(value, 0),
};

const units: Readonly<Record<LimitUse['unit'], string>> = {
  dollars: '',
  contracts: ' contracts',
  orders: ' orders',
  ordersPerMinute: ' a minute',
};

/** A limit's use in words: `$12.30` and `of $50.00`. */
export const limitWords = ({ unit, used, limit }: LimitUse): readonly [used: string, of: string] => [
  numbers[unit](used),
  `of ${numbers[unit](limit)}${units[unit]}`,
];

/** How full a limit is, from 0; 1 where the limit is 0 and anything is used. */
export const limitShare = ({ used, limit }: LimitUse): number =>
  limit > 0 ? Math.max(0, used) / limit : used > 0 ? 1 : 0;

/** Calm below four fifths, a warning from there, bad from the limit on. */
export const limitTone = (share: number): 'calm' | 'warn' | 'bad' =>
  share >= 1 ? 'bad' : share >= 0.8 ? 'warn' : 'calm';

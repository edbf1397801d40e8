import { age, cents, contracts, decimal, dollars, UNKNOWN } from './format.ts';

type Words = (value: number) => string;

const inCents: Words = (dollarsEach) => `${decimal(100 * dollarsEach, 1)} ¢`;
const inTicks: Words = (ticks) => `${cents(ticks)} ¢`;

/** What the numbers of a check are. One that is not here is told by its bare numbers. */
const UNITS: Readonly<Record<string, Words>> = {
  krakenBookFresh: age,
  krakenFresh: age,
  kalshiFresh: age,
  indexFresh: age,
  clockTrue: age,
  forecastFresh: age,
  toCloseMin: age,
  toCloseMax: age,
  bookFresh: age,
  cooldown: age,
  spread: inTicks,
  priceBand: inTicks,
  fairCollar: inTicks,
  midCollar: inTicks,
  touchDepth: contracts,
  orderSize: contracts,
  position: contracts,
  edge: inCents,
  quoteEdge: inCents,
  closeLoss: dollars,
  totalLoss: dollars,
  dayLoss: dollars,
  collateral: dollars,
};

/** What a check saw, or its limit, with its unit. */
export function checkNumber(check: string, value: number | null): string {
  if (value === null) return UNKNOWN;
  const words = UNITS[check];
  if (words) return words(value);
  return decimal(value, Number.isInteger(value) ? 0 : Math.abs(value) < 1 ? 4 : 2);
}

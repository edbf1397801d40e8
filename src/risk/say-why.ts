import { clockTime } from '../domain/clock-time.ts';
import type { Decision, Finding } from '../domain/events/decision.ts';
import { DOLLAR_TICKS } from '../domain/money.ts';
import { checkTitle } from './check-title.ts';
import { reasonsOf } from './reasons-of.ts';

type Known = Finding['observed'];

const signed = (value: number, text: string): string => (value < 0 ? `−${text}` : text);
const centsOf = (dollars: Known): string =>
  dollars === null ? '–' : signed(dollars, `${Math.abs(100 * dollars).toFixed(1)} ¢`);
const dollarsOf = (value: Known): string =>
  value === null ? '–' : signed(value, `$${Math.abs(value).toFixed(2)}`);
const span = (micros: Known): string => {
  if (micros === null) return '–';
  const seconds = micros / 1_000_000;
  return seconds < 120 ? `${Number(seconds.toFixed(1))} s` : `${Math.round(seconds / 60)} min`;
};
const contracts = (count: Known): string => (count === null ? '–' : `${count / 100}`);
const priceOf = (ticks: number): string => `${Number((ticks / 100).toFixed(2))} ¢`;
const plainly = (value: Known): string => (value === null ? '–' : `${Number(value.toFixed(3))}`);
const ticksOf = (ticks: Known): string => (ticks === null ? '–' : priceOf(ticks));

type Words = (finding: Finding) => string;

const silent =
  (who: string): Words =>
  ({ observed, limit }) =>
    observed === null
      ? `nothing has come of ${who}`
      : `${who} is silent for ${span(observed)}, more than ${span(limit)}`;

/** What an operator reads for a check that refuses. A check that is not here is told by its numbers. */
const WORDS: Readonly<Record<string, Words>> = {
  killSwitch: () => 'the operator has halted trading',
  exchangeOpen: () => 'the exchange is paused',
  krakenBookFresh: silent("Kraken's book"),
  krakenFresh: silent('Kraken'),
  kalshiFresh: silent('Kalshi'),
  indexFresh: silent('the index'),
  indexKnown: () => 'the index is not known',
  clockTrue: ({ observed, limit }) =>
    observed === null
      ? "our clock and the venues' are not known to agree"
      : `our clock is ${span(observed)} off a venue's, more than ${span(limit)}`,
  indexUndisputed: () => 'a print of the index is held back: no spot venue shows its jump',
  indexSources: ({ observed, limit }) =>
    `only ${observed ?? 0} of ${limit ?? '–'} independent sources support the index`,
  indexAgrees: ({ observed, limit }) =>
    observed === null || limit === null
      ? 'the index cannot be held against the spot venues'
      : `the index is ${observed.toFixed(1)} bp off the spot venues, more than ${limit.toFixed(1)} bp`,
  spotsAgree: ({ observed }) => `${observed ?? 'some'} spot venues are far from the others`,
  reconciled: ({ observed }) => `${observed ?? 'some'} differences of the account are not resolved`,
  warm: ({ observed, limit }) => `${observed ?? 0} of ${limit ?? '–'} minutes of history`,
  forecastFresh: ({ observed }) =>
    observed === null ? 'there is no forecast' : `the forecast is ${span(observed)} old`,
  forecastUsable: () => 'the forecast does not reach to the close',
  priced: () => 'it cannot be priced now',
  contractActive: () => 'it is not open for trading',
  contractTerms: () => 'its terms are not complete',
  toCloseMin: ({ observed, limit }) => `closes in ${span(observed)}, less than ${span(limit)}`,
  toCloseMax: ({ observed, limit }) => `closes in ${span(observed)}, more than ${span(limit)}`,
  bookIntact: () => 'its book is not whole',
  bookFresh: silent('its book'),
  twoSided: () => 'one side of its book is empty',
  spread: ({ observed, limit }) => `spread ${ticksOf(observed)}, more than ${ticksOf(limit)}`,
  touchDepth: ({ observed, limit }) => `only ${contracts(observed)} on offer, less than ${contracts(limit)}`,
  takeAllowed: () => 'orders that take are turned off',
  edge: ({ observed, limit }) => {
    if (observed === null || limit === null) return 'its edge is not known';
    return observed > 0
      ? `edge ${centsOf(observed)} is inside its error of ${centsOf(limit)}`
      : `no edge: ${centsOf(observed)} after the fee`;
  },
  tickGrid: () => 'the price is not on its grid',
  priceBand: ({ observed }) => `${ticksOf(observed)} is too near to certainty`,
  fairCollar: ({ observed, limit }) =>
    observed === null
      ? 'its fair price is not known'
      : `price ${ticksOf(observed)} off our own, more than ${ticksOf(limit)}: too good to be true`,
  midCollar: ({ observed, limit }) =>
    observed === null
      ? 'its book has no middle'
      : `price ${ticksOf(observed)} off the middle, more than ${ticksOf(limit)}`,
  orderSize: ({ observed }) => (observed === null ? 'nothing to buy' : 'the order is too large'),
  position: ({ observed, limit }) =>
    `position would be ${contracts(observed)}, more than ${contracts(limit)}`,
  closeLoss: ({ observed, limit }) =>
    `this close could lose ${dollarsOf(observed)}, limit ${dollarsOf(limit)}`,
  totalLoss: ({ observed, limit }) => `all could lose ${dollarsOf(observed)}, limit ${dollarsOf(limit)}`,
  dayLoss: ({ observed, limit }) => `the day could lose ${dollarsOf(observed)}, limit ${dollarsOf(limit)}`,
  collateral: () => 'too little cash',
  orderRate: ({ limit }) => `${limit ?? '–'} orders a minute is the limit`,
  ordersOpen: ({ limit }) => `${limit ?? '–'} open orders is the limit`,
  duplicate: () => 'an order of this side is open',
  cooldown: ({ observed, limit }) => `last order ${span(observed)} ago, next after ${span(limit)}`,
};

/** What a number of a check is, and how it is written; a check that is not here is a yes or no. */
const HOLDS: Readonly<Record<string, readonly [name: string, written: (value: Known) => string]>> = {
  clockTrue: ["our clock against the venues'", span],
  krakenBookFresh: ["age of Kraken's book", span],
  krakenFresh: ['age of Kraken', span],
  kalshiFresh: ['age of Kalshi', span],
  indexFresh: ['age of the index', span],
  indexAgrees: ['index off the spot venues', (points) => (points === null ? '–' : `${points.toFixed(1)} bp`)],
  indexSources: ['sources of the index', plainly],
  warm: ['minutes of history', plainly],
  forecastFresh: ['age of the forecast', span],
  toCloseMin: ['to the close', span],
  toCloseMax: ['to the close', span],
  bookFresh: ['age of its book', span],
  spread: ['spread', ticksOf],
  touchDepth: ['on offer', contracts],
  edge: ['edge', centsOf],
  priceBand: ['price', ticksOf],
  fairCollar: ['price off our own', ticksOf],
  midCollar: ['price off the middle', ticksOf],
  orderSize: ['order', contracts],
  position: ['position', contracts],
  closeLoss: ['worst of this close', dollarsOf],
  totalLoss: ['worst of all', dollarsOf],
  dayLoss: ['worst of the day', dollarsOf],
  collateral: ['cash left', dollarsOf],
  orderRate: ['orders lately', plainly],
  ordersOpen: ['open orders', plainly],
  cooldown: ['since the last order', span],
};

const MOST_MORE = 2;

/** What a check that refuses found, in words with its numbers, such as `spread 8 ¢, more than 6 ¢`. */
export const wordsOf = (finding: Finding): string => {
  const { check, observed, limit } = finding;
  return (
    WORDS[check]?.(finding) ??
    (observed === null ? `${check} is not known` : `${check} ${observed}, limit ${limit ?? '–'}`)
  );
};

/**
 * One finding in words: why it refuses, as in `sayWhy`, or else what was measured and its limit, such as
 * `spread 2 ¢, limit 6 ¢`.
 */
export function sayFinding(finding: Finding): string {
  const { check, observed, limit, headroom, note } = finding;
  if (headroom === null || headroom < 0)
    return note === undefined ? wordsOf(finding) : `${wordsOf(finding)} (${note})`;
  const [name, written] = HOLDS[check] ?? [];
  return name === undefined || written === undefined || observed === null
    ? 'holds'
    : `${name} ${written(observed)}, limit ${written(limit)}`;
}

const bought = (side: 'bid' | 'ask'): string => (side === 'bid' ? 'YES' : 'NO');
const paid = (side: 'bid' | 'ask', ticks: number): string =>
  priceOf(side === 'bid' ? ticks : DOLLAR_TICKS - ticks);

/**
 * A decision's reason as one sentence for people: the first check that refuses with its numbers, then what
 * would change the verdict, such as `edge 1.2 ¢ is inside its error of 1.9 ¢; would buy YES at 31 ¢ or less`.
 * Edges are after the fee, prices are what the side itself costs.
 */
export function sayWhy({ verdict, proposal, findings, failing, wouldChange }: Decision): string {
  const { side, limitTicks, count, edgeDollars } = proposal;
  if (verdict === 'approved')
    return `buys ${contracts(count)} ${bought(side)} at ${paid(side, limitTicks)}: edge ${centsOf(edgeDollars)} after the fee`;
  const reasons = reasonsOf({ failing, findings });
  const refused = reasons.map(
    (check) =>
      findings.find((finding) => finding.check === check) ?? {
        check,
        observed: null,
        limit: null,
        headroom: null,
      },
  );
  const [first, ...rest] = refused;
  if (!first) return 'no check was run';
  // What cannot be measured is mostly so because of the first reason.
  const more = rest.filter(({ check, observed }) => observed !== null && check !== 'edge');
  const { priceTicks, at } = wouldChange ?? {};
  return [
    wordsOf(first),
    ...(more.length > 0
      ? [
          `also ${more
            .slice(0, MOST_MORE)
            .map(({ check }) => checkTitle(check))
            .join(', ')}${more.length > MOST_MORE ? ' …' : ''}`,
        ]
      : []),
    ...(priceTicks !== undefined && reasons.every((check) => check === 'edge')
      ? [`would buy ${bought(side)} at ${paid(side, priceTicks)} or less`]
      : []),
    ...(at === undefined ? [] : [`not before ${clockTime(at)}`]),
  ].join('; ');
}

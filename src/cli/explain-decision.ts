import type { AccountAt, RunEvent } from '../../pipelines/run/account-at.ts';
import { clockTime } from '../domain/clock-time.ts';
import type { Decision } from '../domain/events/decision.ts';
import type { Known } from '../domain/known.ts';
import { DOLLAR_TICKS, MICRO_DOLLARS } from '../domain/money.ts';
import { MINUTE, type Micros, SECOND } from '../domain/time.ts';
import { costOf } from '../portfolio/cost.ts';
import type { CheckWorth } from '../risk/checks-worth.ts';
import { findingNumber, findingNumbers } from '../risk/finding-numbers.ts';
import { reasonsOf } from '../risk/reasons-of.ts';
import { sayWhy, wordsOf } from '../risk/say-why.ts';
import { orderLines } from './order-lines.ts';

const OLD = MINUTE;
const short = (value: number, digits: number): string => String(Number(value.toFixed(digits)));
const dollars = (value: number): string => `${value < 0 ? '−' : ''}$${Math.abs(value).toFixed(2)}`;
const percent = (value: Known, digits = 1): string =>
  value === null ? 'not known' : `${short(100 * value, digits)} %`;
const cents = (ticks: number): string => `${short(ticks / 100, 2)} ¢`;
const buys = (side: 'bid' | 'ask'): string => (side === 'bid' ? 'YES' : 'NO');
const pays = (side: 'bid' | 'ask', ticks: number): string =>
  cents(side === 'bid' ? ticks : DOLLAR_TICKS - ticks);
const plural = (count: number, word: string): string => `${count} ${word}${count === 1 ? '' : 's'}`;

/** A span of time in words, such as `0.9 s` or `12 min`. */
export const spanText = (micros: Micros): string => {
  if (micros < 2 * MINUTE) return `${short(micros / SECOND, 1)} s`;
  return micros < 120 * MINUTE
    ? `${Math.round(micros / MINUTE)} min`
    : `${short(micros / (60 * MINUTE), 1)} h`;
};

/** A position in words: `5 YES`, `2.5 NO` or `nothing`. */
const heldText = (position: number): string =>
  position === 0 ? 'nothing' : `${short(Math.abs(position) / 100, 2)} ${position > 0 ? 'YES' : 'NO'}`;

const found = ({ findings }: Decision, name: string): Known =>
  findings.find(({ check }) => check === name)?.observed ?? null;
const limitOf = ({ findings }: Decision, name: string): Known =>
  findings.find(({ check }) => check === name)?.limit ?? null;

/** When the contract closes, by the decision's own finding; undefined where it had no terms. */
export const closeOf = (decision: Decision): Micros | undefined => {
  const left = found(decision, 'toCloseMin');
  return left === null ? undefined : decision.at + left;
};

/**
 * Cash that was free before the proposal, in dollars: what the check of collateral found would be left, and
 * what the proposal would have taken. Undefined where the check could not know.
 */
export function freeCash(decision: Decision): number | undefined {
  const left = found(decision, 'collateral');
  const { side, limitTicks, count, feeDollars } = decision.proposal;
  if (left === null || !Number.isFinite(limitTicks)) return undefined;
  // As in portfolio/proposal-account.ts.
  const fee = Math.ceil((feeDollars ?? 0) * count * 100 - 1e-6);
  return left + (count === 0 ? 0 : costOf(side, limitTicks, count) + fee) / DOLLAR_TICKS;
}

const market = (decision: Decision): readonly string[] => {
  const { bidTicks, askTicks, proposal, model } = decision;
  const { indexDollars, volatilityPerYear, volatilityLowPerYear, volatilityHighPerYear, confidence } =
    decision.market;
  const side = (ticks: number | undefined): string => (ticks === undefined ? 'nobody' : cents(ticks));
  const { probability, probabilityError, modelProbability, edgeDollars } = proposal;
  const band =
    volatilityLowPerYear === null || volatilityHighPerYear === null
      ? ''
      : ` (four times of five between ${percent(volatilityLowPerYear, 0)} and ${percent(volatilityHighPerYear, 0)})`;
  return [
    `The market: YES ${side(bidTicks)} bid, ${side(askTicks)} asked; the index ${indexDollars === null ? 'not known' : dollars(indexDollars)}.`,
    `Our view: YES ${percent(probability)} ± ${percent(probabilityError)}, the model alone ${percent(modelProbability)}; volatility ${percent(volatilityPerYear, 0)} a year${band}; confidence ${confidence === null ? 'not told by the model' : short(confidence, 2)}${model === undefined ? '; no forecast' : `, by the ${model}`}.`,
    `The best order: ${proposal.count > 0 ? `${short(proposal.count / 100, 2)} ` : ''}${buys(proposal.side)} at ${pays(proposal.side, proposal.limitTicks)}, edge ${findingNumber('edge', edgeDollars)} a contract after the fee${proposal.count > 0 ? '' : ', of which nothing was worth buying'}.`,
  ];
};

const refusals = (decision: Decision): readonly string[] => {
  const { findings } = decision;
  const reasons = reasonsOf(decision);
  if (reasons.length === 0) return [`All ${findings.length} checks passed.`];
  return [
    `${reasons.length} of ${plural(findings.length, 'check')} refused:`,
    ...findings
      .filter(({ check }) => reasons.includes(check))
      .map((finding) => {
        const numbers = findingNumbers(finding);
        const note = finding.note === undefined ? '' : ` [${finding.note}]`;
        return `  ${finding.check}: ${wordsOf(finding)}${note}${numbers && ` (${numbers})`}`;
      }),
  ];
};

const wouldTurn = (decision: Decision): readonly string[] => {
  const { verdict, wouldChange, proposal } = decision;
  if (verdict === 'approved') return [];
  const { priceTicks, volatilityFactor, at } = wouldChange ?? {};
  const ways = [
    ...(priceTicks === undefined
      ? []
      : [`${buys(proposal.side)} at ${pays(proposal.side, priceTicks)} or less`]),
    ...(volatilityFactor === undefined
      ? []
      : [
          `a volatility ${percent(Math.abs(volatilityFactor - 1))} ${volatilityFactor < 1 ? 'lower' : 'higher'}`,
        ]),
    ...(at === undefined ? [] : [`waiting until ${clockTime(at)}, for the checks that time alone ends`]),
  ];
  const others = reasonsOf(decision).filter((check) => check !== 'edge');
  if (ways.length === 0)
    return ['What would have turned it: no change of the price, the volatility or the time alone.'];
  return [
    `What would have turned it: ${ways.join('; or ')}${others.length > 0 && (priceTicks !== undefined || volatilityFactor !== undefined) ? `, once ${others.join(', ')} ${others.length === 1 ? 'passes' : 'pass'} too` : ''}.`,
  ];
};

const signedCents = (value: number): string => `${value < 0 ? '−' : '+'}${short(Math.abs(100 * value), 1)} ¢`;

/** What the check that refused first cost or saved over the whole run. */
const worth = (decision: Decision, checks: readonly CheckWorth[] | undefined): readonly string[] => {
  const [check] = reasonsOf(decision);
  if (check === undefined) return [];
  if (checks === undefined)
    return [`What ${check} cost or saved is told once the run has ended, in its summary and its report.`];
  const own = checks.find((each) => each.check === check);
  if (!own || own.wouldDollars === null)
    return [
      `What ${check} cost or saved is not known: nothing that it refused first in this run has settled.`,
    ];
  const { refused, settled, hours, wouldDollars, lowDollars, highDollars } = own;
  const known = lowDollars !== null && highDollars !== null;
  return [
    `In this run ${check} refused first ${plural(refused, 'time')}. Of what has settled (${plural(settled, 'decision')}, ${plural(hours ?? 0, 'hour')}) a contract would have made ${signedCents(wouldDollars)}, ${
      known
        ? `95 % interval ${signedCents(lowDollars)} to ${signedCents(highDollars)}: ${
            lowDollars > 0
              ? 'the check cost money'
              : highDollars < 0
                ? 'the check saved money'
                : 'it covers zero, so neither can be said'
          }`
        : 'too few hours for an interval'
    }.`,
  ];
};

const MOST_POSITIONS = 6;
const account = (
  decision: Decision,
  { positions, dayPnl, fees }: AccountAt,
  isLive: boolean,
): readonly string[] => {
  const others = [...positions].filter(([ticker]) => ticker !== decision.ticker);
  const cash = freeCash(decision);
  const loss = (name: string): string => {
    const value = found(decision, name);
    const limit = limitOf(decision, name);
    if (value === null) return 'not known';
    const of = limit === null ? '' : ` of ${dollars(limit)} allowed`;
    return value > 0 ? `${dollars(value)}${of}` : `nothing${of}`;
  };
  return [
    `The account then: ${heldText(positions.get(decision.ticker) ?? 0)} of this contract${
      others.length === 0
        ? ', nothing else'
        : `; elsewhere ${others
            .slice(0, MOST_POSITIONS)
            .map(([ticker, held]) => `${heldText(held)} of ${ticker}`)
            .join(
              ', ',
            )}${others.length > MOST_POSITIONS ? ` and ${plural(others.length - MOST_POSITIONS, 'position')} more` : ''}`
    }.`,
    `  Free cash ${cash === undefined ? 'not known' : dollars(cash)}; ${dollars(dayPnl / DOLLAR_TICKS)} realised that day, ${dollars(fees / MICRO_DOLLARS)} paid in fees until then.`,
    `  At worst, with this order filled: this close loses ${loss('closeLoss')}, everything ${loss('totalLoss')}, the day ${loss('dayLoss')}.`,
    ...(isLive
      ? ['  Positions are those of this run; what the account held before it is in its journal.']
      : []),
  ];
};

/** All that a run's files say of a decision and its time. */
export interface Explained {
  readonly decision: Decision;
  /** The time that was asked for; undefined for the latest. */
  readonly at: Micros;
  readonly account: AccountAt;
  readonly steps: readonly RunEvent[];
  /** In words, how far around the time orders were looked for. */
  readonly around: string;
  readonly isLive: boolean;
  /** What the run's checks were worth; undefined for a run without a summary. */
  readonly checks: readonly CheckWorth[] | undefined;
}

/** What refusing this one decision cost or saved, by its settlement; nothing for an approval or a price that is not known. */
const hindsight = (
  { verdict, proposal, failing }: Decision,
  result: RunEvent['result'],
): readonly string[] => {
  const { side, limitTicks, feeDollars } = proposal;
  if (verdict === 'approved' || (result !== 'yes' && result !== 'no')) return [];
  if (feeDollars === null || !(limitTicks > 0 && limitTicks < DOLLAR_TICKS)) return [];
  const paid = side === 'bid' ? limitTicks : DOLLAR_TICKS - limitTicks;
  const won = (result === 'yes') === (side === 'bid') ? DOLLAR_TICKS : 0;
  const would = (won - paid) / DOLLAR_TICKS - feeDollars;
  return [
    `In hindsight: a contract of ${buys(side)}, filled at its limit, would have made ${signedCents(would)} after the fee, so ${failing.join(', ')} ${would > 0 ? 'cost' : 'saved'} that much. One outcome says nothing of the check.`,
  ];
};

const outcome = (decision: Decision, settlement: RunEvent | undefined): readonly string[] =>
  settlement
    ? [
        `It settled ${settlement.result} at ${clockTime(settlement.at)}${settlement.valueDollars === undefined ? '' : ` at ${dollars(settlement.valueDollars)}`}${settlement.position ? `: ${heldText(settlement.position)} held, ${dollars((settlement.pnl ?? 0) / DOLLAR_TICKS)} after fees` : ', nothing held'}.`,
        ...hindsight(decision, settlement.result),
      ]
    : [];

/**
 * The answer in sentences: verdict and reason, how old the decision was, the market and our view, every check
 * that refused with its distance, what would have turned it, the account, the orders and what became of them.
 */
export function explainDecision(explained: Explained): readonly string[] {
  const { decision, at, steps, around } = explained;
  const age = at - decision.at;
  const close = closeOf(decision);
  const closed = close !== undefined && at >= close;
  const did = decision.verdict === 'approved' ? 'an order was approved' : 'no order was sent';
  return [
    closed
      ? `${decision.ticker} had closed at ${clockTime(close)}, ${spanText(at - close)} before ${clockTime(at)}: nothing could be traded. The last decision on it was: ${did}.`
      : `${decision.ticker} at ${clockTime(at)} UTC: ${did}.`,
    `Why: ${sayWhy(decision)}.`,
    `The decision in force was number ${decision.id}, made at ${clockTime(decision.at)}${age > 0 ? `, ${spanText(age)} before` : ''}${close === undefined ? '' : `; the contract ${closed ? 'closed' : 'closes'} at ${clockTime(close)}`}.`,
    ...(age > OLD && !closed
      ? [
          `That is old: in ${spanText(age)} nothing led to a new decision. A feed may have been silent, or the run was not running; the numbers below are of then.`,
        ]
      : []),
    ...market(decision),
    ...refusals(decision),
    ...wouldTurn(decision),
    ...worth(decision, explained.checks),
    ...account(decision, explained.account, explained.isLive),
    ...(steps.length === 0
      ? [`Orders and fills of this contract within ${around}: none.`]
      : [
          `Orders of this contract within ${around}, and what became of them:`,
          ...orderLines(steps, at).map((line) => `  ${line}`),
        ]),
    ...outcome(decision, explained.account.settlement),
  ];
}

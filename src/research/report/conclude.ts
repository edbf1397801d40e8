import type { TradedReport } from './run-report.ts';

/** What a conclusion needs to know. */
export interface Concluded
  extends Pick<TradedReport, 'equity' | 'fills' | 'openFills' | 'closes' | 'deflated'> {
  readonly mark: string;
  readonly end: 'finished' | 'failed' | 'killed' | 'open';
  /** Sentence of the score against the market; undefined where nothing has settled. */
  readonly score: string | undefined;
}

const SURE = 0.95;

const dollars = (value: number): string => `${value < 0 ? '−' : ''}$${Math.abs(value).toFixed(2)}`;
const many = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`;

const ENDS = {
  finished: [],
  failed: ['The run failed before its end; this is what it had done by then.'],
  killed: ['The run was killed before its end; this is what it had done by then.'],
  open: ['The run has no end yet: it is running, or it was killed.'],
} as const;

function profit({ equity, fills, openFills, closes, deflated }: Concluded): string {
  const last = equity.at(-1);
  if (!last)
    return fills === 0
      ? 'Nothing can be concluded about profit: nothing was traded.'
      : `Nothing can be concluded about profit: none of ${many(fills, 'fill')} has settled.`;
  const open = openFills === 0 ? '' : `; ${many(openFills, 'fill')} not settled and not counted`;
  const made = `${dollars(last.total)} over ${many(closes, 'close')} in ${many(last.blocks, 'hour')}`;
  if (last.low === null || last.high === null)
    return `Nothing can be concluded about profit: ${made} are too few for an interval${open}.`;
  const interval = `${made}, 95 % interval ${dollars(last.low)} to ${dollars(last.high)}${open}`;
  if (last.high < 0) return `A loss is shown: ${interval}.`;
  if (last.low <= 0) return `Neither profit nor loss is shown: ${interval}, which covers zero.`;
  const { deflated: sure, trials, doubt } = deflated;
  const tried = `${doubt === undefined ? '' : 'at least '}${many(trials, 'trial')}`;
  return sure !== null && sure >= SURE
    ? `A profit is shown for this time: ${interval}; it is more than luck gives the best of ${tried} (deflated Sharpe ratio ${sure.toFixed(3)}). Another time may be otherwise.`
    : `No profit is shown beyond luck: ${interval}, but the best of ${tried} without skill may show as much (deflated Sharpe ratio ${sure === null ? 'not known' : sure.toFixed(3)}, less than ${SURE}).`;
}

/**
 * What a run lets one conclude and what not, in a few sentences: how real it was, whether it ended, profit, and the model
 * against the market.
 */
export function conclude(of: Concluded): string {
  return [
    ...(of.mark === 'SIMULATED'
      ? ['This market was emulated (SIMULATED): nothing follows for a real one.']
      : []),
    ...ENDS[of.end],
    profit(of),
    of.score === undefined
      ? 'Whether the model is better than the market cannot be said: nothing that it priced has settled.'
      : `Is the model better than the market? ${of.score.charAt(0).toUpperCase()}${of.score.slice(1)}.`,
  ].join(' ');
}

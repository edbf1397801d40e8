import type { Decision } from '../domain/events/decision.ts';
import type { Point } from './point.ts';
import { point, seriesOf } from './typed-point.ts';

/** A decision's points: one for the decision, and one for each check that refused. */
export const decisionPoints = ({
  at,
  id,
  ticker,
  verdict,
  bidTicks,
  askTicks,
  proposal,
  failing,
  findings,
}: Decision): readonly Point[] => {
  const {
    side,
    limitTicks,
    count,
    modelProbability,
    probability,
    probabilityError,
    edgeDollars,
    feeDollars,
  } = proposal;
  const series = seriesOf(ticker);
  return [
    ...point(
      'decision',
      at,
      { series, verdict, side },
      {
        id,
        ticker,
        bidTicks,
        askTicks,
        limitTicks,
        count,
        modelProbability,
        probability,
        probabilityError,
        edgeDollars,
        feeDollars,
        failing: failing.join(' '),
      },
    ),
    ...findings
      .filter(({ check }) => failing.includes(check))
      .flatMap(({ check, observed, limit, headroom }) =>
        point('refusal', at, { series, check }, { decisionId: id, ticker, observed, limit, headroom }),
      ),
  ];
};

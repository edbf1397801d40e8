import type * as dashboard from '@grafana/grafana-foundation-sdk/dashboard';
import { board } from './board.ts';
import { columns, curve, lines, list } from './panels.ts';
import { latest, overTime } from './query.ts';

/** Whether the forecasts are any good. */
export const quality = (): dashboard.Dashboard =>
  board({
    uid: 'voltage-quality',
    title: 'Forecast quality',
    description: 'Rolling loss of every member against the baseline, reliability, coverage and drift.',
    rows: [
      {
        id: 1,
        title: 'Against the baseline',
        panels: [
          lines({
            id: 2,
            title: 'Loss over that of the baseline',
            description:
              "Mean QLIKE of each member over the baseline's of the same minutes, at the chosen horizon. Below 1 is better than the baseline; a member that stays above 1 is worth nothing.",
            unit: 'none',
            width: 12,
            steps: ['green', [1, 'red']],
            targets: [
              overTime({
                from: 'quality',
                select: 'mean("ratio")',
                where: [`"minutes" =~ /^$horizon$/`],
                by: ['member'],
                alias: '$tag_member',
              }),
            ],
          }),
          lines({
            id: 3,
            title: 'Drift',
            description:
              'The same ratio as a mean of ten intervals. A line that rises for hours says that the market is no longer the one that the model was trained on.',
            unit: 'none',
            width: 12,
            targets: [
              overTime({
                from: 'quality',
                select: 'moving_average(mean("ratio"), 10)',
                where: [`"minutes" =~ /^$horizon$/`],
                by: ['member'],
                alias: '$tag_member',
              }),
            ],
          }),
          list({
            id: 4,
            title: 'Members and horizons',
            description:
              'The last numbers of each member at each horizon: forecasts that have come true, mean QLIKE, its ratio to the baseline, and the share of outcomes inside the 10 to 90 % band.',
            unit: 'none',
            units: { coverage: 'percentunit', minutes: 'm' },
            width: 12,
            targets: [
              latest({
                from: 'quality',
                select:
                  '"count" AS "count", "qlike" AS "QLIKE", "ratio" AS "ratio", "coverage" AS "coverage"',
                by: ['member', 'minutes'],
              }),
            ],
          }),
          lines({
            id: 5,
            title: 'Coverage of the band',
            description:
              'Share of outcomes inside the 10 to 90 % band, at the chosen horizon. 80 % is right; less says that the band is too narrow, and every edge measured with it too large.',
            unit: 'percentunit',
            min: 0,
            max: 1,
            width: 12,
            targets: [
              overTime({
                from: 'quality',
                select: 'mean("coverage")',
                where: [`"minutes" =~ /^$horizon$/`],
                by: ['member'],
                alias: '$tag_member',
              }),
            ],
          }),
        ],
      },
      {
        id: 6,
        title: 'Probabilities',
        panels: [
          curve({
            id: 7,
            title: 'Reliability diagram',
            description:
              'Share of contracts that settled YES, by the probability that we gave them, beside the line on which the two are equal. Below that line we were too sure of YES.',
            unit: 'percentunit',
            min: 0,
            max: 1,
            width: 12,
            height: 10,
            x: 'given',
            targets: [
              latest({
                from: 'calibration',
                select: '"meanProbability" AS "given", "shareYes" AS "came", "meanProbability" AS "equal"',
                by: ['bin'],
              }),
            ],
          }),
          columns({
            id: 8,
            title: 'Probabilities by tenth',
            description:
              'How many probabilities of settled contracts lie in each tenth: the diagram says little where there are few.',
            unit: 'short',
            width: 12,
            height: 10,
            x: 'bin',
            targets: [latest({ from: 'calibration', select: '"count" AS "count"', by: ['bin'] })],
          }),
        ],
      },
      {
        id: 11,
        title: 'Against the market',
        panels: [
          lines({
            id: 12,
            title: 'Blend minus middle of the book',
            description:
              'Difference of log-loss over all own decisions whose contracts have settled, and its standard error by close. Below zero the blend was better than the market; less than two standard errors from zero says nothing.',
            unit: 'none',
            width: 12,
            targets: [
              overTime({
                from: 'score',
                select:
                  'mean("blendMinusMid") AS "blend minus middle", mean("standardError") AS "standard error"',
              }),
            ],
          }),
          list({
            id: 13,
            title: 'Score so far',
            description:
              'Log-loss of model, middle and blend, the weight of the model that would have been best with its standard error, and the closes that tell a small advantage from nothing.',
            unit: 'none',
            width: 12,
            targets: [
              latest({
                from: 'score',
                select:
                  '"closes" AS "closes", "modelLogLoss" AS "model", "midLogLoss" AS "middle", "blendLogLoss" AS "blend", "weight" AS "weight", "weightError" AS "its error", "marketsNeeded" AS "closes needed"',
                by: [],
              }),
            ],
          }),
        ],
      },
      {
        id: 9,
        title: 'Against what came',
        panels: [
          lines({
            id: 10,
            title: 'Forecast and realised volatility',
            description:
              'Forecast of the next hour and the realised volatility of the last: the second line follows the first by an hour. A year of 365 days.',
            unit: 'percentunit',
            min: 0,
            width: 24,
            band: ['forecast, high', 'forecast, low'],
            targets: [
              overTime({
                from: 'volatility',
                select:
                  'mean("forecast") AS "forecast", mean("low") AS "forecast, low", mean("high") AS "forecast, high", mean("realised") AS "realised"',
              }),
            ],
          }),
        ],
      },
    ],
  });

import type * as dashboard from '@grafana/grafana-foundation-sdk/dashboard';
import { board } from './board.ts';
import { bars, figure, lines, list, states } from './panels.ts';
import { newest, overTime, summary } from './query.ts';
import { STATE_WORDS } from './state-words.ts';

/** Why the desk is in or out. */
export const decisions = (): dashboard.Dashboard =>
  board({
    uid: 'voltage-decisions',
    title: 'Decisions (why out)',
    description: 'What the desk decided, which checks kept it out, how near it was, and what that was worth.',
    rows: [
      {
        id: 1,
        title: 'In or out',
        panels: [
          figure({
            id: 2,
            title: 'State',
            description:
              'BLIND: it runs and nothing feeds it. HALTED: no order leaves. REDUCE: only orders that make the worst outcome less bad. WATCHING: nothing stands against an order, but no decision is approved. TRADING: an order may leave now.',
            unit: 'none',
            width: 4,
            words: STATE_WORDS,
            targets: [overTime({ from: 'state', select: 'last("code")', alias: 'state' })],
          }),
          states({
            id: 3,
            title: 'State over time',
            description: 'The same word over the time shown.',
            unit: 'none',
            width: 20,
            words: STATE_WORDS,
            targets: [overTime({ from: 'state', select: 'last("code")', alias: 'state', fill: 'previous' })],
          }),
          bars({
            id: 4,
            title: 'Approved and abstained',
            description:
              'Decisions in each interval by verdict. A desk that never abstains is as wrong as one that never trades.',
            unit: 'short',
            width: 8,
            targets: [
              overTime({
                from: 'decision',
                select: 'count("id")',
                by: ['verdict'],
                alias: '$tag_verdict',
                fill: '0',
              }),
            ],
          }),
          bars({
            id: 5,
            title: 'Refusals by check',
            description: 'How often each check refused in each interval. One abstention may fail several.',
            unit: 'short',
            width: 16,
            targets: [
              overTime({
                from: 'refusal',
                select: 'count("decisionId")',
                by: ['check'],
                alias: '$tag_check',
                fill: '0',
              }),
            ],
          }),
        ],
      },
      {
        id: 6,
        title: 'Which check kept it out',
        panels: [
          states({
            id: 7,
            title: 'Abstentions by check',
            description:
              'Decisions that each check refused first. Grey: none in the interval. A row that is full for long says what the desk waits for.',
            unit: 'short',
            width: 24,
            height: 10,
            steps: ['#80808040', [1, 'yellow'], [10, 'orange'], [60, 'red']],
            targets: [
              overTime({
                from: 'abstention',
                select: 'sum("count")',
                by: ['check'],
                alias: '$tag_check',
              }),
            ],
          }),
          list({
            id: 8,
            title: 'What each check cost or saved',
            description:
              'Once contracts have settled: mean profit or loss of one contract, had the refused order been filled at its limit, with its interval. Below 0 the check saved money. An interval that covers 0 says nothing.',
            unit: 'short',
            units: { mean: 'currencyUSD', low: 'currencyUSD', high: 'currencyUSD' },
            width: 12,
            targets: [
              summary({
                from: 'checkWorth',
                select:
                  'last("refused") AS "refused", last("settled") AS "settled", last("wouldDollars") AS "mean", last("lowDollars") AS "low", last("highDollars") AS "high"',
                by: ['check'],
              }),
            ],
          }),
          list({
            id: 9,
            title: 'Nearest misses',
            description:
              'The refusal of each check that came nearest to passing in the time shown, in its own unit: 0 would have passed.',
            unit: 'none',
            width: 12,
            targets: [summary({ from: 'refusal', select: 'max("headroom") AS "headroom"', by: ['check'] })],
          }),
        ],
      },
      {
        id: 10,
        title: 'How near',
        panels: [
          lines({
            id: 11,
            title: 'Edge after fees',
            description:
              'Highest and mean expected profit of one contract of what was proposed, after the exact fee, whatever the verdict.',
            unit: 'currencyUSD',
            width: 12,
            targets: [
              overTime({
                from: 'decision',
                select: 'max("edgeDollars") AS "highest", mean("edgeDollars") AS "mean"',
              }),
            ],
          }),
          lines({
            id: 12,
            title: 'Model, blend and error',
            description:
              "Mean probability of YES: the model's own, after the blend with the market, and the standard deviation of its error. An edge smaller than the error is none.",
            unit: 'percentunit',
            min: 0,
            max: 1,
            width: 12,
            targets: [
              overTime({
                from: 'decision',
                select:
                  'mean("modelProbability") AS "model", mean("probability") AS "blend", mean("probabilityError") AS "error"',
              }),
            ],
          }),
          list({
            id: 13,
            title: 'Latest decisions',
            description: 'The last fifty decisions, newest first, with the checks that refused.',
            unit: 'none',
            units: {
              limit: 'currencyUSD',
              probability: 'percentunit',
              edge: 'currencyUSD',
              fee: 'currencyUSD',
            },
            width: 24,
            height: 12,
            targets: [
              newest(
                {
                  from: 'decision',
                  select:
                    '"id", "ticker", "verdict", "side", "limitTicks" / 10000 AS "limit", "probability", "edgeDollars" AS "edge", "feeDollars" AS "fee", "failing"',
                },
                50,
              ),
            ],
          }),
        ],
      },
    ],
  });

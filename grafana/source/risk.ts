import type * as dashboard from '@grafana/grafana-foundation-sdk/dashboard';
import { board } from './board.ts';
import { bars, curve, figure, gauges, lines, list, stairs } from './panels.ts';
import { newest, overTime, summary } from './query.ts';

/** What is at stake, what is allowed, and what was earned or lost. */
export const risk = (): dashboard.Dashboard =>
  board({
    uid: 'voltage-risk',
    title: 'Risk & P&L',
    description: 'Exposure by settlement value, limits and headroom, equity and drawdown, profit and loss.',
    rows: [
      {
        id: 1,
        title: 'Exposure',
        panels: [
          curve({
            id: 2,
            title: 'Exposure by settlement value',
            description:
              'Profit or loss of everything held on the chosen close, by the value it settles at, as of the last minute. The lowest point of the curve is what can be lost.',
            unit: 'currencyUSD',
            width: 10,
            height: 10,
            x: 'settles at',
            targets: [
              summary({
                from: 'payoff',
                select: 'last("valueDollars") AS "settles at", last("pnlDollars") AS "profit or loss"',
                by: ['step'],
              }),
            ],
          }),
          gauges({
            id: 3,
            title: 'Limits in use',
            description: 'Share of each limit that is used. At 100 % the limit refuses, or halts.',
            unit: 'percentunit',
            min: 0,
            max: 1,
            width: 7,
            height: 10,
            steps: ['green', [0.5, 'yellow'], [0.8, 'orange'], [1, 'red']],
            targets: [
              overTime({
                from: 'limit',
                select: 'last("used") / last("limit")',
                by: ['name'],
                alias: '$tag_name',
              }),
            ],
          }),
          list({
            id: 4,
            title: 'Headroom',
            description: "What is used of each limit and what is left, in the limit's own unit.",
            unit: 'none',
            width: 7,
            height: 10,
            targets: [
              summary({
                from: 'limit',
                select: 'last("used") AS "used", last("limit") AS "limit", last("headroom") AS "left"',
                by: ['name'],
              }),
            ],
          }),
          stairs({
            id: 5,
            title: 'Worst outcome',
            description:
              'Worst profit or loss of everything held and open, over all settlement values: never a guess, always a bound.',
            unit: 'currencyUSD',
            width: 12,
            targets: [
              overTime({
                from: 'account',
                select: 'min("worstDollars")',
                alias: 'worst outcome',
                fill: 'previous',
              }),
            ],
          }),
          stairs({
            id: 6,
            title: 'Positions and orders open',
            description: 'Contracts held, and orders on their way or resting.',
            unit: 'short',
            width: 12,
            targets: [
              overTime({
                from: 'account',
                select: 'last("openPositions") AS "positions", last("openOrders") AS "orders"',
                fill: 'previous',
              }),
            ],
          }),
        ],
      },
      {
        id: 7,
        title: 'Profit and loss',
        panels: [
          figure({
            id: 8,
            title: 'Result of the day',
            description: 'Realised on the UTC day, after fees. A contract counts when it settles.',
            unit: 'currencyUSD',
            width: 4,
            steps: ['red', [0, 'green']],
            targets: [overTime({ from: 'account', select: 'last("dayDollars")', alias: 'day' })],
          }),
          stairs({
            id: 9,
            title: 'Equity and its peak',
            description: 'Cash and open positions at what they cost, and the highest that this was.',
            unit: 'currencyUSD',
            width: 10,
            targets: [
              overTime({
                from: 'account',
                select: 'last("equityDollars")',
                alias: 'equity',
                fill: 'previous',
              }),
              overTime({ from: 'money', select: 'last("peakDollars")', alias: 'peak', fill: 'previous' }),
            ],
          }),
          lines({
            id: 10,
            title: 'Drawdown',
            description: 'The peak of the equity less the equity. The live lane halts at a limit on this.',
            unit: 'currencyUSD',
            min: 0,
            width: 10,
            targets: [overTime({ from: 'money', select: 'max("drawdownDollars")', alias: 'drawdown' })],
          }),
          stairs({
            id: 11,
            title: 'Realised and fees',
            description: 'Since the run began: realised after fees, and the fees.',
            unit: 'currencyUSD',
            width: 8,
            targets: [
              overTime({
                from: 'account',
                select: 'last("realisedDollars") AS "realised", last("feesDollars") AS "fees"',
                fill: 'previous',
              }),
            ],
          }),
          stairs({
            id: 12,
            title: 'Cash, reserved and marked',
            description:
              'Cash, what open orders reserve of it, and what open positions would fetch at the prices of the moment.',
            unit: 'currencyUSD',
            width: 8,
            targets: [
              overTime({
                from: 'account',
                select: 'last("cashDollars") AS "cash", last("reservedDollars") AS "reserved"',
                fill: 'previous',
              }),
              overTime({
                from: 'money',
                select: 'last("markedDollars")',
                alias: 'marked',
                fill: 'previous',
              }),
            ],
          }),
          bars({
            id: 13,
            title: 'Settled',
            description: 'Profit or loss of the contracts that settled in each interval, after fees.',
            unit: 'currencyUSD',
            width: 8,
            targets: [
              overTime({
                from: 'settlement',
                select: 'sum("pnl") / 10000',
                by: ['series'],
                alias: '$tag_series',
                fill: '0',
              }),
            ],
          }),
          list({
            id: 14,
            title: 'Latest settlements',
            description: 'The last fifty contracts that settled, newest first.',
            unit: 'none',
            units: { value: 'currencyUSD', contracts: 'short', paid: 'currencyUSD', result: 'currencyUSD' },
            width: 24,
            targets: [
              newest(
                {
                  from: 'settlement',
                  select:
                    '"ticker", "result" AS "settled", "source", "valueDollars" AS "value", "position" / 100 AS "contracts", "cash" / 10000 AS "paid", "pnl" / 10000 AS "result"',
                },
                50,
              ),
            ],
          }),
        ],
      },
    ],
  });

import type * as dashboard from '@grafana/grafana-foundation-sdk/dashboard';
import { board } from './board.ts';
import { bars, lines, list } from './panels.ts';
import { newest, overTime, summary } from './query.ts';

/** What became of orders. */
export const execution = (): dashboard.Dashboard =>
  board({
    uid: 'voltage-execution',
    title: 'Execution',
    description: 'Orders, fills, their latency and markouts, and paper beside the real venue.',
    rows: [
      {
        id: 1,
        title: 'Orders and fills',
        panels: [
          bars({
            id: 2,
            title: 'Orders by what became of them',
            description:
              'Steps of orders in each interval. `unknown` says that no answer came: the order may have filled.',
            unit: 'short',
            width: 12,
            targets: [
              overTime({
                from: 'order',
                select: 'count("clientOrderId")',
                by: ['state'],
                alias: '$tag_state',
                fill: '0',
              }),
            ],
          }),
          bars({
            id: 3,
            title: 'Contracts filled',
            description: 'Contracts filled in each interval, by who took liquidity.',
            unit: 'short',
            width: 6,
            targets: [
              overTime({
                from: 'fill',
                select: 'sum("count") / 100',
                by: ['liquidity'],
                alias: '$tag_liquidity',
                fill: '0',
              }),
            ],
          }),
          bars({
            id: 4,
            title: 'Fees of fills',
            description: 'Fees of each interval, less rebates.',
            unit: 'currencyUSD',
            width: 6,
            targets: [
              overTime({
                from: 'fill',
                select: 'sum("feeMicroDollars") / 1000000',
                alias: 'fees',
                fill: '0',
              }),
            ],
          }),
          list({
            id: 5,
            title: 'Latest fills',
            description: 'The last fifty fills, newest first. Prices are those of YES.',
            unit: 'none',
            units: { price: 'currencyUSD', contracts: 'short', fee: 'currencyUSD', cash: 'currencyUSD' },
            width: 12,
            targets: [
              newest(
                {
                  from: 'fill',
                  select:
                    '"ticker", "side", "liquidity", "priceTicks" / 10000 AS "price", "count" / 100 AS "contracts", "feeMicroDollars" / 1000000 AS "fee", "cash" / 10000 AS "cash"',
                },
                50,
              ),
            ],
          }),
          list({
            id: 6,
            title: 'Latest orders',
            description: 'The last hundred steps of orders, newest first, and why where one was refused.',
            unit: 'none',
            units: { limit: 'currencyUSD', contracts: 'short' },
            width: 12,
            targets: [
              newest(
                {
                  from: 'order',
                  select:
                    '"clientOrderId", "ticker", "state", "limitTicks" / 10000 AS "limit", "count" / 100 AS "contracts", "why"',
                },
                100,
              ),
            ],
          }),
        ],
      },
      {
        id: 7,
        title: 'How well',
        panels: [
          lines({
            id: 8,
            title: 'Latency of orders',
            description:
              'From the decision to the first answer: half, 95 and 99 of a hundred orders were faster. A venue that slows down fills at worse prices.',
            unit: 'ms',
            min: 0,
            width: 12,
            targets: [50, 95, 99].map((percent) =>
              overTime({
                from: 'orderLatency',
                select: `percentile("ms", ${percent})`,
                where: [`"stage" = 'answered'`],
                alias: `answered, ${percent} %`,
              }),
            ),
          }),
          lines({
            id: 9,
            title: 'Life of orders',
            description:
              'From the decision to the end of the order: half, 95 and 99 of a hundred were shorter.',
            unit: 'ms',
            min: 0,
            width: 12,
            targets: [50, 95, 99].map((percent) =>
              overTime({
                from: 'orderLatency',
                select: `percentile("ms", ${percent})`,
                where: [`"stage" = 'ended'`],
                alias: `ended, ${percent} %`,
              }),
            ),
          }),
          lines({
            id: 10,
            title: 'Markouts',
            description:
              "Middle of the book against the fill's price, in cents, so many seconds after the fill; above 0 is in our favour. Lines that fall with time say that others know more.",
            unit: 'suffix: ¢',
            width: 12,
            targets: [
              overTime({
                from: 'markout',
                select: 'mean("ticks") / 100',
                by: ['seconds'],
                alias: '$tag_seconds s',
              }),
            ],
          }),
          list({
            id: 11,
            title: 'Markouts of the time shown',
            description:
              'Mean and worst of all fills of the time shown, in cents, by seconds after the fill.',
            unit: 'suffix: ¢',
            units: { seconds: 's', fills: 'short' },
            width: 12,
            targets: [
              summary({
                from: 'markout',
                select:
                  'count("ticks") AS "fills", mean("ticks") / 100 AS "mean", min("ticks") / 100 AS "worst"',
                by: ['seconds'],
              }),
            ],
          }),
        ],
      },
      {
        id: 12,
        title: 'Paper beside the real venue',
        panels: [
          bars({
            id: 13,
            title: 'Filled by paper and by the venue',
            description:
              'Contracts that paper and the exchange filled of the same orders. Where paper fills less, its results are a lower bound; where it fills more, they are too good.',
            unit: 'short',
            width: 8,
            targets: [
              overTime({
                from: 'divergence',
                select: 'sum("paperCount") / 100',
                alias: 'paper',
                fill: '0',
              }),
              overTime({
                from: 'divergence',
                select: 'sum("venueCount") / 100',
                alias: 'venue',
                fill: '0',
              }),
            ],
          }),
          lines({
            id: 14,
            title: 'Mean prices',
            description: 'Mean price of the same orders on paper and at the venue.',
            unit: 'currencyUSD',
            width: 8,
            targets: [
              overTime({
                from: 'divergence',
                select: 'mean("paperDollars") AS "paper", mean("venueDollars") AS "venue"',
              }),
            ],
          }),
          lines({
            id: 15,
            title: 'Lives on paper and at the venue',
            description: 'Mean life of the same orders on paper and at the venue.',
            unit: 'ms',
            min: 0,
            width: 8,
            targets: [
              overTime({
                from: 'divergence',
                select: 'mean("paperMs") AS "paper", mean("venueMs") AS "venue"',
              }),
            ],
          }),
        ],
      },
    ],
  });

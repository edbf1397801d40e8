import type * as dashboard from '@grafana/grafana-foundation-sdk/dashboard';
import { board } from './board.ts';
import { curve, heat, lines, list } from './panels.ts';
import { latest, newest, overTime } from './query.ts';

/** What the market does and what is forecast of it. */
export const market = (): dashboard.Dashboard =>
  board({
    uid: 'voltage-market',
    title: 'Market & forecast',
    description: 'Index, forecast cone, volatilities, and the ladder of contracts against our fair value.',
    rows: [
      {
        id: 1,
        title: 'Index and forecast',
        panels: [
          lines({
            id: 2,
            title: 'Index, and where it may be in 15 minutes',
            description:
              'The index by its source: prints are published, the twin is made of spot venues while prints are missing. Shaded: where four of five outcomes lie 15 minutes after the time on the axis.',
            unit: 'currencyUSD',
            width: 14,
            height: 10,
            band: ['90 %', '10 %'],
            targets: [
              overTime({
                from: 'index',
                select: 'mean("valueDollars")',
                by: ['source'],
                alias: '$tag_source',
              }),
              overTime({
                from: 'cone',
                select: 'mean("lowDollars")',
                where: [`"minutesAhead" = '15'`],
                alias: '10 %',
              }),
              overTime({
                from: 'cone',
                select: 'mean("highDollars")',
                where: [`"minutesAhead" = '15'`],
                alias: '90 %',
              }),
            ],
          }),
          curve({
            id: 3,
            title: 'Forecast cone',
            description:
              'The last forecast: bounds within which the index lies with a chance of four in five, by minutes ahead.',
            unit: 'currencyUSD',
            width: 10,
            height: 10,
            x: 'minutesAhead',
            band: ['90 %', '10 %'],
            units: { minutesAhead: 'm' },
            targets: [
              latest({
                from: 'cone',
                select: '"lowDollars" AS "10 %", "highDollars" AS "90 %"',
                by: ['minutesAhead'],
              }),
            ],
          }),
          lines({
            id: 4,
            title: 'Forecast, implied and realised volatility',
            description:
              'A year of 365 days. Shaded: the band of the forecast. Implied comes from the quotes of the contract nearest the money, realised from the last hour. An edge is only there where forecast and implied differ by more than the band.',
            unit: 'percentunit',
            min: 0,
            width: 12,
            band: ['forecast, high', 'forecast, low'],
            targets: [
              overTime({
                from: 'volatility',
                select:
                  'mean("forecast") AS "forecast", mean("low") AS "forecast, low", mean("high") AS "forecast, high", mean("implied") AS "implied", mean("realised") AS "realised"',
              }),
            ],
          }),
          lines({
            id: 5,
            title: 'Forecast by horizon',
            description:
              'Volatility over the next 5, 15, 30 and 60 minutes, a year of 365 days. A term structure that falls says that the present excitement is expected to pass.',
            unit: 'percentunit',
            min: 0,
            width: 12,
            targets: [
              overTime({
                from: 'forecastHorizon',
                select: 'mean("annualisedVolatility")',
                by: ['minutes'],
                alias: '$tag_minutes min',
              }),
            ],
          }),
          lines({
            id: 6,
            title: 'Forecast of the next hour, by model',
            description:
              'The volatility that decisions use, and which model gave it: a change of the model is a change of the line.',
            unit: 'percentunit',
            min: 0,
            width: 12,
            targets: [
              overTime({
                from: 'forecast',
                select: 'last("annualisedVolatility")',
                by: ['model'],
                alias: '$tag_model',
              }),
            ],
          }),
          lines({
            id: 7,
            title: 'Error of the index',
            description:
              'One standard deviation of the index value in basis points: 0 for a published value, growing while the twin is unchecked.',
            unit: 'suffix: bp',
            min: 0,
            width: 12,
            targets: [
              overTime({
                from: 'index',
                select: 'max("errorBasisPoints")',
                by: ['source'],
                alias: '$tag_source',
              }),
            ],
          }),
        ],
      },
      {
        id: 8,
        title: 'Ladder',
        panels: [
          heat({
            id: 9,
            title: 'Fair less mid, by place on the ladder',
            description:
              'Our fair value less the middle of the book, in cents. Choose one series: places of several are averaged. Row 0 is the contract nearest the money. Blue: we think YES is worth more than the market does; red: less. A whole row of one colour is a difference about the strike, a whole column one about the moment.',
            unit: 'suffix: ¢',
            decimals: 1,
            most: 10,
            rows: 'contracts from the money',
            width: 14,
            height: 10,
            targets: [
              overTime({
                from: 'fair',
                select: '(mean("fairTicks") - mean("bidTicks") / 2 - mean("askTicks") / 2) / 100',
                by: ['rank'],
                alias: '$tag_rank',
              }),
            ],
          }),
          list({
            id: 10,
            title: 'Fair value beside the book',
            description:
              'The last prices of each place on the ladder, the error of our fair value, and what is held: NO is negative.',
            unit: 'short',
            units: { bid: 'currencyUSD', ask: 'currencyUSD', fair: 'currencyUSD', error: 'currencyUSD' },
            decimals: 4,
            width: 10,
            height: 10,
            targets: [
              latest({
                from: 'fair',
                select:
                  '"ticker" AS "ticker", "bidTicks" / 10000 AS "bid", "askTicks" / 10000 AS "ask", "fairTicks" / 10000 AS "fair", "fairErrorTicks" / 10000 AS "error", "position" / 100 AS "position"',
                by: ['series', 'rank'],
              }),
            ],
          }),
          lines({
            id: 17,
            title: 'Volatility by the whole ladder',
            description:
              'What the quotes of all strikes of a close together say of its volatility, between the least and the most that they allow, beside the forecast in the same measure.',
            unit: 'percentunit',
            width: 12,
            targets: [
              overTime({
                from: 'ladder',
                select:
                  'mean("volatility") AS "implied", mean("volatilityLow") AS "least", mean("volatilityHigh") AS "most", mean("forecastVolatility") AS "forecast"',
              }),
            ],
          }),
          list({
            id: 18,
            title: 'Quotes that contradict each other',
            description:
              'Bundles of one close that would pay more than they cost after fees, found or gone, with what each costs, the least it pays, how long it was there, and what refuses it.',
            unit: 'none',
            units: { cost: 'currencyUSD', pays: 'currencyUSD', lasted: 'ms' },
            width: 12,
            noValue: 'None',
            targets: [
              newest(
                {
                  from: 'bundle',
                  select:
                    '"state", "legs", "costDollars" AS "cost", "payoffDollars" AS "pays", "lastedMs" AS "lasted", "refusedBy", "contracts"',
                },
                50,
              ),
            ],
          }),
        ],
      },
      {
        id: 11,
        title: 'Microstructure',
        panels: [
          lines({
            id: 12,
            title: 'Imbalance of books',
            description:
              "Bid less asked over both, mean over the minute: 1, 5 and 10 levels of the spot book, and the best prices of the contract nearest the money, at the minute's end. Above 0 more is bid than asked.",
            unit: 'percentunit',
            min: -1,
            max: 1,
            width: 8,
            targets: [
              overTime({
                from: 'tick',
                select:
                  'mean("depthMean1") AS "spot, best", mean("depthMean5") AS "spot, 5 levels", mean("depthMean10") AS "spot, 10 levels", mean("contractDepth") AS "contract, best"',
              }),
            ],
          }),
          lines({
            id: 13,
            title: 'Order flow and trades',
            description:
              'Over the minute: order-flow imbalance at the best prices of the spot book (Cont, Kukanov, Stoikov 2014), and what takers bought less what they sold, in coins.',
            unit: 'suffix: coins',
            width: 8,
            targets: [
              overTime({
                from: 'tick',
                select: 'mean("orderFlow") AS "order flow", mean("signedVolume") AS "bought less sold"',
              }),
            ],
          }),
          lines({
            id: 14,
            title: 'Spread, microprice and basis',
            description:
              'In basis points of the spot mid: the spread, the mid weighted by the quantities across less the mid, and the index less the mid.',
            unit: 'suffix: bp',
            width: 8,
            targets: [
              overTime({
                from: 'tick',
                select:
                  'mean("spreadMean") AS "spread", mean("microprice") AS "microprice", mean("basisMean") AS "index"',
              }),
            ],
          }),
          lines({
            id: 15,
            title: 'Rates of the spot venue',
            description: 'Messages of the spot book and trades, a second, over the minute.',
            unit: 'cps',
            min: 0,
            width: 12,
            targets: [
              overTime({ from: 'tick', select: 'mean("bookRate") AS "book", mean("tradeRate") AS "trades"' }),
            ],
          }),
          list({
            id: 16,
            title: 'Prices in doubt',
            description: 'Prices that no other price bore out: held until one does, confirmed, or dropped.',
            unit: 'none',
            units: { price: 'currencyUSD' },
            width: 12,
            noValue: 'None',
            targets: [
              newest(
                { from: 'priceDoubt', select: '"source", "state", "valueDollars" AS "price", "why"' },
                50,
              ),
            ],
          }),
        ],
      },
    ],
  });

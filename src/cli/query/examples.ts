/** Questions of the kind that operators ask, shown by `voltage query --help` and run by its test. */
export const QUERY_EXAMPLES: readonly { readonly about: string; readonly sql: string }[] = [
  {
    about: 'which check refused first, and how often',
    sql: 'SELECT failing[1] AS first, count(*) AS decisions, round(avg(edgeDollars), 4) AS edge FROM decisions GROUP BY 1 ORDER BY 2 DESC',
  },
  {
    about: 'what each contract brought after fees',
    sql: "SELECT ticker, result, position / 100 AS contracts, pnl / 10000 AS dollars FROM fills WHERE kind = 'settlement' AND position <> 0 ORDER BY 4",
  },
  {
    about: 'minute by minute, the forecast and the index',
    sql: 'SELECT time_bucket(INTERVAL 1 MINUTE, time) AS minute, round(avg(volatilityPerYear), 3) AS volatility, round(avg(indexDollars), 2) AS index FROM decisions GROUP BY 1 ORDER BY 1',
  },
];

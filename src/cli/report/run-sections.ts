import type { RunReport } from '../../../pipelines/research/report-run.ts';
import { bandChart, intervalChart } from './chart.ts';
import { type Html, html, table } from './html.ts';
import { section } from './page.ts';
import { cents, dayTime, dollars, fixed, interval, percent, whole } from './words.ts';

/** The running profit with its band, and what it hangs on. */
export function profitSections({
  equity,
  fills,
  openFills,
  closes,
  sensitivity,
  summary,
}: RunReport): readonly Html[] {
  const last = equity.at(-1);
  return [
    section(
      'Profit and loss',
      last
        ? bandChart(
            equity.map(({ at, total, low, high }) => ({ at: at / 1_000, value: total, low, high })),
            'dollars',
            `Profit of settled contracts: ${dollars(last.total)} at the end`,
            'Running profit of settled contracts after fees, by the hour of the close, UTC. The band is a block bootstrap by hours, 95 %; it begins with the third hour.',
          )
        : html`<p class="none">Nothing has settled.</p>`,
      table(
        ['', ''],
        [
          ['fills', whole(fills)],
          ['closes with a settled fill', whole(closes)],
          ['fills not settled', whole(openFills)],
          ['realised after fees', dollars(summary?.pnlDollars)],
          ['marked, of what is open', dollars(summary?.markedDollars)],
          ['realised and marked', dollars(summary?.totalDollars)],
          ['worst outcome of all that is held', dollars(summary?.worstDollars)],
          ['fees', dollars(summary?.feesDollars)],
        ],
      ),
    ),
    section(
      'What it hangs on',
      html`<p>The same fills, valued under one other assumption, or left out where the order would not have been sent. What would have been bought instead is not known from a run: <code>voltage sweep</code> replays that.</p>`,
      ...(last
        ? [
            intervalChart(
              sensitivity.map(({ what, totalDollars, lowDollars, highDollars }) => ({
                name: what,
                value: totalDollars,
                low: lowDollars,
                high: highDollars,
              })),
              'dollars',
              'Profit under other assumptions',
              'Total profit of settled fills with its interval of 95 %, where there are three hours.',
            ),
          ]
        : []),
      table(
        ['', 'assumption', 'fills', 'total', '95 % interval'],
        sensitivity.map(({ of, what, fills: kept, totalDollars, lowDollars, highDollars }) => [
          of,
          what,
          whole(kept),
          dollars(totalDollars),
          interval(lowDollars, highDollars, dollars),
        ]),
      ),
    ),
  ];
}

/** How much of the best of all trials the profit is. */
export const deflatedSection = ({ deflated: own }: RunReport): Html =>
  section(
    'Luck',
    html`<p>Of many trials the best looks good without any skill. The deflated Sharpe ratio is the probability that the true ratio is above what luck gives the best of all trials of this time (Bailey and López de Prado 2014); from 0.95 on a profit counts as more than luck.</p>`,
    ...(own.doubt === undefined
      ? []
      : [html`<p><strong>The number of trials is only the least:</strong> ${own.doubt}.</p>`]),
    table(
      ['', ''],
      [
        ['Sharpe ratio of an hour', fixed(own.sharpe, 3)],
        ['hours', whole(own.hours)],
        ['trials of this time, this run among them', whole(own.trials)],
        ['trials in the whole ledger', whole(own.allTrials)],
        ['ratio that luck gives the best of them', fixed(own.luck, 3)],
        ['deflated Sharpe ratio', fixed(own.deflated, 3)],
      ],
    ),
  );

const change = (kind: string, amount: number): string =>
  kind === 'price'
    ? `price ${amount.toFixed(1)} ¢ better`
    : kind === 'volatility'
      ? `volatility ${amount.toFixed(1)} % other`
      : `${amount.toFixed(0)} s later`;

/** What each check cost or saved, and which change would have turned what it refused. */
export function checkSections({ summary, nearestRows, nearest }: RunReport): readonly Html[] {
  const checks = summary?.checks ?? [];
  const told = checks.filter(({ wouldDollars }) => wouldDollars !== null);
  return [
    section(
      'What each check cost or saved',
      html`<p>Had what a check refused first been filled at its limit, one contract would have made this. Below zero the check saved money. A contract counts once for a check; the interval is a block bootstrap by hours.</p>`,
      ...(told.length === 0
        ? []
        : [
            intervalChart(
              told.map(({ check, wouldDollars, lowDollars, highDollars }) => ({
                name: check,
                value: 100 * (wouldDollars ?? 0),
                low: lowDollars === null ? null : 100 * lowDollars,
                high: highDollars === null ? null : 100 * highDollars,
              })),
              'cents a contract',
              'What refusals of each check would have made',
              'Left of the line the check saved money. No bar: fewer than three hours have settled.',
            ),
          ]),
      summary === undefined
        ? html`<p class="none">The run has no summary, so this is not known.</p>`
        : table(
            ['check', 'refused first', 'settled', 'hours', 'would have made', '95 % interval'],
            checks.map(({ check, refused, settled, hours, wouldDollars, lowDollars, highDollars }) => [
              check,
              whole(refused),
              whole(settled),
              whole(hours),
              cents(wouldDollars),
              wouldDollars === null ? undefined : interval(lowDollars, highDollars, cents),
            ]),
          ),
    ),
    section(
      'What would have turned it',
      html`<p>The nearest single change that makes an order of a refusal; a contract counts once a minute for a reason. “By none” needs more than one change.</p>`,
      table(
        [
          'first reason',
          'refused',
          'by price',
          'by volatility',
          'by time',
          'by none',
          'median price',
          'median volatility',
          'median time',
        ],
        nearestRows.map(({ reason, refused, turnedBy, cents: price, percent: volatility, seconds }) => [
          reason,
          whole(refused),
          whole(turnedBy.price),
          whole(turnedBy.volatility),
          whole(turnedBy.time),
          whole(refused - turnedBy.price - turnedBy.volatility - turnedBy.time),
          price === undefined ? undefined : `${price.toFixed(1)} ¢`,
          volatility === undefined ? undefined : `${volatility.toFixed(1)} %`,
          seconds === undefined ? undefined : `${seconds.toFixed(0)} s`,
        ]),
      ),
      table(
        ['contract', 'decision', 'at (UTC)', 'would buy', 'nearest change', 'would have made'],
        nearest.map(({ ticker, decisionId, at, side, kind, amount, wouldDollars }) => [
          ticker,
          String(decisionId),
          dayTime(at),
          side === 'bid' ? 'YES' : 'NO',
          change(kind, amount),
          wouldDollars === undefined ? 'not settled' : cents(wouldDollars),
        ]),
        'The refusals that came nearest to an order, one a contract, and what one contract would have made at the price that was refused.',
      ),
    ),
  ];
}

/** How good forecasts were, and what the run saw and did not see. */
export function qualitySections({ summary, decisions, from, until }: RunReport): readonly Html[] {
  const quality = summary?.forecastQuality ?? [];
  const others = quality.filter(({ member, ratio }) => member === 'ensemble' && ratio !== null);
  return [
    section(
      'Forecasts by month and regime',
      html`<p>QLIKE of the forecast variance, beside that of HAR-X over the same minutes: below 1 is better. Calm is a forecast below 25 % a year, wild from 50 %. The band should hold 80 %.</p>`,
      ...(others.length === 0
        ? []
        : [
            intervalChart(
              others.map(({ asset, minutes, month, regime, ratio }) => ({
                name: `${asset} ${minutes} min, ${month}, ${regime}`,
                value: ratio ?? 1,
                low: null,
                high: null,
              })),
              'QLIKE of the ensemble over that of HAR-X',
              'Quality of forecasts',
              'Left of the line the ensemble is better. A run of hours has few independent outcomes.',
              1,
            ),
          ]),
      table(
        ['', 'minutes', 'member', 'month', 'regime', 'outcomes', 'QLIKE', 'of HAR-X', 'in the band'],
        quality.map((row) => [
          row.asset,
          whole(row.minutes),
          row.member,
          row.month,
          row.regime,
          whole(row.count),
          fixed(row.qlike, 4),
          fixed(row.ratio, 3),
          percent(row.coverage),
        ]),
      ),
    ),
    section(
      'Coverage',
      table(
        ['', ''],
        [
          ['from', from],
          ['until', until],
          ['decisions', whole(decisions)],
          ['frames', whole(summary?.frames)],
          ['frames rejected', whole(summary?.rejectedFrames)],
          ['gaps in Kalshi’s sequence', whole(summary?.kalshi?.sequenceGaps)],
          ['holes filled', whole(summary?.recovered)],
          ['results known', whole(summary?.outcomes)],
          ['feeds that were missing', summary?.feedsLacking?.join(', ') || 'none'],
        ],
      ),
      ...[
        ...(summary?.historyDoubted ?? []),
        ...(summary?.lacks ?? []),
        ...(summary?.warnings ?? []),
        ...(summary?.differences ?? []),
      ].map((sentence) => html`<p>${sentence}</p>`),
    ),
  ];
}

/** What the run was made of. */
export const provenanceSection = ({ summary, provenance }: RunReport): Html =>
  section(
    'What it was made of',
    html`<p>SHA-256 of the decisions: <code>${summary?.decisionSha256 ?? 'not known: the run has no summary'}</code></p>`,
    ...(provenance === undefined
      ? [html`<p class="none">The run does not say: an earlier version made it.</p>`]
      : [
          html`<p>voltage-kalshi ${provenance.version}, Node ${provenance.node}.</p>`,
          table(
            ['tape', 'SHA-256'],
            provenance.tapes.map(({ name, sha256 }) => [name, sha256]),
          ),
          table(
            ['models of', 'what', 'SHA-256'],
            provenance.models.map(({ asset, describe, sha256 }) => [asset, describe, sha256]),
          ),
          html`<details><summary>The settings that decide</summary><pre>${JSON.stringify(provenance.settings, undefined, 2)}</pre></details>`,
        ]),
  );

import type { Asked } from './query.ts';

/** An alert rule, before it takes Grafana's form. */
export interface Alarm {
  /** Never changed: Grafana knows the rule by it. */
  readonly uid: string;
  readonly title: string;
  readonly asked: Asked;
  /** How far back the query looks. */
  readonly spanSeconds: number;
  /** Where given, the value of each such interval, and the newest of them counts. */
  readonly each?: string;
  readonly fires: { readonly type: 'gt' | 'lt' | 'within_range'; readonly params: readonly number[] };
  /** How long the condition holds before somebody is told. */
  readonly holds: string;
  readonly severity: 'critical' | 'warning';
  /** What it means, and what to do. */
  readonly summary: string;
  /** The panel that shows it. */
  readonly board: string;
  readonly panel: number;
}

const MINUTE = 60;

/**
 * What a person is told. A lane that is not real (demo, backtest) tells nobody. In the sentences Grafana
 * fills in `.Labels`.
 */
export const ALARMS: readonly Alarm[] = [
  {
    uid: 'voltage-feed-stale',
    title: 'Feed stale',
    asked: { from: 'feed', select: 'last("ageSeconds")', by: ['venue', 'feed'] },
    spanSeconds: 5 * MINUTE,
    fires: { type: 'gt', params: [60] },
    holds: '1m',
    severity: 'warning',
    summary:
      'Nothing came over {{ .Labels.feed }} for more than a minute. Look at the status page of the venue and at your network; docs/live.md, Feed failure.',
    board: 'voltage-operations',
    panel: 8,
  },
  {
    uid: 'voltage-checksum-storm',
    title: 'Checksum storm',
    asked: {
      from: 'gap',
      select: 'count("scope")',
      where: [`"cause" = 'checksum'`],
      by: ['venue'],
    },
    spanSeconds: 5 * MINUTE,
    fires: { type: 'gt', params: [5] },
    holds: '0s',
    severity: 'warning',
    summary:
      'The book of {{ .Labels.venue }} failed its checksum more than five times in five minutes. Its prices are void each time; docs/live.md, Feed failure.',
    board: 'voltage-operations',
    panel: 13,
  },
  {
    uid: 'voltage-reconcile-difference',
    title: 'Reconcile difference',
    asked: { from: 'difference', select: 'count("why")', by: ['about'] },
    spanSeconds: 10 * MINUTE,
    fires: { type: 'gt', params: [0] },
    holds: '0s',
    severity: 'critical',
    summary:
      "The exchange's account is not what our books say, about a {{ .Labels.about }}. Compare both before you resolve it; docs/live.md, Reconcile difference.",
    board: 'voltage-operations',
    panel: 5,
  },
  {
    uid: 'voltage-drawdown',
    title: 'Drawdown',
    asked: { from: 'money', select: 'last("drawdownDollars") / last("peakDollars")' },
    spanSeconds: 10 * MINUTE,
    fires: { type: 'gt', params: [0.05] },
    holds: '0s',
    severity: 'critical',
    summary:
      'Equity is more than 5 % below its peak. Compare the loss with the interval of your paper runs; docs/live.md, Drawdown from the peak.',
    board: 'voltage-risk',
    panel: 10,
  },
  {
    uid: 'voltage-limit-near',
    title: 'Limit nearly used',
    asked: { from: 'limit', select: 'last("used") / last("limit")', by: ['name'] },
    spanSeconds: 5 * MINUTE,
    fires: { type: 'gt', params: [0.8] },
    holds: '2m',
    severity: 'warning',
    summary: 'More than 80 % of the limit {{ .Labels.name }} is used.',
    board: 'voltage-risk',
    panel: 3,
  },
  {
    uid: 'voltage-halt',
    title: 'Halted',
    asked: { from: 'state', select: 'last("code")' },
    spanSeconds: 5 * MINUTE,
    fires: { type: 'within_range', params: [0.5, 1.5] },
    holds: '0s',
    severity: 'critical',
    summary:
      'The lane {{ .Labels.lane }} is halted: no order leaves, and only a person ends it. The runbook in docs/live.md says what to look at.',
    board: 'voltage-operations',
    panel: 3,
  },
  {
    uid: 'voltage-blind',
    title: 'Blind',
    asked: { from: 'state', select: 'last("code")' },
    spanSeconds: 5 * MINUTE,
    fires: { type: 'lt', params: [0.5] },
    holds: '1m',
    severity: 'critical',
    summary: 'The lane {{ .Labels.lane }} runs and nothing feeds it. Look at its feeds and at your network.',
    board: 'voltage-operations',
    panel: 3,
  },
  {
    uid: 'voltage-heartbeat-lost',
    title: 'Heartbeat lost',
    // A lane that wrote within the hour and no longer does; one that never ran has no series.
    asked: { from: 'state', select: 'count("code")' },
    spanSeconds: 60 * MINUTE,
    each: '5m',
    fires: { type: 'lt', params: [1] },
    holds: '2m',
    severity: 'critical',
    summary:
      'The lane {{ .Labels.lane }} wrote nothing for five minutes: it has ended, it hangs, or InfluxDB is not reached. Its supervisor cancels its orders; docs/live.md, Loss of heartbeat.',
    board: 'voltage-operations',
    panel: 2,
  },
  {
    uid: 'voltage-model-drift',
    title: 'Model drift',
    asked: {
      from: 'quality',
      select: 'mean("ratio")',
      where: [`"minutes" = '60'`, `"member" = 'ensemble'`],
      by: ['asset'],
    },
    spanSeconds: 60 * MINUTE,
    fires: { type: 'gt', params: [1.1] },
    holds: '30m',
    severity: 'warning',
    summary:
      'The forecast of {{ .Labels.asset }} is more than 10 % worse than the baseline over the last hour. Look at its members; train again if it stays.',
    board: 'voltage-quality',
    panel: 3,
  },
  {
    uid: 'voltage-sink-dropping',
    title: 'Sink dropping',
    asked: { from: 'sink', select: 'spread("dropped")', by: ['sink'] },
    spanSeconds: 10 * MINUTE,
    fires: { type: 'gt', params: [0] },
    holds: '0s',
    severity: 'warning',
    summary: 'The sink {{ .Labels.sink }} lost points: what you see is not all. Trading goes on without it.',
    board: 'voltage-operations',
    panel: 25,
  },
];

import * as alerting from '@grafana/grafana-foundation-sdk/alerting';
import * as expr from '@grafana/grafana-foundation-sdk/expr';
import { ALARMS, type Alarm } from './alarms.ts';
import { DATASOURCE, FOLDER } from './datasource.ts';
import { influxTarget } from './influx-target.ts';

const EXPRESSION = { type: '__expr__', uid: '__expr__' } as const;
/** Lanes whose trouble is real. */
const LANES = `"lane" =~ /^(live|paper)$/`;
const GROUP = 'voltage';

/** The query of an alarm, one series for each lane. An alert rule knows no variables of a dashboard. */
export function alarmQuery({ asked: { from, select, where = [], by = [] }, each }: Alarm): string {
  const tags = ['lane', ...by].map((tag) => `"${tag}"`).join(', ');
  const conditions = [...where, LANES, '$timeFilter'].join(' AND ');
  const whole = `SELECT ${select} FROM "${from}" WHERE ${conditions} GROUP BY `;
  return each === undefined ? `${whole}${tags} LIMIT 1` : `${whole}time(${each}), ${tags} fill(0) LIMIT 100`;
}

/** The rule in the form of Grafana's own interface: a query, its newest value, and the threshold. */
function rule(alarm: Alarm): alerting.Rule {
  const { uid, title, fires, holds, severity, summary, spanSeconds, board, panel } = alarm;
  const range = { from: spanSeconds, to: 0 };
  return new alerting.RuleBuilder(title)
    .uid(uid)
    .orgID(1)
    .folderUID(FOLDER)
    .ruleGroup(GROUP)
    .condition('C')
    .queries([
      new alerting.QueryBuilder('A')
        .datasourceUid(DATASOURCE.uid)
        .relativeTimeRange(range)
        .model(influxTarget('A', { query: alarmQuery(alarm), format: 'time_series' })),
      new alerting.QueryBuilder('B')
        .datasourceUid(EXPRESSION.uid)
        .relativeTimeRange(range)
        .model(
          new expr.TypeReduceBuilder().datasource(EXPRESSION).refId('B').expression('A').reducer('last'),
        ),
      new alerting.QueryBuilder('C')
        .datasourceUid(EXPRESSION.uid)
        .relativeTimeRange(range)
        .model(
          new expr.TypeThresholdBuilder()
            .datasource(EXPRESSION)
            .refId('C')
            .expression('B')
            .conditions([{ evaluator: { type: fires.type, params: [...fires.params] } }]),
        ),
    ])
    .forDuration(holds)
    .noDataState('OK')
    .execErrState('Error')
    .labels({ severity })
    .annotations({ summary, __dashboardUid__: board, __panelId__: `${panel}` })
    .build();
}

/** All rules in the form of Grafana's own interface. */
export const alertRules = (): readonly alerting.Rule[] => ALARMS.map(rule);

/** The rules as a provisioning file has them, which differs from the interface in names and places. */
export const provisionedRules = (): unknown => ({
  apiVersion: 1,
  groups: [
    {
      orgId: 1,
      name: GROUP,
      folder: FOLDER,
      interval: '1m',
      rules: alertRules().map(
        ({ uid, title, condition, data, for: holds, noDataState, execErrState, labels, annotations }) => ({
          uid,
          title,
          condition,
          dashboardUid: annotations?.['__dashboardUid__'],
          panelId: Number(annotations?.['__panelId__']),
          data,
          for: holds,
          noDataState,
          execErrState,
          labels,
          annotations,
        }),
      ),
    },
  ],
});

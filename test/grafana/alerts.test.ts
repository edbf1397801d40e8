import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { ALARMS } from '../../grafana/source/alarms.ts';
import { contactPoint, notificationPolicy } from '../../grafana/source/alert-contacts.ts';
import { alertRules } from '../../grafana/source/alert-rules.ts';
import { DATASOURCE, FOLDER } from '../../grafana/source/datasource.ts';
import { boards } from './boards.ts';
import { parsed, unknownNames } from './influxql.ts';
import { type FileRule, provisionedRules } from './provisioned-rules.ts';
import { describeSchemas, schemaTroubles } from './schemas.ts';

const read = (path: string): string => readFileSync(`grafana/provisioning/${path}`, 'utf8');
const contacts = parse(read('alerting/contacts.yaml')) as {
  readonly templates: readonly { readonly name: string; readonly template: string }[];
  readonly contactPoints: readonly {
    readonly name: string;
    readonly receivers: readonly { readonly uid: string; readonly settings: Record<string, string> }[];
  }[];
  readonly policies: readonly {
    readonly receiver: string;
    readonly routes: readonly { readonly receiver: string }[];
  }[];
};

/** The same check for the rule that is committed and for one that is broken on purpose. */
function ruleTroubles({
  data,
  condition,
  dashboardUid,
  panelId,
  annotations,
  labels,
}: FileRule): readonly string[] {
  const query = data[0]?.model.query ?? '';
  const asked = parsed(query);
  const ids = data.map(({ refId }) => refId);
  const panel = Object.values(boards)
    .find(({ uid }) => uid === dashboardUid)
    ?.panels.find(({ id }) => id === panelId);
  return [
    ...(asked ? unknownNames(asked).map((name) => `${asked.measurement} has no ${name}`) : ['no query']),
    ...(asked?.by.includes('lane') ? [] : ['no series for each lane']),
    ...(asked?.where.includes('$timeFilter') ? [] : ['no time']),
    ...(/ LIMIT \d+$/.test(query) ? [] : ['no bound']),
    ...(/\$(?!timeFilter)\w/.test(query) ? ['a variable, which rules do not know'] : []),
    ...(panel ? [] : ['no such panel']),
    ...(ids.includes(condition) ? [] : ['its condition is none of its queries']),
    ...data
      .map(({ model }) => model.expression)
      .filter((name) => name !== undefined && !ids.includes(name))
      .map((name) => `an expression over ${name}`),
    ...(annotations['summary']?.endsWith('.') ? [] : ['no summary']),
    // Grafana fills `$NAME` of its environment into these.
    ...(/\$/.test(JSON.stringify([annotations, labels])) ? ['a $ that Grafana would fill in'] : []),
    ...[...(annotations['summary'] ?? '').matchAll(/\.Labels\.(\w+)/g)]
      .filter(([, label = '']) => !asked?.by.includes(label))
      .map(([, label]) => `it has no label ${label}`),
  ];
}

describe('the alert rules', () => {
  test('are those that were asked for, each with a uid of its own', () => {
    expect(provisionedRules.map(({ title }) => title)).toEqual(
      expect.arrayContaining([
        'Feed stale',
        'Checksum storm',
        'Reconcile difference',
        'Drawdown',
        'Halted',
        'Heartbeat lost',
        'Model drift',
        'Sink dropping',
      ]),
    );
    expect(new Set(provisionedRules.map(({ uid }) => uid)).size).toBe(ALARMS.length);
    for (const { uid } of provisionedRules) expect(uid).toMatch(/^voltage-[a-z-]{1,32}$/);
  });

  test.each(provisionedRules.map((rule) => [rule.title, rule] as const))(
    '%s asks the provisioned source for what is written, and leads to a panel',
    (_, rule) => {
      expect(ruleTroubles(rule)).toEqual([]);
      expect(rule.data.map(({ datasourceUid }) => datasourceUid)).toEqual([
        DATASOURCE.uid,
        '__expr__',
        '__expr__',
      ]);
      for (const { model, datasourceUid } of rule.data) expect(model.datasource.uid).toBe(datasourceUid);
      expect(['critical', 'warning']).toContain(rule.labels['severity']);
    },
  );

  test('a rule on another measurement, without a bound, without its panel or with a variable is caught', () => {
    const [rule] = provisionedRules;
    const broken = (change: (query: string) => string): FileRule =>
      ({
        ...rule,
        data: rule?.data.map((each) =>
          each.model.query === undefined
            ? each
            : { ...each, model: { ...each.model, query: change(each.model.query) } },
        ),
      }) as FileRule;
    expect(ruleTroubles(broken((query) => query.replace('"feed" WHERE', '"feeds" WHERE')))).toEqual([
      'feeds has no feeds',
    ]);
    expect(ruleTroubles(broken((query) => query.replace(/ LIMIT \d+$/, '')))).toEqual(['no bound']);
    expect(ruleTroubles(broken((query) => query.replace('$timeFilter', '$lane')))).toEqual([
      'no time',
      'a variable, which rules do not know',
    ]);
    expect(ruleTroubles({ ...(rule as FileRule), panelId: 999 })).toEqual(['no such panel']);
    expect(ruleTroubles({ ...(rule as FileRule), condition: 'D' })).toEqual([
      'its condition is none of its queries',
    ]);
  });
});

describe('what is provisioned', () => {
  test('the data source is asked in InfluxQL for the database that is written, under the uid of the queries', () => {
    expect(parse(read('datasources/voltage.yaml'))).toMatchObject({
      apiVersion: 1,
      datasources: [
        { type: DATASOURCE.type, uid: DATASOURCE.uid, jsonData: { dbName: 'voltage', version: 'InfluxQL' } },
      ],
    });
  });

  test('dashboards come from a folder on the disk and into the folder of the rules', () => {
    expect(parse(read('dashboards/voltage.yaml'))).toMatchObject({
      apiVersion: 1,
      providers: [
        {
          type: 'file',
          folder: FOLDER,
          allowUiUpdates: false,
          options: { path: expect.stringMatching(/^\//) },
        },
      ],
    });
  });

  test('who is told is a contact point that is there, at an address of the environment', () => {
    const [point] = contacts.contactPoints;
    const [policy] = contacts.policies;
    expect(point?.receivers[0]?.settings['url']).toBe('$VOLTAGE_ALERT_URL');
    for (const { receiver } of [policy, ...(policy?.routes ?? [])].filter((each) => each !== undefined))
      expect(receiver).toBe(point?.name);
    const used = [...read('alerting/contacts.yaml').matchAll(/template "([\w.]+)"/g)].map(([, name]) => name);
    expect(used.length).toBeGreaterThan(0);
    const defined = contacts.templates.map(({ template }) => /define "([\w.]+)"/.exec(template)?.[1]);
    expect(defined).toEqual(expect.arrayContaining(used));
  });

  test('no file holds a secret: what is one is named by a variable', () => {
    for (const folder of readdirSync('grafana/provisioning'))
      for (const name of readdirSync(`grafana/provisioning/${folder}`)) {
        const text = read(`${folder}/${name}`);
        for (const [, value = ''] of text.matchAll(/(?:password|token|secret|\burl):\s*(\S+)/gi))
          expect(value).toMatch(/^(\$[A-Z_]+|http:\/\/localhost:8086)$/);
      }
  });
});

describeSchemas("Grafana's own schemas of alerting", () => {
  test.each(alertRules().map((rule) => [rule.title, rule] as const))('%s is a rule', (_, rule) => {
    expect(schemaTroubles('alerting', 'Rule', JSON.parse(JSON.stringify(rule)))).toEqual([]);
  });

  test('contact point and policy are such', () => {
    expect(schemaTroubles('alerting', 'ContactPoint', contactPoint())).toEqual([]);
    expect(schemaTroubles('alerting', 'NotificationPolicy', notificationPolicy())).toEqual([]);
  });

  test('a rule with a state that Grafana does not know is caught', () => {
    const [rule] = alertRules();
    expect(schemaTroubles('alerting', 'Rule', { ...rule, noDataState: 'Fine' })).not.toEqual([]);
    expect(schemaTroubles('alerting', 'ContactPoint', { ...contactPoint(), type: 'pigeon' })).not.toEqual([]);
  });
});

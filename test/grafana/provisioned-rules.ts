import { readFileSync } from 'node:fs';
import { parse } from 'yaml';

/** What tests read of a rule in the provisioning file. */
export interface FileRule {
  readonly uid: string;
  readonly title: string;
  readonly condition: string;
  readonly dashboardUid: string;
  readonly panelId: number;
  readonly for: string;
  readonly noDataState: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly data: readonly {
    readonly refId: string;
    readonly datasourceUid: string;
    readonly model: {
      readonly query?: string;
      readonly expression?: string;
      readonly datasource: { readonly uid: string };
      readonly conditions?: readonly {
        readonly evaluator: { readonly type: string; readonly params: readonly number[] };
      }[];
    };
  }[];
}

const { groups } = parse(readFileSync('grafana/provisioning/alerting/rules.yaml', 'utf8')) as {
  readonly groups: readonly { readonly rules: readonly FileRule[] }[];
};

/** The rules as committed. */
export const provisionedRules: readonly FileRule[] = groups.flatMap(({ rules }) => rules);

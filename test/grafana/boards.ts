import { readdirSync, readFileSync } from 'node:fs';

/** A query as Grafana's InfluxDB source reads it. */
export interface Target {
  readonly refId: string;
  readonly query: string;
  readonly alias?: string;
  readonly resultFormat: string;
  readonly datasource: { readonly uid: string };
}

/** What tests read of a panel. */
export interface Panel {
  readonly id: number;
  readonly type: string;
  readonly title: string;
  readonly description?: string;
  readonly datasource?: { readonly type: string; readonly uid: string };
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  readonly options?: Readonly<Record<string, unknown>>;
  readonly fieldConfig?: {
    readonly defaults: {
      readonly unit?: string;
      readonly min?: number;
      readonly max?: number;
      readonly custom?: unknown;
    };
    readonly overrides: readonly {
      readonly matcher: { readonly id: string; readonly options: string };
      readonly properties: readonly { readonly id: string; readonly value: unknown }[];
    }[];
  };
  readonly targets?: readonly Target[];
}

/** What tests read of a dashboard. */
export interface Dashboard {
  readonly uid: string;
  readonly title: string;
  readonly description?: string;
  readonly editable: boolean;
  readonly timezone: string;
  readonly tags: readonly string[];
  readonly panels: readonly Panel[];
  readonly links: readonly { readonly type: string; readonly title: string; readonly url?: string }[];
  readonly templating: {
    readonly list: readonly {
      readonly name: string;
      readonly type: string;
      readonly query: string;
      readonly datasource?: { readonly uid: string };
    }[];
  };
  readonly annotations: {
    readonly list: readonly {
      readonly name: string;
      readonly datasource: { readonly uid: string };
      readonly target: Target & { readonly textColumn: string; readonly tagsColumn: string };
    }[];
  };
}

const FOLDER = 'grafana/dashboards';

/** The dashboards as committed, by file name. */
export const boards: Readonly<Record<string, Dashboard>> = Object.fromEntries(
  readdirSync(FOLDER)
    .sort()
    .map((name) => [name, JSON.parse(readFileSync(`${FOLDER}/${name}`, 'utf8')) as Dashboard]),
);

/** The panels that ask something: all but the rows. */
export const panelsOf = ({ panels }: Dashboard): readonly Panel[] =>
  panels.filter(({ type }) => type !== 'row');

/** What the variables stand for when a query is asked. */
export type Chosen = Readonly<Record<string, string>>;

/** A query with the macros and variables filled in as Grafana's InfluxDB source does. */
export const filledIn = (query: string, timeFilter: string, interval: string, chosen: Chosen): string =>
  Object.entries(chosen).reduce(
    (text, [name, value]) =>
      text.replaceAll(new RegExp(`\\$(?:${name}\\b|\\{${name}(?::raw)?\\})`, 'g'), () => value),
    query.replaceAll('$timeFilter', () => timeFilter).replaceAll('$__interval', () => interval),
  );

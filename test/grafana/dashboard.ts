import { readFileSync } from 'node:fs';

/** What tests read of a panel. */
export interface Panel {
  readonly id: number;
  readonly type: string;
  readonly title: string;
  readonly description?: string;
  readonly datasource?: { readonly type: string; readonly uid: string };
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  readonly fieldConfig?: {
    readonly defaults: { readonly unit?: string };
    readonly overrides: readonly {
      readonly matcher: { readonly id: string; readonly options: string };
      readonly properties: readonly { readonly id: string; readonly value: unknown }[];
    }[];
  };
  readonly targets?: readonly {
    readonly refId: string;
    readonly query: string;
    readonly alias?: string;
    readonly datasource: { readonly uid: string };
  }[];
}

/** What tests read of the dashboard. */
export interface Dashboard {
  readonly uid: string;
  readonly editable: boolean;
  readonly panels: readonly Panel[];
  readonly templating: {
    readonly list: readonly { readonly name: string; readonly type: string; readonly query: string }[];
  };
}

const path = new URL('../../grafana/dashboards/voltage.json', import.meta.url);

/** The dashboard as shipped. */
export const dashboard = JSON.parse(readFileSync(path, 'utf8')) as Dashboard;

/** Its panels that show something, without the rows between them. */
export const panels = dashboard.panels.filter((panel) => panel.type !== 'row');

/** A query with Grafana's macros and variables filled in as its InfluxDB data source does, for one lane and all series. */
export const filledIn = (query: string, timeFilter: string): string =>
  query
    .replaceAll('$timeFilter', timeFilter)
    .replaceAll('$__interval', '1s')
    .replaceAll('$lane', 'demo')
    .replaceAll('$series', '.*');

import * as dashboard from '@grafana/grafana-foundation-sdk/dashboard';
import { annotations } from './annotations.ts';
import type { Panel } from './panels.ts';
import { variables } from './variables.ts';

/** A dashboard of this project: rows of panels. */
export interface Board {
  /** Never changed: links name it. */
  readonly uid: string;
  readonly title: string;
  readonly description: string;
  readonly rows: readonly {
    readonly id: number;
    readonly title: string;
    readonly panels: readonly Panel[];
  }[];
}

const TAG = 'voltage-kalshi';

/**
 * The dashboard with what all have alike: variables as far as its queries use them, annotations, and links to
 * the others and to the console.
 */
export function board({ uid, title, description, rows }: Board): dashboard.Dashboard {
  const built = new dashboard.DashboardBuilder(title)
    .uid(uid)
    .description(description)
    .tags([TAG])
    .timezone('utc')
    .readonly()
    .tooltip(dashboard.DashboardCursorSync.Crosshair)
    .time({ from: 'now-1h', to: 'now' })
    .refresh('5s')
    .version(1)
    .annotations(annotations())
    .links([
      new dashboard.DashboardLinkBuilder('Dashboards')
        .type(dashboard.DashboardLinkType.Dashboards)
        .tags([TAG])
        .asDropdown(true)
        .includeVars(true)
        .keepTime(true),
      new dashboard.DashboardLinkBuilder('Console')
        .type(dashboard.DashboardLinkType.Link)
        .icon('external link')
        .tooltip("The lane's own console, where it can be halted")
        // biome-ignore lint/suspicious/noTemplateCurlyInString: Grafana fills it in.
        .url('${console}')
        .targetBlank(true),
    ]);
  for (const row of rows) {
    built.withRow(new dashboard.RowBuilder(row.title).id(row.id));
    for (const panel of row.panels) built.withPanel(panel);
  }
  const queries = JSON.stringify(rows.map(({ panels }) => panels.map((panel) => panel.build().targets)));
  return built.variables(variables(queries)).build();
}

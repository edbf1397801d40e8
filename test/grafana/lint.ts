import { DATASOURCE } from '../../grafana/source/datasource.ts';
import { type Dashboard, type Panel, panelsOf, type Target } from './boards.ts';
import { parsed, unitTrouble, unknownNames } from './influxql.ts';

const MACROS = ['timeFilter', '__interval'];
const COLUMNS = 24;

const repeated = <T>(values: readonly T[]): readonly T[] => [
  ...new Set(values.filter((value, i) => values.indexOf(value) !== i)),
];

/** What is wrong with a dashboard, a sentence each; empty where nothing is. */
export function lint(dashboard: Dashboard): readonly string[] {
  const panels = panelsOf(dashboard);
  const variables = dashboard.templating.list.map(({ name }) => name);
  return [
    ...(dashboard.description?.endsWith('.') ? [] : ['the dashboard has no description']),
    ...(dashboard.editable ? ['it can be edited, and the next start would take the edit away'] : []),
    ...repeated(dashboard.panels.map(({ id }) => id)).map((id) => `the id ${id} is used twice`),
    ...dashboard.panels.filter(({ id }) => !(id > 0)).map(({ title }) => `${title}: no id`),
    ...repeated(panels.map(({ title }) => title)).map((title) => `${title}: two panels of this title`),
    ...overlaps(dashboard.panels),
    ...panels.flatMap((panel) => panelTroubles(panel, variables).map((why) => `${panel.title}: ${why}`)),
    ...dashboard.templating.list.flatMap(({ name, type, query, datasource }) =>
      type === 'query' && (datasource?.uid !== DATASOURCE.uid || !/ LIMIT \d+$/.test(query))
        ? [`variable ${name}: its query has no bound or another data source`]
        : [],
    ),
    ...dashboard.annotations.list.flatMap(({ name, datasource, target }) =>
      [
        ...(datasource.uid === DATASOURCE.uid ? [] : ['another data source']),
        ...queryTroubles(target, variables),
        ...[target.textColumn, target.tagsColumn]
          .filter((column) => !target.query.includes(`"${column}"`))
          .map((column) => `no column ${column}`),
      ].map((why) => `annotation ${name}: ${why}`),
    ),
  ];
}

function overlaps(panels: readonly Panel[]): readonly string[] {
  const taken = new Map<string, string>();
  const found: string[] = [];
  for (const { gridPos, title } of panels) {
    if (gridPos.x + gridPos.w > COLUMNS) found.push(`${title}: wider than the page`);
    for (let x = gridPos.x; x < gridPos.x + gridPos.w; x++)
      for (let y = gridPos.y; y < gridPos.y + gridPos.h; y++) {
        const other = taken.get(`${x},${y}`);
        if (other !== undefined) found.push(`${title}: lies on ${other}`);
        taken.set(`${x},${y}`, title);
      }
  }
  return [...new Set(found)];
}

function panelTroubles(panel: Panel, variables: readonly string[]): readonly string[] {
  const { title, description = '', datasource, fieldConfig, targets = [] } = panel;
  const unit = fieldConfig?.defaults.unit ?? '';
  return [
    ...(title === '' ? ['no title'] : []),
    ...(description.endsWith('.') ? [] : ['no description in sentences']),
    ...(unit === '' ? ['no unit'] : []),
    ...(datasource?.uid === DATASOURCE.uid ? [] : ['another data source']),
    ...(targets.length === 0 ? ['no query'] : []),
    ...repeated(targets.map(({ refId }) => refId)).map((refId) => `two queries ${refId}`),
    ...targets.flatMap((target) =>
      [...queryTroubles(target, variables), ...unitTroubles(panel, target, unit)].map(
        (why) => `${target.refId}: ${why}`,
      ),
    ),
    ...overrideTroubles(panel),
  ];
}

function queryTroubles(target: Target, variables: readonly string[]): readonly string[] {
  const asked = parsed(target.query);
  if (!asked) return [`not a query of a known form: ${target.query}`];
  const used = [...target.query.matchAll(/\$\{?(\w+)/g)].map(([, name = '']) => name);
  const aliased = [...(target.alias ?? '').matchAll(/\$tag_(\w+)/g)].map(([, tag = '']) => tag);
  return [
    ...(target.datasource.uid === DATASOURCE.uid ? [] : ['another data source']),
    ...unknownNames(asked).map((name) => `${asked.measurement} has no ${name}`),
    ...(asked.bound === undefined ? ['the query has no bound'] : []),
    ...(asked.where.includes('$timeFilter') ? [] : ['it does not keep to the time shown']),
    ...(asked.where.includes('"lane" =~ /^$lane$/') ? [] : ['it does not keep to one lane']),
    ...used.filter((name) => ![...MACROS, ...variables].includes(name)).map((name) => `no variable $${name}`),
    ...aliased.filter((tag) => !asked.by.includes(tag)).map((tag) => `it is not grouped by ${tag}`),
  ];
}

/** The unit of a series or column: that of an override by its name, or the panel's. */
const shownIn = ({ fieldConfig }: Panel, name: string | undefined, unit: string): string => {
  const own = fieldConfig?.overrides
    .filter(({ matcher }) => matcher.id === 'byName' && matcher.options === name)
    .flatMap(({ properties }) => properties)
    .find(({ id }) => id === 'unit');
  return typeof own?.value === 'string' ? own.value : unit;
};

const unitTroubles = (panel: Panel, { query, alias }: Target, unit: string): readonly string[] => {
  const asked = parsed(query);
  return (asked?.columns ?? []).flatMap((column) => {
    const name = column.alias ?? (alias === '$col' ? undefined : alias) ?? column.names[0];
    const why = unitTrouble(column, asked?.measurement ?? '', shownIn(panel, name, unit));
    return why === undefined ? [] : [`${name}: ${why}`];
  });
};

/** Overrides of names that no query gives would do nothing. */
const overrideTroubles = ({ fieldConfig, targets = [] }: Panel): readonly string[] => {
  const names = targets.flatMap(({ query, alias = '' }) => {
    const asked = parsed(query);
    return [
      ...(alias.includes('$') ? [] : [alias]),
      ...(asked?.by ?? []),
      ...(asked?.columns ?? []).flatMap((column) => column.alias ?? column.names),
    ];
  });
  return (fieldConfig?.overrides ?? []).flatMap(({ matcher, properties }) => [
    ...(matcher.id === 'byName' && !names.includes(matcher.options)
      ? [`an override is of ${matcher.options}, which no query gives`]
      : []),
    ...properties
      .filter(({ id, value }) => id === 'custom.fillBelowTo' && !names.includes(String(value)))
      .map(({ value }) => `a band goes down to ${value}, which no query gives`),
  ]);
};

import type * as cog from '@grafana/grafana-foundation-sdk/cog';
import * as dashboard from '@grafana/grafana-foundation-sdk/dashboard';
import { DATASOURCE } from './datasource.ts';

/** Where a lane prints its console by default; the page asks for its token itself. */
const CONSOLE = 'http://127.0.0.1:7007/';

interface Listed {
  readonly name: string;
  readonly label: string;
  readonly from: string;
  readonly description: string;
  readonly multi?: true;
}

const LISTED: readonly Listed[] = [
  { name: 'lane', label: 'Lane', from: 'account', description: 'demo, paper, live or backtest' },
  { name: 'asset', label: 'Asset', from: 'forecast', description: 'What the contracts are about' },
  {
    name: 'series',
    label: 'Series',
    from: 'decision',
    description: 'Lines of contracts: the part of a ticker before its first dash',
    multi: true,
  },
  { name: 'close', label: 'Close', from: 'payoff', description: 'The next close, or the one after it' },
  { name: 'horizon', label: 'Horizon', from: 'quality', description: 'Minutes that a forecast looks ahead' },
];

const TAG_OF: Readonly<Record<string, string>> = { horizon: 'minutes' };
const MOST_VALUES = 100;

const listed = ({ name, label, from, description, multi }: Listed): cog.Builder<dashboard.VariableModel> => {
  const query = `SHOW TAG VALUES FROM "${from}" WITH KEY = "${TAG_OF[name] ?? name}" LIMIT ${MOST_VALUES}`;
  const built = new dashboard.QueryVariableBuilder(name)
    .label(label)
    .description(description)
    .datasource({ ...DATASOURCE })
    .query(query)
    .definition(query)
    .refresh(dashboard.VariableRefresh.OnTimeRangeChanged)
    .sort(dashboard.VariableSort.NaturalAsc)
    .multi(multi ?? false)
    .includeAll(multi ?? false);
  return multi ? built.allValue('.*').current({ text: 'All', value: '$__all' }) : built;
};

/** What `voltage influx init` makes of points; an empty name is the policy that points are written to. */
const KEPT = 'as written : "", one a minute : "minute", one an hour : "hour"';
const KEPT_OPTIONS = [
  ['as written', '""'],
  ['one a minute', '"minute"'],
  ['one an hour', '"hour"'],
] as const;

const kept = (): cog.Builder<dashboard.VariableModel> =>
  new dashboard.CustomVariableBuilder('kept')
    .label('Points')
    .description(
      'For times that are past the raw points: what voltage influx init keeps, a point a minute or an hour',
    )
    .values(KEPT)
    .options(KEPT_OPTIONS.map(([text, value], i) => ({ text, value, selected: i === 0 })))
    .current({ text: KEPT_OPTIONS[0][0], value: KEPT_OPTIONS[0][1] });

/** The variables that the queries use, and the address of the console. */
export const variables = (queries: string): cog.Builder<dashboard.VariableModel>[] => [
  ...LISTED.filter(({ name }) => name === 'lane' || queries.includes(`$${name}$`)).map(listed),
  // biome-ignore lint/suspicious/noTemplateCurlyInString: Grafana fills it in.
  ...(queries.includes('${kept:raw}') ? [kept()] : []),
  new dashboard.TextBoxVariableBuilder('console')
    .label('Console')
    .description('Address of the console that the lane prints when it starts')
    .defaultValue(CONSOLE)
    .current({ text: CONSOLE, value: CONSOLE })
    .hide(dashboard.VariableHide.HideVariable),
];

import type * as cog from '@grafana/grafana-foundation-sdk/cog';
import * as dashboard from '@grafana/grafana-foundation-sdk/dashboard';
import { DATASOURCE } from './datasource.ts';

/** Where a lane prints its console by default; the page asks for its token itself. */
const CONSOLE = 'http://127.0.0.1:8787/';

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

/** The variables that the queries use, and the address of the console. */
export const variables = (queries: string): cog.Builder<dashboard.VariableModel>[] => [
  ...LISTED.filter(({ name }) => name === 'lane' || queries.includes(`$${name}$`)).map(listed),
  new dashboard.TextBoxVariableBuilder('console')
    .label('Console')
    .description('Address of the console that the lane prints when it starts')
    .defaultValue(CONSOLE)
    .current({ text: CONSOLE, value: CONSOLE })
    .hide(dashboard.VariableHide.HideVariable),
];

import type * as dashboard from '@grafana/grafana-foundation-sdk/dashboard';
import { stringify } from 'yaml';
import { provisionedContacts } from './alert-contacts.ts';
import { provisionedRules } from './alert-rules.ts';
import { decisions } from './decisions.ts';
import { execution } from './execution.ts';
import { market } from './market.ts';
import { operations } from './operations.ts';
import { quality } from './quality.ts';
import { risk } from './risk.ts';

/** A file that is made of this folder: its path below `grafana/`, and all of its text. */
export interface MadeFile {
  readonly path: string;
  readonly text: string;
}

const BOARDS: Readonly<Record<string, () => dashboard.Dashboard>> = {
  market,
  decisions,
  execution,
  risk,
  quality,
  operations,
};

const yaml = (about: string, value: unknown): string =>
  `# ${about}\n# Made of grafana/source by \`npm run dashboards\`; do not edit.\n${stringify(plain(value), { lineWidth: 0 })}`;

// As JSON has it: without functions and what is undefined.
const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

/** Every file that Grafana is given, as it is committed. */
export const files = (): readonly MadeFile[] => [
  ...Object.entries(BOARDS).map(([name, make]) => ({
    path: `dashboards/${name}.json`,
    text: `${JSON.stringify(make(), undefined, 2)}\n`,
  })),
  {
    path: 'provisioning/alerting/rules.yaml',
    text: yaml('What a person is told of.', provisionedRules()),
  },
  {
    path: 'provisioning/alerting/contacts.yaml',
    text: yaml(
      'Whom to tell. The address is that of VOLTAGE_ALERT_URL in the environment of Grafana.',
      provisionedContacts(),
    ),
  },
];

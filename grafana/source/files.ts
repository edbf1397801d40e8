import type * as dashboard from '@grafana/grafana-foundation-sdk/dashboard';
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

/** Every file that Grafana is given, as it is committed. */
export const files = (): readonly MadeFile[] =>
  Object.entries(BOARDS).map(([name, make]) => ({
    path: `dashboards/${name}.json`,
    text: `${JSON.stringify(make(), undefined, 2)}\n`,
  }));

import type * as dashboard from '@grafana/grafana-foundation-sdk/dashboard';
import { market } from './market.ts';

/** A file that is made of this folder: its path below `grafana/`, and all of its text. */
export interface MadeFile {
  readonly path: string;
  readonly text: string;
}

const BOARDS: Readonly<Record<string, () => dashboard.Dashboard>> = { market };

/** Every file that Grafana is given, as it is committed. */
export const files = (): readonly MadeFile[] =>
  Object.entries(BOARDS).map(([name, make]) => ({
    path: `dashboards/${name}.json`,
    text: `${JSON.stringify(make(), undefined, 2)}\n`,
  }));

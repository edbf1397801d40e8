import { readdirSync, readFileSync } from 'node:fs';
import { dataPath } from '../../support/data.ts';

/** A body recorded from the exchange on 25 September 2026, as text. */
export const recorded = (name: string): string => readFileSync(dataPath('kalshi', 'wire', name), 'utf8');

/** One exchange with Kalshi's demo, verbatim. */
export interface DemoBody {
  readonly name: string;
  readonly status: number;
  /** From the host's root, with its query. */
  readonly path: string;
  readonly text: string;
}

/** What the demo answered over REST on 11 June 2026, by name; where the body was not kept there is none. */
export function demoBodies(): readonly DemoBody[] {
  const folder = dataPath('kalshi', 'wire', 'demo-2026-06');
  const names = new Set(readdirSync(folder));
  return [...names]
    .filter((name) => name.endsWith('.meta.json') && names.has(name.replace('.meta', '')))
    .sort()
    .map((name) => {
      const { status, path } = JSON.parse(readFileSync(`${folder}/${name}`, 'utf8')) as DemoBody;
      const body = name.replace('.meta', '');
      return {
        name: body.replace('.json', ''),
        status,
        path,
        text: readFileSync(`${folder}/${body}`, 'utf8'),
      };
    });
}

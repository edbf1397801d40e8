import type { ConsolePatch, ConsoleState } from '../../src/console/state.ts';
import type { Heard } from './replica.ts';
import type { ServerEvent } from './server-events.ts';

/** An event of the lane as a word for the replica; undefined for one that is not known. */
export function heardOf({ name, data }: ServerEvent, wallMs: number): Heard | undefined {
  if (name === 'snapshot') return { kind: 'snapshot', state: JSON.parse(data) as ConsoleState, wallMs };
  if (name === 'patch') return { kind: 'patch', patch: JSON.parse(data) as ConsolePatch, wallMs };
  if (name === 'beat')
    return { kind: 'beat', patch: (JSON.parse(data) as { readonly patch: number }).patch, wallMs };
  return undefined;
}

import { printable } from '../domain/printable.ts';
import { queryAnswer } from './influx-answer.ts';
import type { InfluxDoor } from './influx-door.ts';
import type { RetentionStep } from './retention.ts';

/** What became of a step. */
export interface StepDone {
  readonly makes: string;
  readonly outcome: 'done' | 'changed' | 'failed';
  /** Why it failed. */
  readonly why?: string;
}

const OK = 200;
const EXCERPT = 300;

/** Asks a statement; the database's error, or undefined if there was none. */
export async function askInflux(door: InfluxDoor, statement: string): Promise<string | undefined> {
  const answer = await door.query(statement);
  if (answer.kind === 'failed') return answer.why;
  const told = queryAnswer(answer.text);
  if (told?.error !== undefined) return told.error;
  return answer.status === OK && told !== null
    ? undefined
    : `HTTP ${answer.status} is not the answer of InfluxDB 1.x: ${printable(answer.text, EXCERPT)}`;
}

/** Does the steps in their order, up to the first that fails. */
export async function initInflux(
  door: InfluxDoor,
  steps: readonly RetentionStep[],
): Promise<readonly StepDone[]> {
  const done: StepDone[] = [];
  for (const { makes, statement, otherwise } of steps) {
    let why = await askInflux(door, statement);
    const isOther = why?.includes('already exists') === true && otherwise.length > 0;
    if (isOther) {
      why = undefined;
      for (const other of otherwise) why ??= await askInflux(door, other);
    }
    if (why !== undefined) return [...done, { makes, outcome: 'failed', why }];
    done.push({ makes, outcome: isOther ? 'changed' : 'done' });
  }
  return done;
}

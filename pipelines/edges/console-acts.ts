import { z } from 'zod';
import type { Act } from '../../src/console/state.ts';
import { printable } from '../../src/domain/printable.ts';

/** What became of an act: a sentence of what was done, or of why not. */
export type ActAnswer =
  | { readonly kind: 'done'; readonly result: string }
  | { readonly kind: 'refused'; readonly why: string };

/** A limit that is to be lowered, and to what. */
export interface LowerCap {
  readonly name: string;
  readonly value: number;
}

/** What the operator may do on a console. An act that is absent is not offered. */
export interface ConsoleActs {
  readonly halt?: (reason: string) => Promise<ActAnswer>;
  readonly resume?: (reason: string) => Promise<ActAnswer>;
  readonly cancelAll?: (reason: string) => Promise<ActAnswer>;
  readonly flatten?: (reason: string) => Promise<ActAnswer>;
  readonly cap?: (reason: string, lower: LowerCap) => Promise<ActAnswer>;
}

const MOST_REASON = 500;

const bodySchema = z.strictObject({
  reason: z.string().trim().min(1, 'say why, in words').max(MOST_REASON),
  confirm: z.string(),
  name: z.string().max(60).optional(),
  value: z.number().positive().finite().optional(),
});

/** An answer over HTTP. */
export interface ActReply {
  readonly status: 200 | 400 | 404 | 409;
  readonly body: object;
}

const problem = (status: ActReply['status'], error: string): ActReply => ({ status, body: { error } });

const isAct = (name: string): name is Act =>
  (['halt', 'resume', 'cancelAll', 'flatten', 'cap'] satisfies Act[] as string[]).includes(name);

/**
 * Does what a request asks: `name` is the act, `json` its body `{reason, confirm, name?, value?}`. `confirm`
 * must repeat the act's name, so that no other request can be taken for it. `cap` needs the limit's name and
 * its new value. 404 for an act that is not offered, 400 for a body that is not one, 409 for a refused act.
 */
export async function doAct(acts: ConsoleActs, name: string, json: unknown): Promise<ActReply> {
  if (!isAct(name) || !acts[name])
    return problem(404, `this console does not offer the act ${JSON.stringify(printable(name, 40))}`);
  const read = bodySchema.safeParse(json);
  if (!read.success) {
    const { path, message } = read.error.issues[0] ?? { path: [], message: 'it cannot be read' };
    return problem(400, `the body must be {reason, confirm, name?, value?}: ${path.join('.')} ${message}`);
  }
  const { reason, confirm, name: limit, value } = read.data;
  if (confirm !== name) return problem(400, `confirm must be ${name}, was ${JSON.stringify(confirm)}`);
  const words = printable(reason, MOST_REASON);
  const answer = await (async (): Promise<ActAnswer | undefined> => {
    if (name !== 'cap') return acts[name]?.(words);
    return limit === undefined || value === undefined ? undefined : acts.cap?.(words, { name: limit, value });
  })();
  if (!answer) return problem(400, 'cap needs the name of a limit and its new value');
  return answer.kind === 'done'
    ? { status: 200, body: { ok: true, text: answer.result } }
    : { status: 409, body: { ok: false, text: answer.why } };
}

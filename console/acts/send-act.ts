import type { Act } from '../../src/console/state.ts';
import { ask } from '../store/ask.ts';
import { token } from '../store/token.ts';

/** What an operator asks for. `value` is in the limit's own unit. */
export interface Asked {
  readonly act: Act;
  readonly reason: string;
  readonly name?: string;
  readonly value?: number;
}

/** What the lane said. */
export interface Answer {
  readonly ok: boolean;
  readonly text: string;
}

/** Reads an answer: JSON with a sentence, or whatever text came. */
export function answerOf(status: number, body: string): Answer {
  const isGood = status >= 200 && status < 300;
  try {
    const { ok, text, error } = JSON.parse(body) as Partial<Record<'ok' | 'text' | 'error', unknown>>;
    const said = [text, error].find((words) => typeof words === 'string' && words !== '');
    if (said !== undefined) return { ok: isGood && ok !== false, text: String(said) };
  } catch {
    // A text is an answer too.
  }
  const words = body.trim().slice(0, 300);
  return { ok: isGood, text: words === '' ? `the lane answered ${status} and said nothing` : words };
}

/** Asks the lane. A lane that cannot be reached is an answer too: nothing was done, as far as the page knows. */
export async function sendAct({ act, ...rest }: Asked): Promise<Answer> {
  if (token() === undefined)
    return {
      ok: false,
      text: 'this tab has no token; open the address that the lane printed, with all that follows the #',
    };
  try {
    const answer = await ask(`/api/acts/${act}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ ...rest, confirm: act }),
    });
    return answerOf(answer.status, await answer.text());
  } catch {
    return {
      ok: false,
      text: 'the lane cannot be reached: it is not known whether anything was done; use `voltage halt` on its machine',
    };
  }
}

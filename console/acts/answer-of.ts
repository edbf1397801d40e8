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

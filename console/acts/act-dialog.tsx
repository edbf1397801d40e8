import { useEffect, useRef, useState } from 'preact/hooks';
import type { Act, LimitUse } from '../../src/console/state.ts';
import { ACTS } from '../words/act-words.ts';
import { capName } from '../words/cap-name.ts';
import type { Answer } from './answer-of.ts';
import { sendAct } from './send-act.ts';

/** An act that was asked for and is not confirmed yet. */
export interface Pending {
  readonly act: Act;
  readonly limit?: LimitUse;
}

interface Props {
  readonly pending: Pending;
  readonly mark: string;
  readonly onClose: () => void;
  readonly onAnswer: (act: Act, answer: Answer) => void;
}

/** The reason that stands there already: a halt must not wait for words. */
const FIRST_REASON: Partial<Readonly<Record<Act, string>>> = { halt: 'the operator halted it on the page' };

/** Asks for a reason and a confirmation, sends the act, and shows the answer. */
export function ActDialog({ pending: { act, limit }, mark, onClose, onAnswer }: Props) {
  const { title, does, button, grave } = ACTS[act];
  const dialog = useRef<HTMLDialogElement>(null);
  const confirmButton = useRef<HTMLButtonElement>(null);
  const [reason, setReason] = useState(FIRST_REASON[act] ?? '');
  const [value, setValue] = useState('');
  const [sure, setSure] = useState(act === 'halt');
  const [answer, setAnswer] = useState<Answer>();
  const [sending, setSending] = useState(false);
  useEffect(() => {
    dialog.current?.showModal();
    if (act === 'halt') confirmButton.current?.focus();
  }, [act]);

  const lowered = Number(value);
  const isLower = !limit || (value.trim() !== '' && lowered >= 0 && lowered < limit.limit);
  const ready = reason.trim() !== '' && sure && isLower && !sending;
  const send = async (): Promise<void> => {
    setSending(true);
    const said = await sendAct({
      act,
      reason: reason.trim(),
      ...(limit ? { name: capName(limit.name) ?? limit.name, value: lowered } : {}),
    });
    setSending(false);
    setAnswer(said);
    onAnswer(act, said);
  };
  return (
    <dialog ref={dialog} class="act" aria-labelledby="act-title" onClose={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (ready && !answer) void send();
        }}
      >
        <h2 id="act-title">
          {title} <span class="mark">{mark}</span>
        </h2>
        <p>{does}</p>
        {answer ? (
          <>
            <p class={`answer ${answer.ok ? 'good' : 'bad'}`} role="status">
              {answer.ok ? 'Done: ' : 'Not done: '}
              {answer.text}
            </p>
            <div class="buttons">
              <button type="button" onClick={() => dialog.current?.close()}>
                Close
              </button>
            </div>
          </>
        ) : (
          <>
            {limit ? (
              <label>
                <span>
                  {limit.title}: new limit, below {limit.limit}
                </span>
                <input
                  type="number"
                  min="0"
                  step="any"
                  inputMode="decimal"
                  value={value}
                  onInput={(event) => setValue(event.currentTarget.value)}
                />
              </label>
            ) : null}
            <label>
              <span>Reason, for the journal</span>
              <input
                type="text"
                maxLength={200}
                autocomplete="off"
                value={reason}
                onInput={(event) => setReason(event.currentTarget.value)}
              />
            </label>
            {act === 'halt' ? null : (
              <label class="sure">
                <input
                  type="checkbox"
                  checked={sure}
                  onChange={(event) => setSure(event.currentTarget.checked)}
                />
                <span>Yes, I mean it</span>
              </label>
            )}
            <div class="buttons">
              <button type="button" onClick={() => dialog.current?.close()}>
                Do nothing <kbd>Esc</kbd>
              </button>
              <button
                ref={confirmButton}
                type="submit"
                class={grave ? 'grave' : 'main'}
                aria-disabled={!ready}
              >
                {sending ? 'Asking …' : button}
              </button>
            </div>
          </>
        )}
      </form>
    </dialog>
  );
}

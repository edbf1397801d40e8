import type { JSX } from 'preact';
import { useId } from 'preact/hooks';

export interface ChoiceProps {
  /** What is chosen, for a screen reader. */
  readonly label: string;
  readonly options: readonly (readonly [value: string, text: string])[];
  readonly value: string;
  readonly onChoose: (value: string) => void;
}

/** One of a few, as a row of radio buttons; nothing where there is no choice. */
export function Choice({ label, options, value, onChoose }: ChoiceProps): JSX.Element | null {
  const name = useId();
  if (options.length < 2) return null;
  return (
    <fieldset class="chart-choice">
      <legend class="unseen">{label}</legend>
      {options.map(([key, text]) => (
        <label key={key}>
          <input type="radio" name={name} checked={key === value} onChange={() => onChoose(key)} />
          <span>{text}</span>
        </label>
      ))}
    </fieldset>
  );
}

import type { Unit } from './units.ts';

/**
 * The type of a field. InfluxDB fixes a field's type at its first write, so the type is declared, not guessed
 * from the first number.
 */
export type FieldKind = 'integer' | 'float' | 'boolean' | 'text';

/** One value that is written. */
export interface Field {
  readonly kind: FieldKind;
  readonly unit: Unit;
  /** A sentence without its full stop. */
  readonly meaning: string;
}

/** One value that points are told apart by. It has few values, since each combination is a series of its own. */
export interface Tag {
  readonly unit: Unit;
  readonly meaning: string;
}

/** Tags and fields of one measurement. */
export interface Measurement {
  readonly meaning: string;
  readonly tags: Readonly<Record<string, Tag>>;
  readonly fields: Readonly<Record<string, Field>>;
}

/** A whole number. */
export const integer = (unit: Unit, meaning: string): Field => ({ kind: 'integer', unit, meaning });

/** A number with a fraction. */
export const float = (unit: Unit, meaning: string): Field => ({ kind: 'float', unit, meaning });

/** Yes or no. */
export const flag = (meaning: string): Field => ({ kind: 'boolean', unit: 'yesOrNo', meaning });

/** A text that is shown, not indexed. */
export const text = (meaning: string, unit: Unit = 'text'): Field => ({ kind: 'text', unit, meaning });

/** A tag whose values are words, unless a unit is given. */
export const tag = (meaning: string, unit: Unit = 'word'): Tag => ({ unit, meaning });

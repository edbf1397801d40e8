import type { NotifySettings } from './settings.ts';

/** One message to a person, before it has a webhook's shape. */
export interface Notice {
  readonly about: NotifySettings['on'][number];
  /** What it is about, such as `halt` or the contract of a difference: a newer one replaces one that waits. */
  readonly topic: string;
  /** What is so now. The same state of a topic is not told twice. */
  readonly state: string;
  readonly title: string;
  readonly text: string;
  readonly urgent: boolean;
  /** It is told only if it is so for this long: a newer one of its topic takes both away. */
  readonly holdSeconds?: number;
}

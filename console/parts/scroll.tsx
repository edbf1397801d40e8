import type { ComponentChildren } from 'preact';

interface Props {
  readonly title: string;
  readonly children: ComponentChildren;
}

/** What is wider than its panel and scrolls sideways, by keys too. */
export function Scroll({ title, children }: Props) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached without a mouse.
    <section class="scroll" tabIndex={0} aria-label={`${title}, scrolls sideways`}>
      {children}
    </section>
  );
}

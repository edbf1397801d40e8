import type { ComponentChildren } from 'preact';

interface Props {
  readonly title: string;
  /** What is to be seen, in a few words. */
  readonly about?: string;
  /** Over the whole width, where panels stand in two columns. */
  readonly wide?: boolean;
  readonly children: ComponentChildren;
}

/** A panel with a heading of its own. */
export function Panel({ title, about, wide = false, children }: Props) {
  const id = `panel-${title.toLowerCase().replace(/[^a-z]+/g, '-')}`;
  return (
    <section class={`panel chart-panel ${wide ? 'wide' : ''}`} aria-labelledby={id}>
      <header class="head">
        <h2 id={id}>{title}</h2>
        {about === undefined ? null : <p class="soft">{about}</p>}
      </header>
      <div class="inside">{children}</div>
    </section>
  );
}

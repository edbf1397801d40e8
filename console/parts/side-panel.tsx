import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';

interface Props {
  readonly title: string;
  readonly onClose: () => void;
  readonly children: ComponentChildren;
}

/** What is open beside a screen. It takes the focus when it opens; Escape closes it. */
export function SidePanel({ title, onClose, children }: Props) {
  const head = useRef<HTMLHeadingElement>(null);
  // A new title is another thing that was opened.
  // The title says when.
  useEffect(() => head.current?.focus(), [title]);
  return (
    <aside
      class="side panel"
      aria-labelledby="side-title"
      onKeyDown={(event) => {
        if (event.key === 'Escape') onClose();
      }}
    >
      <header class="head">
        <h2 id="side-title" ref={head} tabIndex={-1}>
          {title}
        </h2>
        <button type="button" class="quiet" onClick={onClose}>
          Close <kbd>Esc</kbd>
        </button>
      </header>
      <div class="content">{children}</div>
    </aside>
  );
}

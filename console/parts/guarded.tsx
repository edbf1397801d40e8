import type { ComponentChildren } from 'preact';
import { useErrorBoundary } from 'preact/hooks';

/** A part of the page that may fail alone: the rest, with its halt, stays. */
export function Guarded({ children }: { readonly children: ComponentChildren }) {
  const [error, again] = useErrorBoundary((problem: unknown) => console.error(problem));
  if (error === undefined) return <>{children}</>;
  return (
    <div class="panel failed" role="alert">
      <p>
        <b>This part of the page failed, the lane is not touched by it:</b>{' '}
        {error instanceof Error ? error.message : String(error)}
      </p>
      <button type="button" onClick={again}>
        Show it again
      </button>
    </div>
  );
}

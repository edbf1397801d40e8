import type { JSX } from 'preact';

/** Says why there is nothing to see yet, in the place that the chart will take. */
export const Calm = ({
  size,
  children,
}: {
  readonly size: 'tall' | 'middle' | 'short' | 'square';
  readonly children: string;
}): JSX.Element => (
  <div class={`chart-body chart-${size} chart-calm`}>
    <p>{children}</p>
  </div>
);

import { type Headroom, headroomShare } from '../words/headroom-share.ts';

interface Props extends Headroom {
  readonly passed: boolean;
}

/** A bar from the middle: to the right by what a check has left, to the left by what is missing. */
export function HeadroomBar({ passed, ...numbers }: Props) {
  const share = headroomShare(numbers);
  return (
    <svg
      class={`bar headroom ${passed ? 'good' : 'bad'}`}
      viewBox="-50 0 100 6"
      preserveAspectRatio="none"
      aria-hidden="true"
    >
      <rect class="track" x="-50" width="100" height="6" />
      <rect class="fill" x={Math.min(0, 50 * share)} width={Math.abs(50 * share)} height="6" />
      <rect class="middle" x="-0.5" width="1" height="6" />
    </svg>
  );
}

interface Props {
  readonly headroom: number | null;
  readonly limit: number | null;
  readonly observed: number | null;
  readonly passed: boolean;
}

/** Headroom as a share of the check's own scale, from −1 to 1; 0 where it is not known. */
export function headroomShare({ headroom, limit, observed }: Omit<Props, 'passed'>): number {
  const scale = Math.max(Math.abs(limit ?? 0), Math.abs(observed ?? 0));
  if (headroom === null || !Number.isFinite(headroom) || headroom === 0) return 0;
  return scale === 0 ? Math.sign(headroom) : Math.max(-1, Math.min(1, headroom / scale));
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

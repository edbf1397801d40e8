interface Props {
  readonly bidTicks: number | null;
  readonly askTicks: number | null;
  readonly fairTicks: number | null;
  readonly errorTicks: number | null;
}

/** The least that a strip shows on each side of its middle: 6 ¢. */
const LEAST_TICKS = 600;

/**
 * Book against our fair value on one small scale: the book's spread as a box, the fair value as a line with
 * its error as a band. The line is outside the box where there is something to gain.
 */
export function QuoteStrip({ bidTicks, askTicks, fairTicks, errorTicks }: Props) {
  const known = [bidTicks, askTicks, fairTicks].filter((ticks) => ticks !== null);
  const first = known[0];
  if (first === undefined) return <svg class="strip" aria-hidden="true" viewBox="0 0 100 20" />;
  const error = errorTicks ?? 0;
  const low = Math.min(...known, (fairTicks ?? first) - error);
  const high = Math.max(...known, (fairTicks ?? first) + error);
  const half = Math.max(LEAST_TICKS, ((high - low) / 2) * 1.15);
  const start = (low + high) / 2 - half;
  const x = (ticks: number): number => Math.round((1_000 * (ticks - start)) / (2 * half)) / 10;
  const left = bidTicks === null ? 0 : x(bidTicks);
  const right = askTicks === null ? 100 : x(askTicks);
  return (
    <svg class="strip" viewBox="0 0 100 20" preserveAspectRatio="none" aria-hidden="true">
      <rect class="scale" y="9.5" width="100" height="1" />
      {fairTicks === null ? null : (
        <rect
          class="error"
          x={x(fairTicks - error)}
          width={Math.max(1, x(fairTicks + error) - x(fairTicks - error))}
          y="2"
          height="16"
        />
      )}
      <rect class="spread" x={left} width={Math.max(1, right - left)} y="6" height="8" />
      {fairTicks === null ? null : <rect class="fair" x={x(fairTicks) - 0.9} width="1.8" height="20" />}
    </svg>
  );
}

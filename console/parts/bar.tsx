/** A bar that is filled to `share` (0 to 1); what it means stands beside it in words. */
export function Bar({ share, tone }: { readonly share: number; readonly tone: string }) {
  const width = Number.isFinite(share) ? 100 * Math.min(1, Math.max(0, share)) : 0;
  return (
    <svg class={`bar ${tone}`} viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true">
      <rect class="track" width="100" height="6" />
      <rect class="fill" width={width} height="6" />
    </svg>
  );
}

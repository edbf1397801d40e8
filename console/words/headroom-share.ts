/** What a check saw and how far it was from its limit. */
export interface Headroom {
  readonly headroom: number | null;
  readonly limit: number | null;
  readonly observed: number | null;
}

/** Headroom as a share of the check's own scale, from −1 to 1; 0 where it is not known. */
export function headroomShare({ headroom, limit, observed }: Headroom): number {
  const scale = Math.max(Math.abs(limit ?? 0), Math.abs(observed ?? 0));
  if (headroom === null || !Number.isFinite(headroom) || headroom === 0) return 0;
  return scale === 0 ? Math.sign(headroom) : Math.max(-1, Math.min(1, headroom / scale));
}

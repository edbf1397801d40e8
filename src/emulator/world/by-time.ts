/** Emissions in order of time; those of the same time keep their order. */
export const byTime = <E extends { readonly at: number }>(emissions: E[]): readonly E[] =>
  emissions.sort((a, b) => a.at - b.at);

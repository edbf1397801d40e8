/**
 * The best levels of one side of a book, best first: price in ticks and displayed count. It reads every level
 * once and keeps the best, since only a few of them are shown.
 */
export function bestLevels(
  levels: ReadonlyMap<number, number>,
  side: 'bid' | 'ask',
  most: number,
): readonly (readonly [ticks: number, count: number])[] {
  const best: (readonly [number, number])[] = [];
  const better = (a: number, b: number): boolean => (side === 'bid' ? a > b : a < b);
  for (const level of levels) {
    const last = best[best.length - 1];
    if (best.length >= most && last && !better(level[0], last[0])) continue;
    let place = best.length;
    while (place > 0 && better(level[0], (best[place - 1] as readonly [number, number])[0])) place--;
    best.splice(place, 0, level);
    if (best.length > most) best.pop();
  }
  return best;
}

/** Least-squares slope of `y` over `x`. */
export function slope(points) {
  const mean = (of) => points.reduce((sum, point) => sum + of(point), 0) / points.length;
  const [x, y] = [mean((p) => p.x), mean((p) => p.y)];
  return mean((p) => (p.x - x) * (p.y - y)) / mean((p) => (p.x - x) ** 2);
}

/** Standard error of that slope, if what is left of the points beside the line is independent. */
export function slopeError(points) {
  const mean = (of) => points.reduce((sum, point) => sum + of(point), 0) / points.length;
  const [x, y] = [mean((p) => p.x), mean((p) => p.y)];
  const steep = slope(points);
  const left = points.reduce((sum, p) => sum + (p.y - y - steep * (p.x - x)) ** 2, 0) / (points.length - 2);
  return Math.sqrt(left / points.reduce((sum, p) => sum + (p.x - x) ** 2, 0));
}

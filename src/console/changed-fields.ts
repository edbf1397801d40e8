const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;

/** Whether two values of plain JSON are equal. */
function equal(one: unknown, other: unknown): boolean {
  if (Object.is(one, other)) return true;
  if (!isObject(one) || !isObject(other) || Array.isArray(one) !== Array.isArray(other)) return false;
  const names = Object.keys(one);
  return (
    names.length === Object.keys(other).length &&
    names.every((name) => Object.hasOwn(other, name) && equal(one[name], other[name]))
  );
}

/**
 * The fields of `now` that are not equal to those of `before`, which has the same names; all of them without
 * one. Undefined if nothing changed.
 */
export function changedFields<View extends object>(
  before: View | undefined,
  now: View,
): Partial<View> | undefined {
  if (!before) return now;
  let changed: Partial<View> | undefined;
  for (const name of Object.keys(now) as (keyof View)[]) {
    if (equal(before[name], now[name])) continue;
    changed ??= {};
    changed[name] = now[name];
  }
  return changed;
}

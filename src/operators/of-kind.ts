import { filter, type Observable } from 'rxjs';

/** Passes events of the named kinds and narrows the type to them. */
export function ofKind<K extends string>(...kinds: readonly K[]) {
  const wanted: ReadonlySet<string> = new Set(kinds);
  return <T extends { readonly kind: string }>(
    source: Observable<T>,
  ): Observable<Extract<T, { readonly kind: K }>> =>
    source.pipe(filter((event): event is Extract<T, { readonly kind: K }> => wanted.has(event.kind)));
}

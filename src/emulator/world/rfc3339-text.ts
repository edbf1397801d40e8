import { MILLISECOND, type Micros, SECOND } from '../../domain/time.ts';

/**
 * A writer of UTC times with six digits of a second, such as `2026-06-01T13:30:00.000250Z`; remembers its
 * last second.
 */
export function rfc3339Text(): (at: Micros) => string {
  let second = Number.NaN;
  let prefix = '';
  return (at) => {
    const now = Math.floor(at / SECOND);
    if (now !== second) {
      second = now;
      prefix = new Date((now * SECOND) / MILLISECOND).toISOString().slice(0, 20);
    }
    return `${prefix}${String(at - now * SECOND).padStart(6, '0')}Z`;
  };
}

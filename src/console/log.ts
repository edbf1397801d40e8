import type { AuditEvent } from '../domain/events/audit.ts';
import { type Micros, SECOND } from '../domain/time.ts';
import { logLine } from './log-line.ts';
import type { Draw } from './store.ts';

/** How long after a line of a storm the next one like it is only counted. */
const QUIET = 10 * SECOND;
/** Different causes of storms that are told apart. */
const MOST_CAUSES = 100;

/** What comes in storms, by its cause; undefined for what is always told. */
function causeOf(event: AuditEvent): string | undefined {
  switch (event.kind) {
    case 'gap':
      return `gap ${event.venue} ${event.cause}`;
    case 'rejected':
      return `rejected ${event.venue}`;
    case 'priceDoubt':
      return `doubt ${event.asset} ${event.source} ${event.state}`;
    case 'orderRejected':
      return 'orderRejected';
    case 'connection':
      return `connection ${event.venue} ${event.change}`;
    case 'venueStatus':
      return `status ${event.venue} ${event.trading}`;
    default:
      return undefined;
  }
}

/** The log of halts, differences, commands and troubles. A storm of one kind has a line in ten seconds. */
export function log(): { readonly add: (event: AuditEvent, at: Micros, to: Draw) => void } {
  const storms = new Map<string, { toldAt: Micros; untold: number }>();
  return {
    add: (event, at, to) => {
      const cause = causeOf(event);
      const storm = cause === undefined ? undefined : storms.get(cause);
      if (storm && at - storm.toldAt < QUIET) {
        storm.untold++;
        return;
      }
      const line = logLine(event);
      if (!line) return;
      const untold = storm?.untold ?? 0;
      if (cause !== undefined) {
        if (storms.size >= MOST_CAUSES) storms.clear();
        storms.set(cause, { toldAt: at, untold: 0 });
      }
      to.push('log', {
        at,
        ...line,
        text: untold > 0 ? `${line.text} (and ${untold} like it before)` : line.text,
      });
    },
  };
}

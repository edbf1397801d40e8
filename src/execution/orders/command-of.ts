import type { AuditEvent } from '../../domain/events/audit.ts';
import type { GatewayCommand } from '../../domain/events/order.ts';

/** What a gateway is to do after an event of the graph; undefined for an event that asks nothing of it. */
export function commandOf(event: AuditEvent): GatewayCommand | undefined {
  switch (event.kind) {
    case 'orderSent':
      return { kind: 'place', order: event.order };
    case 'cancelAsked':
      return { kind: 'cancel', clientOrderId: event.clientOrderId, at: event.at };
    default:
      return undefined;
  }
}

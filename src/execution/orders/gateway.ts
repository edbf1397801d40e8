import type { GatewayCommand } from '../../domain/events/order.ts';

/**
 * Sends orders to the venue, and only sends. The outcome of a request comes back through the inlet as a
 * `request` frame. It is recorded on the tape and decoded like any venue's text, so a session replays with a
 * gateway that sends nothing.
 */
export interface Gateway {
  readonly send: (command: GatewayCommand) => void;
}

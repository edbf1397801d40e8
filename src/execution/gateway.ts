import type { Observable } from 'rxjs';
import type { ContractBookChanged, ContractChanged } from '../domain/events/market.ts';
import type { GatewayCommand, GatewayEvent } from '../domain/events/order.ts';
import type { ContractTicker, ContractTrade, Gap } from '../domain/events/venue.ts';
import type { Clock } from '../operators/clock.ts';

/** What a gateway may watch of the market; the Kalshi gateway ignores it, the paper gateway fills from it. */
export type GatewayMarket = ContractBookChanged | ContractTicker | ContractTrade | ContractChanged | Gap;

/**
 * Where orders go. `events$` carries every answer and is subscribed once, before the first `send`; answers never come inside
 * `send`, always later by the clock.
 */
export interface Gateway {
  readonly events$: Observable<GatewayEvent>;
  readonly send: (command: GatewayCommand) => void;
}

/** Opens a gateway on the graph's clock and market; its state lives as long as the subscription of `events$`. */
export type OpenGateway = (clock: Clock, market$: Observable<GatewayMarket>) => Gateway;

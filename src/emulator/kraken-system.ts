/** What Kraken's matching engine says it is; only `online` trades. */
export type KrakenSystem = 'online' | 'maintenance' | 'cancel_only' | 'post_only';

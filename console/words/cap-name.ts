/** The hard limits of the lane's gate that may be lowered, by the names of their use. */
const CAPS: Readonly<Record<string, string>> = {
  laneDollarsPerDay: 'dollarsPerDayMax',
  laneOpenOrders: 'openOrdersMax',
  laneOrdersPerMinute: 'ordersPerMinuteMax',
};

/** What the gate calls a limit; undefined for one that cannot be lowered, such as those that are settings. */
export const capName = (limit: string): string | undefined => CAPS[limit];

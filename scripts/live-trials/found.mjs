import { LIMITS, until } from './account.mjs';

const MINUTE_MS = 60_000;
const CENT = 0.005;
const TOLD_WITHIN_MS = 150_000;

/** What the creates that came to the exchange break of the caps, and those that came twice. */
export function pastLimits(creates) {
  const found = [];
  const seen = new Set();
  let dollars = 0;
  creates.forEach(({ at, client_order_id: id, count, price, side }, i) => {
    if (seen.has(id)) found.push(`order ${id} came twice`);
    seen.add(id);
    if (Number(count) > LIMITS.orderContractsMax) found.push(`order ${id} is of ${count} contracts`);
    const inMinute = creates.slice(0, i + 1).filter((other) => other.at > at - MINUTE_MS).length;
    if (inMinute > LIMITS.ordersPerMinuteMax) found.push(`order ${id} is number ${inMinute} of its minute`);
    dollars += Number(count) * (side === 'bid' ? Number(price) : 1 - Number(price));
    if (dollars > LIMITS.dollarsPerDayMax) found.push(`order ${id} brings the day to $${dollars.toFixed(2)}`);
  });
  return found;
}

/** What journal and exchange do not agree on: every order has its intent, and every fill is there once. */
export async function journalAgainst(account) {
  const { venue } = account;
  const look = async () => {
    const found = [];
    const rows = await account.exported();
    const intents = new Set(
      rows.filter(({ kind }) => kind === 'intent').map(({ body }) => body.clientOrderId),
    );
    for (const { client_order_id: id } of venue.creates)
      if (!intents.has(id)) found.push(`order ${id} came, and its intent is not in the journal`);
    const theirs = (await venue.fills()).map(({ trade_id: id }) => id);
    const ours = rows.filter(({ kind }) => kind === 'fill').map(({ body }) => body.fillId);
    for (const id of new Set(ours)) {
      if (!theirs.includes(id)) found.push(`fill ${id} of the journal is not the exchange's`);
      if (ours.filter((other) => other === id).length > 1) found.push(`fill ${id} is in the journal twice`);
    }
    for (const id of theirs) if (!ours.includes(id)) found.push(`fill ${id} is not in the journal`);
    return found;
  };
  let found = [];
  try {
    // A fill may still be on its way to a lane that runs.
    await until('whole journal', TOLD_WITHIN_MS, async () => {
      found = await look();
      return found.length === 0;
    });
  } catch {
    return found;
  }
  return [];
}

/**
 * Whether the day's result that the lane goes on with is what the account's equity has gained since the first
 * life began, without what came and went.
 */
export async function dayAgainst(account, movedDollars) {
  const rows = (await account.exported()).filter(({ kind }) => kind === 'account').map(({ body }) => body);
  const [first, last] = [rows[0], rows.at(-1)];
  if (!first || !last) return ['the journal has no row about the account'];
  const gained = last.equityDollars - first.equityDollars - movedDollars;
  const told = last.dayDollars - first.dayDollars;
  return Math.abs(gained - told) < CENT
    ? []
    : [`the day's result moved by $${told.toFixed(2)}, and the equity by $${gained.toFixed(2)}`];
}

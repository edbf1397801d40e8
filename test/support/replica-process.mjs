// Another process with nothing but the audit stream: a line an event on stdin. Prints its replica's state after each number that
// argv names, a line of JSON each, and what it refused.
import { createInterface } from 'node:readline';
import { replica } from '../../dist/src/domain/replica.js';

const asked = new Set(process.argv.slice(2).map(Number));
const run = replica();
for await (const line of createInterface({ input: process.stdin })) {
  const refused = run.add(JSON.parse(line));
  const { seq, books, contracts, positions, orders, account, decisions, halted } = run.state();
  if (refused) console.log(JSON.stringify(refused));
  else if (asked.has(seq))
    console.log(
      JSON.stringify({
        seq,
        books: [...books].map(([ticker, { live, version, bids, asks }]) => [
          ticker,
          { live, version, bids: [...bids], asks: [...asks] },
        ]),
        contracts: [...contracts.keys()],
        positions: [...positions],
        orders: [...orders],
        account,
        decisions: [...decisions],
        halted,
      }),
    );
}

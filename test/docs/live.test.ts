import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { settingsSchema } from '../../src/config/settings.ts';

const page = readFileSync('docs/live.md', 'utf8');
const begun = parse(readFileSync('deploy/voltage.yaml', 'utf8')) as {
  readonly kalshi: object;
  readonly execution: { readonly live: object };
};
/** Settings in which every key that the page may name has a value. */
const settings: unknown = settingsSchema.parse({
  ...begun,
  kalshi: { ...begun.kalshi, keyId: 'id', privateKeyPath: 'key.pem' },
});
const valueAt = (path: string): unknown =>
  path
    .split('.')
    .reduce<unknown>((node, key) => (node as Readonly<Record<string, unknown>> | undefined)?.[key], settings);

describe('docs/live.md', () => {
  const named = [
    ...new Set([...page.matchAll(/`((?:kalshi|execution|risk)\.[\w.]+)/g)].map(([, path = '']) => path)),
  ];

  test.each(named)('names the setting %s, which there is', (path) => {
    expect(valueAt(path)).toBeDefined();
  });

  test('says of every limit that has no default what it means', () => {
    expect(named.length).toBeGreaterThan(10);
    for (const key of Object.keys(begun.execution.live))
      expect(page).toContain(`| \`execution.live.${key}\` |`);
  });

  test('has ten steps, in order', () => {
    expect([...page.matchAll(/^\*\*(\d+)\. /gm)].map(([, number]) => Number(number))).toEqual([
      1, 2, 3, 4, 5, 6, 7, 8, 9, 10,
    ]);
  });

  const [, runbook = ''] = page.split('## Runbook');
  const entries = runbook.split(/^### /m).slice(1);

  test.each(entries.map((entry) => [entry.split('\n', 1)[0] ?? '', entry]))(
    'the runbook says of “%s” what it means, what to look at, and how to come back',
    (_, entry) => {
      expect([...entry.matchAll(/^- \*\*(.+?):\*\* ./gm)].map(([, part]) => part)).toEqual([
        'Means',
        'Look at',
        'Come back',
      ]);
    },
  );

  test('the runbook has every way in which a lane stops', () => {
    const titles = entries.map((entry) => entry.split('\n', 1)[0]);
    expect(titles).toEqual([
      'Operator',
      'Day loss',
      'Drawdown from the peak',
      'Reconcile difference',
      'Model failure',
      'Feed failure',
      'Index against the spot venues',
      'Clock skew',
      'Reject storm',
      'Order rate',
      'Loss of heartbeat',
      'Supervisor lost',
      'Orders of unknown state',
      'The journal cannot be written',
      'The journal is broken',
      'Order group triggered',
      'The doctor refuses at the start',
    ]);
  });
});

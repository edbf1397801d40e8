import { describe, expect, test } from '@jest/globals';
import type { AuditEvent } from '../../../src/domain/events/audit.ts';
import type { OrderGroupChanged } from '../../../src/domain/events/venue-account.ts';
import { count, priceTicks } from '../../../src/domain/money.ts';
import { MINUTE, type Micros } from '../../../src/domain/time.ts';
import { type OrderGroups, orderGroups } from '../../../src/execution/kalshi/order-groups.ts';
import { kalshiDecoder } from '../../../src/venues/kalshi/codec.ts';
import { BTC } from '../../support/assets.ts';
import { bodyOf, emulatedExchange, statusOf, terms } from './emulated-exchange.ts';

const LIMIT = count(5_000);

type Row = Readonly<Record<string, unknown>>;

/** The exchange, with groups kept at it. `restart` opens the keeper anew, as after a crash. */
function kept(settings: Parameters<typeof emulatedExchange>[0] = {}) {
  const exchange = emulatedExchange(settings);
  const { call, run, clock, entry, rest, ticker, connect } = exchange;
  const closeAt = (Date.parse(
    String((call('GET', `/markets/${ticker}`).json['market'] as Row | undefined)?.['close_time']),
  ) * 1_000) as Micros;
  const client = connect('kalshi', true);
  client.send({ id: 1, cmd: 'subscribe', params: { channels: ['order_group_updates'] } });
  const decode = kalshiDecoder({ useYesPrice: false, assets: [BTC] });
  let read = 0;
  let halted = true;
  let stays: ReadonlySet<string> = new Set();
  const triggered: string[] = [];
  const open = (): OrderGroups =>
    orderGroups(
      { entry, rest, clock, stamp: () => clock.at, halted: () => halted, stays: (id) => stays.has(id) },
      { limit: LIMIT, reachMicros: 65 * MINUTE },
    );
  const started = (): OrderGroups => {
    const made = open();
    made.triggered$.subscribe((id) => triggered.push(id));
    return made;
  };
  let groups = started();
  const contract = (state: 'active' | 'closed' = 'active'): AuditEvent =>
    ({
      kind: 'contract',
      at: clock.at,
      receivedAt: clock.at,
      contract: { ticker, closeAt, exchangeIndex: 2 },
      state,
    }) as unknown as AuditEvent;
  const list = (): readonly Row[] =>
    call('GET', '/portfolio/order_groups?exchange_index=2').json['order_groups'] as readonly Row[];
  return {
    ...exchange,
    closeAt,
    contract,
    list,
    groups: () => groups,
    triggered,
    trades: (): void => {
      halted = false;
    },
    /** What an earlier run wrote down comes back with the next. */
    restart: (written: readonly string[] = []): void => {
      groups.close();
      stays = new Set(written);
      groups = started();
      groups.heard(contract());
    },
    /** Passes on what the channel of groups said. */
    listen: (): readonly AuditEvent[] => {
      const events = client.texts
        .slice(read)
        .flatMap((text) => decode(text, clock.at)) as readonly AuditEvent[];
      read = client.texts.length;
      for (const event of events) groups.heard(event);
      return events;
    },
    ready: (): string => {
      const found = groups.groupOf(ticker);
      if (found.kind !== 'ready') throw new Error(found.why);
      run(0.02);
      return found.groupId;
    },
  };
}

/** With one group that is ready. */
function running(settings: Parameters<typeof emulatedExchange>[0] = {}) {
  const exchange = kept(settings);
  exchange.groups().heard(exchange.contract());
  exchange.run(2);
  exchange.listen();
  return exchange;
}

describe('orderGroups at the emulated exchange', () => {
  test('a contract within reach gets a group on its shard, and orders join it', () => {
    const { groups, ready, list, entry, order, all, resting, ticker } = running();
    const groupId = ready();
    expect(list()).toEqual([
      { id: groupId, contracts_limit_fp: '50.00', exchange_index: 2, is_auto_cancel_enabled: true },
    ]);
    const made = entry.create({ order: order(), terms: terms({ groupId }) });
    if (typeof made === 'string') throw new Error(made);
    expect(statusOf(all(made.send())[0])).toBe(201);
    expect(resting()).toMatchObject([{ order_group_id: groupId }]);
    expect(groups().all()).toEqual([{ groupId, exchangeIndex: 2 }]);
    expect(groups().groupOf('T')).toEqual({ kind: 'none', why: 'the close of T is not known' });
    groups().heard({
      kind: 'contract',
      state: 'closed',
      contract: { ticker, closeAt: 0, exchangeIndex: 2 },
    } as never);
    expect(groups().groupOf(ticker).kind).toBe('none');
  });

  test('a group that the venue triggers takes its orders away and stops its close until the operator resets it', () => {
    const { groups, ready, list, entry, order, all, resting, listen, run, ticker } = running();
    const groupId = ready();
    const made = entry.create({ order: order(), terms: terms({ groupId }) });
    if (typeof made === 'string') throw new Error(made);
    all(made.send());
    all(entry.triggerGroup({ groupId, exchangeIndex: 2 }));
    run(0.1);
    expect(resting()).toEqual([]);
    const changes = listen().filter((event): event is OrderGroupChanged => event.kind === 'orderGroup');
    expect(changes.map(({ change }) => change)).toEqual(['triggered']);
    expect(groups().groupOf(ticker)).toMatchObject({ kind: 'triggered' });
    const refused = entry.create({ order: order(), terms: terms({ groupId }) });
    if (typeof refused === 'string') throw new Error(refused);
    expect(bodyOf(all(refused.send())[0])).toMatchObject({ error: { code: 'order_group_triggered' } });
    groups().reset();
    run(1);
    expect(list()).toMatchObject([{ id: groupId, is_auto_cancel_enabled: true }]);
    expect(ready()).toBe(groupId);
  });

  test.each(['hit', 'exceeded'] as const)(
    'a limit that is %s triggers by matches, and we hear of it',
    (when) => {
      const { groups, ready, entry, order, all, listen, run, ticker } = running({ orderGroupTrigger: when });
      const groupId = ready();
      all(entry.limitGroup({ groupId, exchangeIndex: 2 }, count(100)));
      const taken = (): void => {
        const made = entry.create({
          order: order({ limitTicks: priceTicks(9_900), count: count(100), timeInForce: 'ioc' }),
          terms: terms({ groupId }),
        });
        if (typeof made === 'string') throw new Error(made);
        expect(bodyOf(all(made.send())[0])['fill_count']).toBe('1.00');
      };
      taken();
      if (when === 'exceeded') {
        listen();
        expect(groups().groupOf(ticker).kind).toBe('ready');
        taken();
      }
      run(0.1);
      listen();
      expect(groups().groupOf(ticker).kind).toBe('triggered');
    },
  );

  test('a trigger whose frame is lost is found in the list, once a hole or a reconnect says that one may be missing', () => {
    for (const cause of ['sequence', 'disconnect'] as const) {
      const { groups, ready, entry, all, run, ticker } = running();
      all(entry.triggerGroup({ groupId: ready(), exchangeIndex: 2 }));
      run(2);
      expect(groups().groupOf(ticker).kind).toBe('ready');
      groups().heard({
        kind: 'gap',
        venue: 'kalshi',
        cause,
        scope: 'sid 4',
        detail: '',
        at: 0,
        receivedAt: 0,
      });
      run(2);
      expect(groups().groupOf(ticker).kind).toBe('triggered');
    }
  });

  test('an order that is refused because of its group stops the close without any frame', () => {
    const { groups, ready, ticker } = running();
    groups().refused(ready());
    expect(groups().groupOf(ticker).kind).toBe('triggered');
  });

  test('after a restart the group is used again, and one that was triggered stays so', () => {
    const { groups, ready, entry, order, all, run, restart, list, ticker } = running();
    const groupId = ready();
    restart();
    run(2);
    expect(ready()).toBe(groupId);
    const made = entry.create({ order: order(), terms: terms({ groupId }) });
    if (typeof made === 'string') throw new Error(made);
    all(made.send());
    all(entry.triggerGroup({ groupId, exchangeIndex: 2 }));
    restart();
    run(2);
    expect(groups().groupOf(ticker).kind).toBe('triggered');
    expect(list()).toHaveLength(1);
  });

  test('what the venue triggers while nobody halted is told once, and only then a restart leaves it triggered until the operator resets it', () => {
    for (const written of [true, false]) {
      const { groups, ready, entry, order, all, run, listen, restart, ticker, triggered, trades } = running();
      trades();
      const groupId = ready();
      const made = entry.create({ order: order(), terms: terms({ groupId }) });
      if (typeof made === 'string') throw new Error(made);
      all(made.send());
      all(entry.triggerGroup({ groupId, exchangeIndex: 2 }));
      run(0.1);
      listen();
      groups().refused(groupId);
      expect(triggered).toEqual([groupId]);
      // A crash before the row was written, or the end of a lane, which triggers its groups too.
      restart(written ? triggered : []);
      run(2);
      expect(groups().groupOf(ticker).kind).toBe(written ? 'triggered' : 'ready');
      groups().reset();
      run(2);
      expect(groups().groupOf(ticker).kind).toBe('ready');
      expect(triggered).toEqual([groupId]);
    }
  });

  test('what is triggered while the account is halted was triggered by us', () => {
    const { groups, ready, triggered } = running();
    groups().refused(ready());
    expect(triggered).toEqual([]);
  });

  test('a creation whose answer is lost makes one group, not two', () => {
    const { groups, contract, fault, run, list, ready } = kept();
    fault('timeoutAfterAccept@0+60s=1:kalshi/groups');
    groups().heard(contract());
    run(20);
    expect(list()).toHaveLength(1);
    expect(ready()).toBe(list()[0]?.['id']);
  });

  test('while the venue answers nothing, no order has a group; afterwards it has', () => {
    const { groups, contract, fault, run, list, ticker } = kept();
    fault('serverError@0+8s:kalshi');
    groups().heard(contract());
    run(7);
    expect(groups().groupOf(ticker).kind).toBe('none');
    run(20);
    expect([groups().groupOf(ticker).kind, list().length]).toEqual(['ready', 1]);
  });

  test('a group is deleted after its close', () => {
    const { run, list, closeAt, clock, contract, groups } = running();
    run((closeAt - clock.at) / 1e6 + 30);
    groups().heard(contract('closed'));
    expect(list()).toHaveLength(1);
    run(40);
    expect(list()).toEqual([]);
  });
});

import type { OrderGroupChanged } from '../../domain/events/venue-account.ts';
import type { Count } from '../../domain/money.ts';
import { MINUTE, type Micros, SECOND } from '../../domain/time.ts';

/** A close on a shard: all contracts there that end at that time. Its orders share one group. */
export interface Close {
  readonly closeAt: Micros;
  readonly exchangeIndex: number;
}

/** What a group is for: a close, nothing yet, or one that is not known yet because its contract is not. */
export type GroupHome =
  | { readonly kind: 'close'; readonly closeAt: Micros }
  | { readonly kind: 'free' }
  | { readonly kind: 'unresolved'; readonly since: Micros };

/** A group of orders at the venue. */
export interface HeldGroup {
  readonly id: string;
  readonly exchangeIndex: number;
  readonly home: GroupHome;
  readonly triggered: boolean;
  /** A change that was asked for and not answered. */
  readonly asked: 'delete' | 'reset' | undefined;
  /** The operator wants it reset. */
  readonly resetWanted: boolean;
  /** When the operator's reset was done. A list that lags still shows the trigger of before. */
  readonly resetAt: Micros;
  /** Nothing is asked of it before. */
  readonly notBefore: Micros;
  readonly knownSince: Micros;
}

/** How far the list of a shard's groups has been read. */
interface Shard {
  readonly listed: 'no' | 'asked' | 'yes';
  readonly notBefore: Micros;
}

/** Groups, and the closes that need one. */
export interface GroupsState {
  readonly closes: readonly Close[];
  readonly shards: ReadonlyMap<number, Shard>;
  readonly groups: ReadonlyMap<string, HeldGroup>;
  readonly creating: Close | undefined;
  readonly createNotBefore: Micros;
}

/** What the plan hears. `now` is by the clock of the lane. */
export type GroupsInput =
  | { readonly kind: 'tick' }
  /** Contracts of that close exist. */
  | { readonly kind: 'close'; readonly close: Close }
  /** All groups of a shard, as the venue lists them. */
  | {
      readonly kind: 'listed';
      readonly exchangeIndex: number;
      /** The account is not halted, so what an earlier run's end triggered is reset when it is taken over. */
      readonly resets: boolean;
      readonly groups: readonly {
        readonly id: string;
        readonly limit: Count | undefined;
        readonly triggered: boolean;
        /** The venue triggered it by itself before: only the operator's reset ends that. */
        readonly stays: boolean;
        /** Unresolved where orders of it are of a contract that is not known. */
        readonly home: GroupHome;
      }[];
    }
  | { readonly kind: 'notListed'; readonly exchangeIndex: number }
  | { readonly kind: 'created'; readonly close: Close; readonly id: string }
  /** `certain`: the venue has made none. */
  | { readonly kind: 'notCreated'; readonly close: Close; readonly certain: boolean }
  | { readonly kind: 'done'; readonly id: string }
  | { readonly kind: 'notDone'; readonly id: string }
  /** The venue does not have it. */
  | { readonly kind: 'gone'; readonly id: string }
  /** The contract of an unresolved group has become known. */
  | { readonly kind: 'resolved'; readonly id: string; readonly close: Close }
  | { readonly kind: 'changed'; readonly id: string; readonly change: OrderGroupChanged['change'] }
  /** Changes of groups may have been missed. */
  | { readonly kind: 'doubt' }
  /** The operator lets the triggered groups be used again. */
  | { readonly kind: 'reset' };

/** What is to be asked of the venue. */
export type GroupsCall =
  | { readonly kind: 'list'; readonly exchangeIndex: number }
  | { readonly kind: 'create'; readonly close: Close }
  | { readonly kind: 'delete' | 'reset'; readonly id: string; readonly exchangeIndex: number };

/** How groups are kept. */
export interface GroupsOptions {
  /** Contracts that may match within 15 seconds, of every group. */
  readonly limit: Count;
  /** A close within this time gets its group. */
  readonly reachMicros: Micros;
}

/** Nothing is known yet. */
export const NO_GROUPS: GroupsState = {
  closes: [],
  shards: new Map(),
  groups: new Map(),
  creating: undefined,
  createNotBefore: Number.NEGATIVE_INFINITY,
};

/** A group outlives its close by this: the venue sweeps what rests shortly after it. */
const AFTER_CLOSE = MINUTE;
const AGAIN = 5 * SECOND;
/** Lists lag: a group that was made within this may be missing from one. */
const LAG = 30 * SECOND;
/** By then every contract in reach is known, so a group of an unknown one is of a close that is over. */
const RESOLVED_WITHIN = 10 * MINUTE;

const same = (a: Close, b: Close): boolean => a.closeAt === b.closeAt && a.exchangeIndex === b.exchangeIndex;

const isOf = ({ home, exchangeIndex }: HeldGroup, close: Close): boolean =>
  home.kind === 'close' && home.closeAt === close.closeAt && exchangeIndex === close.exchangeIndex;

/** The groups of a close. One of them that is triggered stops its orders. */
export const groupsOf = ({ groups }: GroupsState, close: Close): readonly HeldGroup[] =>
  [...groups.values()].filter((group) => isOf(group, close));

/**
 * The state after an input, and what to ask of the venue. Groups that the venue lists already are taken over
 * where their limit is ours; one whose creation was not answered is found in the list. A triggered group
 * stays triggered until the operator has it reset: neither a list that lags nor its deletion says otherwise.
 * One that was triggered before it was taken over is reset if the account is not halted: every end of a lane
 * triggers its groups, a crash as well. One that the venue triggered by itself stays so. A triggered group that no order was in protects nothing and is
 * deleted.
 */
export function planGroups(
  state: GroupsState,
  input: GroupsInput,
  now: Micros,
  options: GroupsOptions,
): { readonly state: GroupsState; readonly calls: readonly GroupsCall[] } {
  return planned(heard(state, input, now, options), now, options);
}

function heard(state: GroupsState, input: GroupsInput, now: Micros, { limit }: GroupsOptions): GroupsState {
  const { groups, shards } = state;
  const put = (id: string, change: Partial<HeldGroup>): GroupsState => {
    const group = groups.get(id);
    return group ? { ...state, groups: new Map(groups).set(id, { ...group, ...change }) } : state;
  };
  const without = (id: string): GroupsState => {
    const rest = new Map(groups);
    rest.delete(id);
    return { ...state, groups: rest };
  };
  const listing = (exchangeIndex: number, listed: Shard['listed'], notBefore: Micros): typeof shards =>
    new Map(shards).set(exchangeIndex, { listed, notBefore });
  const made = (
    id: string,
    exchangeIndex: number,
    home: GroupHome,
    triggered: boolean,
    resetWanted = false,
  ): HeldGroup => ({
    id,
    exchangeIndex,
    home,
    triggered,
    asked: undefined,
    resetWanted,
    resetAt: Number.NEGATIVE_INFINITY,
    notBefore: now,
    knownSince: now,
  });
  switch (input.kind) {
    case 'tick':
      return state;
    case 'close': {
      const { close } = input;
      if (state.closes.some((known) => same(known, close))) return state;
      const shard = shards.get(close.exchangeIndex) ?? { listed: 'no' as const, notBefore: now };
      return {
        ...state,
        closes: [...state.closes, close],
        shards: new Map(shards).set(close.exchangeIndex, shard),
      };
    }
    case 'listed': {
      const { exchangeIndex } = input;
      const next = new Map(groups);
      const listed = new Set(input.groups.map(({ id }) => id));
      for (const [id, group] of groups)
        if (
          group.exchangeIndex === exchangeIndex &&
          !listed.has(id) &&
          !group.triggered &&
          now - group.knownSince > LAG
        )
          next.delete(id);
      for (const { id, triggered, home, ...row } of input.groups) {
        const known = groups.get(id);
        if (known)
          next.set(id, {
            ...known,
            triggered: known.triggered || (triggered && now - known.resetAt > LAG),
          });
        else if (row.limit === limit)
          next.set(id, made(id, exchangeIndex, home, triggered, triggered && input.resets && !row.stays));
      }
      return { ...state, groups: next, shards: listing(exchangeIndex, 'yes', now) };
    }
    case 'notListed':
      return { ...state, shards: listing(input.exchangeIndex, 'no', now + AGAIN) };
    case 'created': {
      const { id, close } = input;
      const home: GroupHome = { kind: 'close', closeAt: close.closeAt };
      const group = groups.get(id);
      return {
        ...state,
        creating: undefined,
        groups: new Map(groups).set(
          id,
          group ? { ...group, home } : made(id, close.exchangeIndex, home, false),
        ),
      };
    }
    case 'notCreated':
      return {
        ...state,
        creating: undefined,
        createNotBefore: now + AGAIN,
        // It may exist after all; then the list has it, once reads have caught up.
        ...(!input.certain && { shards: listing(input.close.exchangeIndex, 'no', now + AGAIN) }),
      };
    case 'done':
      return groups.get(input.id)?.asked === 'reset'
        ? put(input.id, { triggered: false, asked: undefined, resetWanted: false, resetAt: now })
        : without(input.id);
    case 'gone':
      return without(input.id);
    case 'notDone':
      return put(input.id, { asked: undefined, notBefore: now + AGAIN });
    case 'resolved':
      return put(input.id, { home: { kind: 'close', closeAt: input.close.closeAt } });
    case 'changed':
      switch (input.change) {
        case 'triggered':
          return groups.has(input.id) ? put(input.id, { triggered: true }) : doubted(state);
        case 'deleted':
          return groups.get(input.id)?.triggered ? state : without(input.id);
        // Late or twice, it must not undo a trigger that came after it: only the operator's own reset counts.
        case 'reset':
        case 'created':
        case 'limit_updated':
          return state;
      }
      return state;
    case 'doubt':
      return doubted(state);
    case 'reset':
      return {
        ...state,
        groups: new Map(
          [...groups].map(([id, group]) => [
            id,
            { ...group, resetWanted: group.triggered && group.asked === undefined },
          ]),
        ),
      };
  }
}

/** Every shard is listed again; one whose list is under way is, too. */
const doubted = (state: GroupsState): GroupsState => ({
  ...state,
  shards: new Map([...state.shards].map(([index, shard]) => [index, { ...shard, listed: 'no' as const }])),
});

function planned(
  state: GroupsState,
  now: Micros,
  { reachMicros }: GroupsOptions,
): { readonly state: GroupsState; readonly calls: readonly GroupsCall[] } {
  const calls: GroupsCall[] = [];
  const shards = new Map(state.shards);
  const groups = new Map(state.groups);
  let { creating } = state;

  for (const [exchangeIndex, shard] of shards)
    if (shard.listed === 'no' && now >= shard.notBefore) {
      calls.push({ kind: 'list', exchangeIndex });
      shards.set(exchangeIndex, { ...shard, listed: 'asked' });
    }
  const closes = state.closes.filter(({ closeAt }) => now < closeAt + AFTER_CLOSE);
  for (const close of closes) {
    if (shards.get(close.exchangeIndex)?.listed !== 'yes') continue;
    if (now >= close.closeAt || now < close.closeAt - reachMicros) continue;
    if ([...groups.values()].some((group) => isOf(group, close))) continue;
    const free = [...groups.values()].find(
      ({ home, triggered, asked, exchangeIndex }) =>
        home.kind === 'free' && !triggered && asked === undefined && exchangeIndex === close.exchangeIndex,
    );
    if (free) groups.set(free.id, { ...free, home: { kind: 'close', closeAt: close.closeAt } });
    else if (creating === undefined && now >= state.createNotBefore) {
      creating = close;
      calls.push({ kind: 'create', close });
    }
  }
  for (const group of groups.values()) {
    const { id, exchangeIndex, asked, notBefore } = group;
    if (asked !== undefined || now < notBefore) continue;
    const kind = isOver(group, now) ? 'delete' : group.resetWanted && group.triggered ? 'reset' : undefined;
    if (kind === undefined) continue;
    calls.push({ kind, id, exchangeIndex });
    groups.set(id, { ...group, asked: kind });
  }
  return { state: { ...state, closes, shards, groups, creating }, calls };
}

function isOver({ home, triggered }: HeldGroup, now: Micros): boolean {
  switch (home.kind) {
    case 'close':
      return now >= home.closeAt + AFTER_CLOSE;
    case 'free':
      return triggered;
    case 'unresolved':
      return now >= home.since + RESOLVED_WITHIN;
  }
}

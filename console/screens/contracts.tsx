import { useRef, useState } from 'preact/hooks';
import type { ConsoleState, ContractView } from '../../src/console/state.ts';
import { closedShown, closedTitle } from '../words/closed-words.ts';
import { clock, countdown } from '../words/format.ts';
import { groupContracts, type ListedBefore } from '../words/group-contracts.ts';
import { ContractRow } from './contract-row.tsx';

interface Props {
  readonly state: ConsoleState;
  readonly open: string | undefined;
  readonly onOpen: (ticker: string) => void;
}

const NEAR = 6;
/** The picture gives its room to what is open beside. */
const PICTURE = 'book and fair';
const COLUMNS = [
  'contract',
  'bid ¢',
  'ask ¢',
  'fair ¢',
  'book and fair',
  'edge ¢',
  'held',
  'decision',
  'why',
];

/** All open contracts by close, as a table that arrows walk through and Enter opens. */
export function Contracts({ state, open, onOpen }: Props) {
  const [all, setAll] = useState(false);
  const [focused, setFocused] = useState<string>();
  const body = useRef<HTMLTableElement>(null);
  const kept = useRef<ListedBefore | undefined>(undefined);
  const [isFolded, setFolded] = useState(true);
  const { open: groups, closed } = groupContracts(
    state.maps.contracts,
    state.maps.assets,
    state.at,
    all ? Number.POSITIVE_INFINITY : NEAR,
    kept.current,
  );
  const columns = COLUMNS.filter((name) => open === undefined || name !== PICTURE);
  const hidden = groups.reduce((sum, group) => sum + group.hidden, 0);
  const closedRows = closedShown(closed, isFolded);
  const tickersOf = (rows: readonly ContractView[]): readonly string[] => rows.map(({ ticker }) => ticker);
  const near = tickersOf(groups.flatMap((group) => group.near));
  const openOnes = tickersOf(groups.flatMap((group) => [...group.near, ...group.far]));
  const listed = [...openOnes, ...tickersOf(closedRows)];
  kept.current = all ? undefined : { near: new Set(near), listed: new Set(listed) };
  const reached = focused !== undefined && listed.includes(focused) ? focused : listed[0];

  const onKeyDown = (event: KeyboardEvent): void => {
    const row = (event.target as HTMLElement).closest<HTMLElement>('tr.contract');
    if (!row) return;
    if (event.key === 'Enter' || event.key === ' ') {
      event.preventDefault();
      onOpen(row.dataset['ticker'] ?? '');
      return;
    }
    const rows = [...(body.current?.querySelectorAll<HTMLElement>('tr.contract') ?? [])];
    const at = rows.indexOf(row);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: rows.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    rows[to]?.focus();
  };
  const rowOf = (contract: ContractView) => (
    <ContractRow
      key={contract.ticker}
      contract={contract}
      chosen={contract.ticker === open}
      pictured={open === undefined}
      reachable={contract.ticker === reached}
      at={state.at}
      onOpen={onOpen}
    />
  );
  return (
    <section class="contracts panel" aria-label="Contracts">
      <header class="head">
        <h2>Contracts</h2>
        <p class="soft">Arrows move, Enter opens a contract with all that led to its decision.</p>
        <button type="button" class="quiet" aria-pressed={all} onClick={() => setAll(!all)}>
          {all ? 'near the money only' : `show all${hidden > 0 ? `, ${hidden} more` : ''}`}
        </button>
      </header>
      <table
        // biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: rows take the focus, as in ARIA's pattern of a grid.
        role="grid"
        aria-label="Contracts"
        ref={body}
        onKeyDown={onKeyDown}
        onFocusIn={(event) =>
          setFocused((event.target as HTMLElement).closest<HTMLElement>('tr.contract')?.dataset['ticker'])
        }
      >
        <colgroup>
          {columns.map((name) => (
            <col key={name} class={`col-${name.split(' ')[0]}`} />
          ))}
        </colgroup>
        <thead>
          <tr>
            {columns.map((name) => (
              <th key={name} scope="col" class={/¢|held/.test(name) ? 'number' : ''}>
                {name}
              </th>
            ))}
          </tr>
        </thead>
        {groups.map(({ key, series, closeAt, near: rows, far }) => (
          <tbody key={key}>
            <tr class="group">
              <th scope="rowgroup" colSpan={columns.length}>
                <b>{series}</b> closes {clock(closeAt)} UTC, in <b>{countdown(closeAt - state.at)}</b>
              </th>
            </tr>
            {rows.map(rowOf)}
            {far.length > 0 ? (
              <tr class="group further">
                <th scope="rowgroup" colSpan={columns.length}>
                  further from the money
                </th>
              </tr>
            ) : null}
            {far.map(rowOf)}
          </tbody>
        ))}
        {closed.length > 0 ? (
          <tbody class="closed">
            <tr class="group">
              <th scope="rowgroup" colSpan={columns.length}>
                <button
                  type="button"
                  class="quiet fold"
                  aria-expanded={!isFolded}
                  onClick={() => setFolded(!isFolded)}
                >
                  {isFolded ? 'show' : 'hide'}
                </button>
                <b>Closed</b> {closedTitle(closed)}
              </th>
            </tr>
            {closedRows.map(rowOf)}
          </tbody>
        ) : null}
      </table>
      {groups.length === 0 ? (
        <p class="empty">No contract is open. The next ones come by themselves.</p>
      ) : null}
    </section>
  );
}

import { useWide } from '../store/use-wide.ts';
import { groupContracts } from '../words/group-contracts.ts';
import { Assets } from './assets.tsx';
import { ContractPanel } from './contract-panel.tsx';
import { Contracts } from './contracts.tsx';
import { Hero } from './hero.tsx';
import { Limits } from './limits.tsx';
import { Rail } from './rail.tsx';
import type { ScreenProps } from './screen-of.tsx';

/** Width from which charts stand beside the contracts. */
const RAIL_PIXELS = 1_700;

/** The first screen: safe or not, in or out, and why. */
export function Now({ state, link, route, onOpen, onLower }: ScreenProps) {
  const { contracts, assets } = state.maps;
  const next = groupContracts(contracts, assets, state.at, Number.POSITIVE_INFINITY).open[0];
  const close = (): void => {
    const ticker = route.open;
    onOpen();
    for (const row of document.querySelectorAll<HTMLElement>('tr.contract'))
      if (row.dataset['ticker'] === ticker) row.focus();
  };
  const wide = useWide(RAIL_PIXELS);
  const beside =
    route.open !== undefined ? (
      <ContractPanel state={state} ticker={route.open} onClose={close} />
    ) : wide ? (
      <Rail state={state} />
    ) : null;
  return (
    <div class="now">
      <h1 class="unseen">Now</h1>
      <Hero state={state} link={link} next={next} />
      <Limits limits={state.values.limits} onLower={onLower} />
      <Assets assets={assets} at={state.at} />
      <div class={`split ${beside ? 'opened' : ''}`}>
        <Contracts state={state} open={route.open} onOpen={onOpen} />
        {beside}
      </div>
    </div>
  );
}

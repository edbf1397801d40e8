import type { Settings } from '../../src/config/settings.ts';
import type { Asset } from '../../src/domain/asset.ts';
import type { Frame, SessionFrame, WireFrame } from '../../src/domain/frame.ts';
import { type Micros, SECOND } from '../../src/domain/time.ts';
import { BTC, ETH } from '../support/assets.ts';
import { random } from '../support/random.ts';
import { emulatedSession, settingsOf } from './market.ts';

/** Assets of the session. */
export type Name = 'BTC' | 'ETH';
export const NAMES: readonly Name[] = ['BTC', 'ETH'];

/** Something done to one asset's frames, and to no other. */
export type Disturbance =
  | { readonly kind: 'leftOut'; readonly share: number; readonly seed: number }
  | { readonly kind: 'delayed'; readonly micros: Micros }
  | { readonly kind: 'shuffled'; readonly within: number; readonly seed: number }
  | { readonly kind: 'otherPrices' };

const ofVenue = ({ text }: WireFrame): boolean =>
  text.startsWith('{"channel":"heartbeat"') || text.startsWith('{"channel":"status"');

/** The sids of one asset's channels, apart from another's: a hole in the one's sequence is none in the other's. */
const onOwnSids = (frames: readonly WireFrame[], tens: number): readonly WireFrame[] =>
  frames.map((frame) => ({ ...frame, text: frame.text.replace(/"sid":(\d+)/, `"sid":${tens}$1`) }));

function shuffled<T>(items: readonly T[], within: number, seed: number): readonly T[] {
  const { uniform } = random(seed);
  const keyed = items.map((item, i) => ({ item, key: i + uniform() * within }));
  return keyed.sort((a, b) => a.key - b.key).map(({ item }) => item);
}

/** Frames with something done to them. Their times still never go back. */
function disturbed(
  frames: readonly WireFrame[],
  other: readonly WireFrame[],
  how: Disturbance,
): readonly WireFrame[] {
  switch (how.kind) {
    case 'leftOut': {
      const { uniform } = random(how.seed);
      return frames.filter(() => uniform() >= how.share);
    }
    case 'delayed':
      return frames.map((frame) => ({ ...frame, at: frame.at + how.micros }));
    case 'shuffled': {
      const texts = shuffled(frames, how.within, how.seed);
      return frames.map(({ at }, i) => ({ ...(texts[i] as WireFrame), at }));
    }
    case 'otherPrices':
      return other;
  }
}

/** A session of Bitcoin and Ether in which what each asset's market says can be had apart. */
export function twoAssetSession(emulator: Record<string, unknown>): {
  readonly settings: Settings;
  /** The session's frames in order, with something done to one asset's. They end at one time whatever was done. */
  readonly frames: (what?: { readonly to: Name; readonly how: Disturbance }) => readonly Frame[];
} {
  const settings = { ...settingsOf(emulator), assets: [BTC, ETH] };
  const sessionOf = (asset: Asset, seed: string) =>
    emulatedSession({ ...settings, assets: [asset], emulator: { ...settings.emulator, seed } });
  const own = { BTC: sessionOf(BTC, 'one'), ETH: sessionOf(ETH, 'two') };
  const other = { BTC: sessionOf(BTC, 'three'), ETH: sessionOf(ETH, 'four') };
  const venueWide = own.BTC.wire.filter(ofVenue);
  const marketOf = (name: Name, from: typeof own): readonly WireFrame[] =>
    onOwnSids(
      from[name].wire.filter((frame) => !ofVenue(frame)),
      NAMES.indexOf(name) + 1,
    );
  const markets = {
    BTC: { own: marketOf('BTC', own), other: marketOf('BTC', other) },
    ETH: { own: marketOf('ETH', own), other: marketOf('ETH', other) },
  };
  const session: SessionFrame = {
    ...own.BTC.session,
    history: NAMES.flatMap((name) => own[name].session.history),
  };
  const endAt = Math.max(...NAMES.flatMap((name) => own[name].wire.at(-1)?.at ?? 0)) + 60 * SECOND;
  return {
    settings,
    frames: (what) => {
      const all = NAMES.flatMap((name) =>
        what?.to === name ? disturbed(markets[name].own, markets[name].other, what.how) : markets[name].own,
      );
      return [session, ...[...venueWide, ...all].sort((a, b) => a.at - b.at), { kind: 'tick', at: endAt }];
    },
  };
}

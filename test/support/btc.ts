import { assetsSetting } from '../../src/config/assets.ts';
import type { Asset } from '../../src/domain/asset.ts';

/** The asset that is followed where the configuration names none. */
export const BTC = assetsSetting.parse(undefined)[0] as Asset;

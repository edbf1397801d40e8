import { type EmulatedAsset, emulatedAssets } from '../../src/emulator/emulated-asset.ts';
import { emulatorSettings } from '../../src/emulator/settings.ts';
import { BTC, DOGE, ETH } from '../support/assets.ts';

/** Three assets as the emulator's defaults have them. */
export const [emulatedBtc, emulatedEth, emulatedDoge] = emulatedAssets(emulatorSettings.parse({}), [
  BTC,
  ETH,
  DOGE,
]) as readonly [EmulatedAsset, EmulatedAsset, EmulatedAsset];

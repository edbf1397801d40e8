import type { PricingSettings } from './settings.ts';

// Probabilities are kept at least this far from 0 and 1 (a tenth of the finest tick), since a certain one
// would override the other.
const CLOSEST = 1e-5;

const logit = (p: number): number => Math.log(p / (1 - p));
const held = (p: number): number => Math.min(1 - CLOSEST, Math.max(CLOSEST, p));

/**
 * Moves the model's probability toward the market's: logit p = a + b·logit(market) + c·logit(model).
 * `modelSlope` is dp/d(model). `weightSlope` is the change of p as weight moves from the market to the model.
 * NaN in either probability gives NaN.
 */
export function blend(
  model: number,
  market: number,
  settings: PricingSettings['edge']['blend'],
): { readonly probability: number; readonly modelSlope: number; readonly weightSlope: number } {
  const { intercept, marketWeight, modelWeight } = settings;
  const opinion = held(model);
  const modelLogit = logit(opinion);
  const marketLogit = logit(held(market));
  const probability = 1 / (1 + Math.exp(-intercept - marketWeight * marketLogit - modelWeight * modelLogit));
  const spread = probability * (1 - probability);
  return {
    probability,
    modelSlope: (modelWeight * spread) / (opinion * (1 - opinion)),
    weightSlope: spread * (modelLogit - marketLogit),
  };
}

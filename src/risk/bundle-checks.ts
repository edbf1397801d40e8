import { edge } from './checks/edge.ts';
import { fairCollar } from './checks/fair-collar.ts';
import { standardChecks } from './checks.ts';
import type { Check } from './context.ts';

/**
 * The checks of one leg of a bundle: those of a taker, without what asks whether this contract alone is worth its
 * price. A bundle is judged as a set (`bundleFindings`).
 */
export const bundleLegChecks: readonly Check[] = standardChecks.filter(
  (check) => check !== edge && check !== fairCollar,
);

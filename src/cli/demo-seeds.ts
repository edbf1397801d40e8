/**
 * Realised dollars of the demo's first hour by seed, after fees, of the contracts that settled within it: the default
 * seed first. Measured on 29 November 2026 with the demo's settings, as frames without sockets (`bench/demo-seeds.mjs`).
 */
export const DEMO_PROFITS: readonly number[] = [
  -3.06, -2.46, 2.72, -5.19, -8.49, -0.48, -1.92, 16.52, -2.15, -4.67, -1.75, 9.3, 0.44, 25.25, -9.5,
];

import type { Check } from '../context.ts';
import { atLeast } from '../finding.ts';

/**
 * Expected profit per contract of an order that rests, after fee and allowance, in dollars, is not below zero.
 * What it must earn beyond that is in its price already.
 */
export const quoteEdge: Check = ({ proposal }) => atLeast('quoteEdge', proposal.edgeDollars, -1e-9);

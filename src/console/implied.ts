import { type Asset, unitsPerDollar } from '../domain/asset.ts';
import type { ContractBookChanged, ContractChanged, IndexValue } from '../domain/events/market.ts';
import { type Known, known } from '../domain/known.ts';
import type { Micros } from '../domain/time.ts';
import { contractBoard } from '../features/tick/contract-board.ts';
import { impliedVolatility } from '../features/tick/implied-volatility.ts';

/** The volatility that the market itself quotes. */
export interface ImpliedVolatility {
  readonly terms: (event: ContractChanged) => void;
  readonly quote: (event: ContractBookChanged, asset: string) => void;
  /** Of the contract that closes next with its strike nearest the money, a year; null where it gives none. */
  readonly read: (asset: string, index: IndexValue | undefined, at: Micros) => Known;
}

/** Reads it as the `impliedVolatility` feature does, of the same contract. */
export function implied(assets: readonly Asset[]): ImpliedVolatility {
  const boards = new Map(
    assets.map((asset) => {
      const units = unitsPerDollar(asset);
      return [asset.name, { units, board: contractBoard(units) }];
    }),
  );
  return {
    terms: (event) => boards.get(event.contract.asset)?.board.terms(event),
    quote: (event, asset) => boards.get(asset)?.board.quote(event),
    read: (asset, index, at) => {
      const own = boards.get(asset);
      const near = own?.board.nearest(index, at);
      if (!own || !near || !index) return null;
      return known(
        impliedVolatility({
          probability: near.above ? near.mid : 1 - near.mid,
          thresholdUnits: near.thresholdUnits,
          indexUnits: index.value * own.units,
          indexVariance: index.variance,
          indexAt: index.at,
          closeAt: near.closeAt,
        }),
      );
    },
  };
}

"""LightGBM on the backbone's residual.

The target is the ratio of realised variance to the backbone's forecast; gamma deviance on it is QLIKE (Patton 2011) up to a constant, so the
raw score is a log correction that is added to the backbone's log forecast. Log variances enter less the backbone's hourly forecast and volumes
less the day's, so that the trees see shapes and not levels: levels of later years lie outside those of training.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import lightgbm as lgb
import numpy as np
from numpy.typing import NDArray

from origins import HORIZONS, Origins
from purge import DAY_MICROS, EMBARGO_MICROS

ANCHOR = "harx60"
_ANCHORED = ("rv", "pk", "gk", "bv", "net", "coarse", "range", "max", "abs", "high", "low", "days", "harx")
VOLUME_ANCHOR = "vol1440"

SEEDS = (1, 2)
ROUNDS = 60
"""At most, by what a forecast may take; early stopping may end sooner."""
QUANTILE_ROUNDS = 15
STOPPING_DAYS = 90
"""The last days before a fold's date on which early stopping looks; then all is fitted again with as many rounds."""
PATIENCE = 20
QUANTILE_RATE = 0.2
"""Fifteen steps of this are as good as thirty of half."""
QUANTILES = (0.1, 0.9)
PARAMETERS = {
    "learning_rate": 0.12,
    "num_leaves": 15,
    "min_data_in_leaf": 1000,
    "feature_fraction": 0.5,
    "bagging_fraction": 0.6,
    "bagging_freq": 1,
    "lambda_l2": 20.0,
    "max_bin": 255,
    "num_threads": 1,
    "deterministic": True,
    "force_col_wise": True,
    "verbose": -1,
}
"""Chosen on 2025-02-14 .. 2025-08-13 and 2025-08-14 .. 2026-02-13 by models trained before each; the number of trees by what a forecast may take."""
MOST_RATIO = 20.0
"""Ratios are held at this: one crash must not shape the trees."""
HALF_LIFE_DAYS = 540.0


@dataclass(frozen=True)
class Fitted:
    """Boosters by horizon: `mean[h]` one a seed, `quantiles[h]` one a quantile."""

    mean: tuple[tuple[lgb.Booster, ...], ...]
    quantiles: tuple[tuple[lgb.Booster, ...], ...]


def anchors(names: tuple[str, ...]) -> NDArray[np.int64]:
    """For each input the input that is subtracted from it, itself where none is."""
    where = {name: i for i, name in enumerate(names)}
    found = []
    for i, name in enumerate(names):
        stem = name.rstrip("0123456789")
        if stem in _ANCHORED and name != ANCHOR:
            found.append(where[ANCHOR])
        elif stem == "vol" and name != VOLUME_ANCHOR:
            found.append(where[VOLUME_ANCHOR])
        else:
            found.append(i)
    return np.array(found, dtype=np.int64)


def shapes(inputs: NDArray[np.float32], anchor: NDArray[np.int64]) -> NDArray[np.float32]:
    """Inputs less their anchors, in float32 as the exported graph does it."""
    own = np.arange(inputs.shape[1])
    return np.where(anchor == own, inputs, inputs - inputs[:, anchor]).astype(np.float32)


Loss = Callable[[NDArray[np.float64], NDArray[np.float64]], float]


def scaled_qlike(forecast: NDArray[np.float64], ratio: NDArray[np.float64]) -> float:
    """QLIKE by the best constant: what is left when the level, which is followed online, is right."""
    off = ratio / forecast
    return float(np.log(off.mean()) - np.log(off).mean())


def shifted_pinball(alpha: float) -> Loss:
    """Pinball loss of a quantile moved to where `alpha` of outcomes are below, as calibration will."""

    def loss(forecast: NDArray[np.float64], outcome: NDArray[np.float64]) -> float:
        off = outcome - forecast
        off = off - np.quantile(off, alpha)
        return float(np.maximum(alpha * off, (alpha - 1) * off).mean())

    return loss


def stop(parameters: dict[str, Any], loss: Loss, x: NDArray[np.float32], labels: NDArray[np.float64], weight: NDArray[np.float64], fitted: NDArray[np.bool_], judged: NDArray[np.bool_], most: int) -> int:
    """Rounds after which what is fitted on rows `fitted` is at its best on rows `judged`, `most` at most or where there is nothing to judge on."""
    if not (fitted.any() and judged.any()):
        return most
    train = lgb.Dataset(x[fitted], labels[fitted], weight=weight[fitted])
    valid = lgb.Dataset(x[judged], labels[judged], reference=train)
    said = lambda forecast, data: ("loss", loss(forecast, data.get_label().astype(np.float64)), False)  # noqa: E731
    booster = lgb.train(parameters | {"metric": "None"}, train, most, valid_sets=[valid], feval=said, callbacks=[lgb.early_stopping(PATIENCE, verbose=False)])
    return max(1, booster.best_iteration)


def fit_trees(origins: Origins, until: int) -> Fitted:
    """Fits all horizons on targets that had ended by `until` (microseconds)."""
    x = shapes(origins.inputs, anchors(origins.names))
    names = list(origins.names)
    mean, quantiles = [], []
    for h, minutes in enumerate(HORIZONS):
        rows = origins.complete(h, until) & np.isfinite(origins.harx[:, h])
        known, residual = x[rows], origins.target[rows, h] - origins.harx[rows, h]
        ratio = np.minimum(np.exp(residual), MOST_RATIO)
        weight = 0.5 ** ((until - origins.at[rows]) / DAY_MICROS / HALF_LIFE_DAYS)
        boundary = until - STOPPING_DAYS * DAY_MICROS
        fitted, judged = origins.complete(h, boundary)[rows], origins.at[rows] >= boundary + EMBARGO_MICROS

        gamma = PARAMETERS | {"objective": "gamma"}
        rounds = stop(gamma | {"seed": SEEDS[0]}, scaled_qlike, known, ratio, weight, fitted, judged, ROUNDS)
        data = lgb.Dataset(known, ratio, weight=weight, feature_name=names, free_raw_data=False)
        mean.append(tuple(lgb.train(gamma | {"seed": seed}, data, rounds) for seed in SEEDS))

        pair, ended = [], []
        data = lgb.Dataset(known, residual, weight=weight, feature_name=names, free_raw_data=False)
        for alpha in QUANTILES:
            pinball = PARAMETERS | {"objective": "quantile", "alpha": alpha, "seed": SEEDS[0], "learning_rate": QUANTILE_RATE}
            ended.append(stop(pinball, shifted_pinball(alpha), known, residual, weight, fitted, judged, QUANTILE_ROUNDS))
            pair.append(lgb.train(pinball, data, ended[-1]))
        quantiles.append(tuple(pair))
        print(f"{minutes:2d} min: {rounds} rounds, quantiles {ended}", flush=True)
    return Fitted(tuple(mean), tuple(quantiles))


def quantile_corrections(fitted: Fitted, origins: Origins, rows: NDArray[np.bool_], h: int) -> tuple[NDArray[np.float64], ...]:
    """[rows] log corrections of one horizon, one array a quantile."""
    x = shapes(origins.inputs[rows], anchors(origins.names))
    return tuple(booster.predict(x, raw_score=True) for booster in fitted.quantiles[h])


def corrections(fitted: Fitted, origins: Origins, rows: NDArray[np.bool_]) -> NDArray[np.float64]:
    """[rows, 4] log corrections: the mean of the seeds' raw scores."""
    x = shapes(origins.inputs[rows], anchors(origins.names))
    return np.column_stack([np.mean([b.predict(x, raw_score=True) for b in boosters], axis=0) for boosters in fitted.mean])

"""LightGBM on the backbone's residual.

The target is the ratio of realised variance to the backbone's forecast; gamma deviance on it is QLIKE (Patton 2011) up to a constant, so the
raw score is a log correction that is added to the backbone's log forecast. Log variances enter less the backbone's hourly forecast and volumes
less the day's, so that the trees see shapes and not levels: levels of later years lie outside those of training.
"""

from __future__ import annotations

from dataclasses import dataclass

import lightgbm as lgb
import numpy as np
from numpy.typing import NDArray

from origins import HORIZONS, Origins
from purge import DAY_MICROS

ANCHOR = "harx60"
_ANCHORED = ("rv", "pk", "gk", "bv", "net", "coarse", "range", "max", "abs", "high", "low", "days", "harx")
VOLUME_ANCHOR = "vol1440"

SEEDS = (1, 2)
ROUNDS = 60
QUANTILE_ROUNDS = 15
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


def fit_trees(origins: Origins, until: int) -> Fitted:
    """Fits all horizons on targets that had ended by `until` (microseconds)."""
    x = shapes(origins.inputs, anchors(origins.names))
    mean, quantiles = [], []
    for h in range(len(HORIZONS)):
        rows = origins.complete(h, until) & np.isfinite(origins.harx[:, h])
        residual = origins.target[rows, h] - origins.harx[rows, h]
        weight = 0.5 ** ((until - origins.at[rows]) / DAY_MICROS / HALF_LIFE_DAYS)
        names = list(origins.names)
        gamma = lgb.Dataset(x[rows], np.minimum(np.exp(residual), MOST_RATIO), weight=weight, feature_name=names, free_raw_data=False)
        mean.append(tuple(lgb.train(PARAMETERS | {"objective": "gamma", "seed": seed}, gamma, ROUNDS) for seed in SEEDS))
        logs = lgb.Dataset(x[rows], residual, weight=weight, feature_name=names, free_raw_data=False)
        quantiles.append(
            tuple(
                lgb.train(PARAMETERS | {"objective": "quantile", "alpha": alpha, "seed": SEEDS[0], "learning_rate": QUANTILE_RATE}, logs, QUANTILE_ROUNDS)
                for alpha in QUANTILES
            )
        )
    return Fitted(tuple(mean), tuple(quantiles))


def quantile_corrections(fitted: Fitted, origins: Origins, rows: NDArray[np.bool_], h: int) -> tuple[NDArray[np.float64], ...]:
    """[rows] log corrections of one horizon, one array a quantile."""
    x = shapes(origins.inputs[rows], anchors(origins.names))
    return tuple(booster.predict(x, raw_score=True) for booster in fitted.quantiles[h])


def corrections(fitted: Fitted, origins: Origins, rows: NDArray[np.bool_]) -> NDArray[np.float64]:
    """[rows, 4] log corrections: the mean of the seeds' raw scores."""
    x = shapes(origins.inputs[rows], anchors(origins.names))
    return np.column_stack([np.mean([b.predict(x, raw_score=True) for b in boosters], axis=0) for boosters in fitted.mean])

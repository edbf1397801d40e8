"""What is fitted on windows after those that trained the members: weights, scales, and the law of moves."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.stats import t as student

from origins import HORIZONS

Vector = NDArray[np.float64]


def qlike(target: Vector, forecast: Vector) -> Vector:
    """rv/f - ln(rv/f) - 1 of logs (Patton 2011, J. Econometrics 160)."""
    return np.exp(target - forecast) - (target - forecast) - 1


def best_scale(target: Vector, forecast: Vector) -> float:
    """Log of the constant that minimises QLIKE: the mean ratio."""
    return float(np.log(np.mean(np.exp(target - forecast))))


@dataclass(frozen=True)
class Horizon:
    """One horizon of a fold as the manifest has it; logs."""

    minutes: int
    weights: dict[str, float]
    log_scale: dict[str, float]
    log_settle: float
    nu: float
    t_scale: float
    band: dict[str, float]
    scores: dict[str, float]


def weights_of(target: Vector, harx: Vector, members: dict[str, Vector]) -> dict[str, float]:
    """Shares of the members' corrections that minimise QLIKE together with a constant: none below 0, together at most 1.

    Without the bound on the sum the best shares of one half-year came to 1.5 and lost 1.5 % of QLIKE on the next quarter.
    """
    names = list(members)
    stack = np.column_stack([members[name] for name in names])

    def loss(w: Vector) -> float:
        forecast = harx + stack @ w
        return float(np.mean(qlike(target, forecast + best_scale(target, forecast))))

    found = minimize(
        loss,
        np.full(len(names), 1 / len(names)),
        bounds=[(0, 1)] * len(names),
        constraints={"type": "ineq", "fun": lambda w: 1 - np.sum(w)},
        method="SLSQP",
        # The valley is flat: by the default tolerance the search ends where it began.
        options={"ftol": 1e-12},
    )
    return {name: round(float(weight), 4) for name, weight in zip(names, found.x, strict=True)}


def law_of(standard: Vector) -> tuple[float, float]:
    """nu and scale of a location-free Student-t by maximum likelihood."""
    found = minimize(
        lambda p: -np.mean(student.logpdf(standard, df=2.01 + np.exp(p[0]), scale=np.exp(p[1]))),
        np.array([1.0, -0.3]),
        method="Nelder-Mead",
    )
    return float(2.01 + np.exp(found.x[0])), float(np.exp(found.x[1]))


def band_of(target: Vector, harx: Vector, quantiles: dict[str, tuple[float, Vector]]) -> dict[str, float]:
    """What each quantile needs added so that its share of outcomes lay below it: one-sided split-conformal (Romano, Patterson, Candes 2019, NeurIPS)."""
    return {name: float(np.quantile(target - harx - said, level)) for name, (level, said) in quantiles.items()}


def calibrate(h: int, target: Vector, harx: Vector, move: Vector, members: dict[str, Vector], quantiles: dict[str, tuple[float, Vector]]) -> Horizon:
    """Fits one horizon. `members` are log corrections and `quantiles` levels with log corrections, all out of sample and over the same origins."""
    weights = weights_of(target, harx, members)
    ensemble = harx + sum((weights[name] * correction for name, correction in members.items()), np.zeros_like(harx))
    forecasts = {"harX": harx} | {name: harx + correction for name, correction in members.items()} | {"ensemble": ensemble}
    scales = {name: best_scale(target, forecast) for name, forecast in forecasts.items()}
    variance = HORIZONS[h] * np.exp(ensemble + scales["ensemble"])
    known = np.isfinite(move)
    settle = float(np.log(np.mean(move[known] ** 2 / variance[known])))
    nu, scale = law_of(move[known] / np.sqrt(variance[known] * np.exp(settle)))
    absent = {"lightgbm": 0.0, "patchtst": 0.0}
    return Horizon(
        minutes=HORIZONS[h],
        weights=absent | weights,
        log_scale=absent | scales,
        log_settle=settle,
        nu=nu,
        t_scale=scale,
        band=band_of(target, harx, quantiles),
        scores={name: float(np.mean(qlike(target, forecast + scales[name]))) for name, forecast in forecasts.items()},
    )

"""Windows and targets of PatchTST: channels stay one array a minute, windows are cut when a batch asks for them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import torch
from numpy.typing import NDArray
from torch import Tensor

from patchtst_model import CHANNELS, CONTEXT, HORIZONS, STATICS
from purge import MINUTE_MICROS, within


@dataclass(frozen=True)
class Windows:
    """Origins with a full window and finite statics, in order of time; n of them."""

    channels: Tensor
    """[minutes, 4] float32, raw."""
    ends: Tensor
    """[n] int64: the window of an origin is `channels[end - 512 : end]`."""
    statics: Tensor
    """[n, 9 + inputs] float32: `STATICS`, then `inputs`, of which some may be NaN."""
    inputs: tuple[str, ...]
    """Inputs of the trees that the head knows: `a`, the difference `a-b`, or of two log variances the ratio of their deviations `a/b`."""
    residuals: Tensor
    """[n, 4] float32: log(RV + 1e-9) less the backbone's log forecast; NaN where a target is unknown."""
    at: NDArray[np.int64]
    """[n] microseconds."""

    def batch(self, rows: Tensor) -> tuple[Tensor, Tensor]:
        """Windows [batch, 512, 4] and statics [batch, 9 + inputs] of the origins `rows`."""
        minutes = self.ends[rows][:, None] + torch.arange(-CONTEXT, 0)
        return self.channels[minutes], self.statics[rows]

    def known_until(self, until: int, since: int = 0) -> Tensor:
        """Origins from `since` on whose every target was complete by `until` (microseconds): nothing after `until` is seen."""
        complete = torch.isfinite(self.residuals).all(1).numpy()
        return torch.from_numpy(np.flatnonzero(complete & within(self.at, max(HORIZONS), until, since)))


def read_windows(channels_path: Path, origins_path: Path, inputs: tuple[str, ...]) -> Windows:
    """Reads the Parquet of channels (`at` = close of the minute, `CHANNELS`, one row a minute, no holes) and that of origins (`at`, harxH, targetH, inputs).

    Raises ValueError where the minutes have a hole.
    """
    minutes = pq.read_table(channels_path, columns=["at", *CHANNELS])
    close = minutes["at"].to_numpy()
    hole = np.flatnonzero(np.diff(close) != MINUTE_MICROS)
    if hole.size > 0:
        raise ValueError(f"{channels_path}: one row a minute is needed, was {close[hole[0]]} then {close[hole[0] + 1]} (microseconds)")
    channels = np.column_stack([minutes[name].to_numpy() for name in CHANNELS]).astype(np.float32)

    targets = [f"target{minutes}" for minutes in HORIZONS]
    backbone = STATICS[: len(HORIZONS)]
    parts = {part for name in inputs for part in re.split("[-/]", name)}
    origins = pq.read_table(origins_path, columns=list({"at", *backbone, *targets, *parts})).sort_by("at")
    at = origins["at"].to_numpy().astype(np.int64)
    harx = np.column_stack([origins[name].to_numpy() for name in backbone])
    target = np.column_stack([origins[name].to_numpy() for name in targets])

    ends = (at - close[0]) // MINUTE_MICROS + 1
    season = season_ahead(channels[:, CHANNELS.index("c3")], ends)
    usable = (ends >= CONTEXT) & (ends <= len(close)) & np.isfinite(harx).all(1) & np.isfinite(season).all(1)

    def as_tensor(values: NDArray[np.float64]) -> Tensor:
        return torch.from_numpy(values[usable].astype(np.float32))

    return Windows(
        channels=torch.from_numpy(channels),
        ends=torch.from_numpy(ends[usable]),
        statics=as_tensor(np.column_stack([harx, season, new_york_minute_of_week(at), *(read_input(origins, name) for name in inputs)])),
        inputs=inputs,
        residuals=as_tensor(target - harx),
        at=at[usable],
    )


def read_input(origins: pa.Table, name: str) -> NDArray[np.float64]:
    """[n] an input as `src/forecast/members/tree-input.ts` reads it by the same name."""
    left, *rest = re.split("([-/])", name)
    first = origins[left].to_numpy().astype(np.float64)
    if not rest:
        return first
    sign, right = rest
    difference = first - origins[right].to_numpy().astype(np.float64)
    return difference if sign == "-" else np.exp(difference / 2)


def season_ahead(log_profile: NDArray[np.float32], ends: NDArray[np.int64]) -> NDArray[np.float64]:
    """[n, 4]: log of the mean profile over the 5, 15, 30, 60 minutes from row `end` on; NaN where the rows stop before.

    The `seasonH` columns of the data set will not do: they are less the season of the hour behind, as the trees take it.
    """
    sums = np.concatenate([[0.0], np.cumsum(np.exp(log_profile.astype(np.float64)))])
    ahead = np.full((len(ends), len(HORIZONS)), np.nan)
    for column, minutes in enumerate(HORIZONS):
        inside = (ends >= 0) & (ends + minutes < len(sums))
        first = ends[inside]
        ahead[inside, column] = np.log((sums[first + minutes] - sums[first]) / minutes)
    return ahead


def new_york_minute_of_week(at: NDArray[np.int64]) -> NDArray[np.int64]:
    """Minutes since Monday 00:00 on New York's clock, of instants in microseconds."""
    local = pd.to_datetime(at, unit="us", utc=True).tz_convert("America/New_York")
    return (local.dayofweek * 1440 + local.hour * 60 + local.minute).to_numpy(dtype=np.int64)

"""Origins as `voltage dataset` writes them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
from numpy.typing import NDArray

from purge import within

HORIZONS = (5, 15, 30, 60)
"""Minutes ahead."""
_NOT_INPUTS = ("at", "target", "move")


@dataclass(frozen=True)
class Origins:
    """n origins in order of time, five minutes apart."""

    at: NDArray[np.int64]
    """[n] microseconds UTC: the close that a row knows of."""
    names: tuple[str, ...]
    """Inputs of the trees in order: the bars and memory sets, then what the backbone makes."""
    inputs: NDArray[np.float32]
    """[n, inputs], representable in float32 because the system computes them so."""
    harx: NDArray[np.float64]
    """[n, 4] log forecasts of variance per minute by the backbone."""
    target: NDArray[np.float64]
    """[n, 4] log realised variance per minute, NaN where it is not whole."""
    move: NDArray[np.float64]
    """[n, 4] log moves over the same minutes, NaN where an end is missing."""

    def complete(self, horizon: int, until: int, since: int = 0) -> NDArray[np.bool_]:
        """Origins whose target over `HORIZONS[horizon]` minutes is known and had ended by `until` (microseconds): see `within`."""
        return np.isfinite(self.target[:, horizon]) & within(self.at, HORIZONS[horizon], until, since)


def read_origins(path: Path) -> Origins:
    """Reads a data set; raises ValueError where a column that is needed is missing."""
    table = pq.read_table(path)
    missing = [f"{name}{minutes}" for name in ("harx", "target", "move") for minutes in HORIZONS if f"{name}{minutes}" not in table.column_names]
    if missing:
        raise ValueError(f"{path}: columns are missing ({', '.join(missing)}); write it again with voltage dataset")
    names = tuple(name for name in table.column_names if not name.startswith(_NOT_INPUTS))
    stack = lambda kind: np.column_stack([table[f"{kind}{minutes}"].to_numpy() for minutes in HORIZONS])  # noqa: E731
    return Origins(
        at=table["at"].to_numpy().astype(np.int64),
        names=names,
        inputs=np.column_stack([table[name].to_numpy().astype(np.float32) for name in names]),
        harx=stack("harx"),
        target=stack("target"),
        move=stack("move"),
    )

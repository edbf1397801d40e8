"""Trains folds in order and writes the artefacts and the manifest that the system serves.

Each fold is a whole set of models that has seen nothing after its date. The first is there for calibration alone: weights, scales and laws of a
fold are fitted on what the fold before it forecast, out of sample, between the two dates (less a day's embargo).
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
import shutil
import subprocess
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import onnxruntime as ort
import torch
from numpy.typing import NDArray

import patchtst
from calibrate import Horizon, calibrate
from export_trees import adversarial_rows, export_trees
from origins import HORIZONS, Origins, read_origins
from patchtst import Built
from patchtst_data import Windows, read_windows
from patchtst_model import CHANNELS, SeedMean
from purge import EMBARGO_MICROS
from trees import ANCHOR, QUANTILES, VOLUME_ANCHOR, Fitted, anchors, corrections, fit_trees, quantile_corrections, shapes

CALENDAR = ("hourOfWeek", "minuteOfDay", "minuteOfHour", "weekend", "usSession")
SCALE = {"spanDays": 30, "priorWeight": 2000}
GUARD = {"spanDays": 14, "leastOrigins": 2016, "worse": 1.02, "better": 1.0, "psi": 0.25}
LONGEST_WATCHED = 1_440
PARITY = 1e-5
GOLDEN_ROWS = 24
SEQUENCE_SEEDS = [1, 2]


@dataclass(frozen=True)
class Fold:
    """A fold to train: `folder` holds backbone.json, origins.parquet and minutes.parquet made with that backbone."""

    name: str
    until: int
    folder: Path


@dataclass(frozen=True)
class Trained:
    """A fold's members, ready to forecast."""

    fold: Fold
    origins: Origins
    windows: Windows
    trees: Fitted
    sequence: Built


def micros(date: str) -> int:
    """Microseconds of a UTC date or instant."""
    return int(datetime.fromisoformat(date).replace(tzinfo=UTC).timestamp() * 1_000_000)


def instant(at: int) -> str:
    """RFC 3339 of microseconds."""
    return datetime.fromtimestamp(at / 1_000_000, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def sha256(path: Path) -> str:
    """Hex digest of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def sequence_inputs(names: tuple[str, ...]) -> tuple[str, ...]:
    """Inputs of the trees that PatchTST's head knows too, which reach further back than its window: distances as so many deviations, variances less the backbone's."""
    stem = lambda name: name.rstrip("0123456789")  # noqa: E731
    distances = tuple(f"{name}/{ANCHOR}" for name in names if stem(name) in ("high", "low"))
    variances = tuple(f"{name}-{ANCHOR}" for name in names if stem(name) == "days" or name in ("rv1440", "rv10080"))
    return (*distances, *variances, "volZ60", VOLUME_ANCHOR)


def sequence_corrections(model: SeedMean, windows: Windows, at: NDArray[np.int64]) -> NDArray[np.float64]:
    """[len(at), 4] corrections by PatchTST, NaN where there is no whole window."""
    found = np.full((len(at), len(HORIZONS)), np.nan)
    where = {int(t): i for i, t in enumerate(windows.at)}
    rows = [(i, where[int(t)]) for i, t in enumerate(at) if int(t) in where]
    found[[i for i, _ in rows]] = patchtst.predict(model, windows, torch.tensor([row for _, row in rows])).numpy()
    return found


def train_fold(fold: Fold) -> Trained:
    """Fits both members on everything that had come true by the fold's date."""
    origins = read_origins(fold.folder / "origins.parquet")
    windows = read_windows(fold.folder / "minutes.parquet", fold.folder / "origins.parquet", sequence_inputs(origins.names))
    print(f"{fold.name}: trees on {int(origins.complete(1, fold.until).sum())} origins", flush=True)
    trees = fit_trees(origins, fold.until)
    sequence = patchtst.build(windows, fold.until, SEQUENCE_SEEDS, patchtst.Recipe(), fold.folder / "patchtst")
    return Trained(fold, origins, windows, trees, sequence)


def calibration(trained: Trained, until: int) -> list[Horizon]:
    """Horizons fitted on what `trained` forecast between a day after its date and `until`."""
    origins = trained.origins
    horizons = []
    for h in range(len(HORIZONS)):
        rows = origins.complete(h, until, trained.fold.until + EMBARGO_MICROS)
        trees = corrections(trained.trees, origins, rows)[:, h]
        low, high = quantile_corrections(trained.trees, origins, rows, h)
        sequence = sequence_corrections(trained.sequence.model, trained.windows, origins.at[rows])[:, h]
        known = np.isfinite(sequence) & np.isfinite(origins.harx[rows, h])
        harx, target, move = (values[rows, h][known] for values in (origins.harx, origins.target, origins.move))
        horizons.append(calibrate(h, target, harx, move, {"lightgbm": trees[known], "patchtst": sequence[known]}, {"low": (QUANTILES[0], low[known]), "high": (QUANTILES[1], high[known])}))
    return horizons


def ranges(origins: Origins, until: int) -> dict[str, Any]:
    """Where inputs lay in training: their outermost 0.1 % and their deciles. Not the calendar, and none that looks back further than a day: a week of it, which drift is judged on, is hardly more than one draw."""
    rows = origins.complete(1, until)
    found = {}
    for i, name in enumerate(origins.names):
        values = origins.inputs[rows, i]
        values = values[np.isfinite(values)]
        minutes = re.search(r"\d+$", name)
        if name in CALENDAR or (minutes and int(minutes[0]) > LONGEST_WATCHED) or len(np.unique(values)) < 20:
            continue
        low, high = np.quantile(values, [0.001, 0.999])
        deciles = [round(float(q), 6) for q in np.quantile(values, np.arange(1, 10) / 10)]
        found[name] = {"low": round(float(low), 6), "high": round(float(high), 6), "deciles": deciles}
    return found


def checked_parity(bytes_: bytes, head: str, fitted_rows: NDArray[np.float32], expected: NDArray[np.float64], what: str) -> float:
    """Largest difference of a head of the graph to LightGBM's own predictions; raises where it is above 1e-5."""
    session = ort.InferenceSession(bytes_)
    answer = session.run([head], {"features": fitted_rows})[0]
    worst = float(np.max(np.abs(answer - expected)))
    if not worst <= PARITY:
        raise ValueError(f"{what}: the exported trees must agree to {PARITY}, was {worst}")
    return worst


def bare(model: Path) -> bytes:
    """A graph without the exporter's notes: they hold stack traces with paths of the machine that trained it, and are half of the file."""
    graph = onnx.load(model)
    for part in (graph, graph.graph, *graph.graph.node, *graph.graph.value_info, *graph.graph.input, *graph.graph.output, *graph.graph.initializer, *graph.functions):
        del part.metadata_props[:]
        part.doc_string = ""
    return graph.SerializeToString()


def predicted(groups: list[tuple[Any, ...]], rows: NDArray[np.float32], names: tuple[str, ...]) -> NDArray[np.float64]:
    """LightGBM's own raw scores of raw rows."""
    x = shapes(rows, anchors(names))
    return np.column_stack([np.mean([b.predict(x, raw_score=True) for b in boosters], axis=0) for boosters in groups])


def ship(trained: Trained, horizons: list[Horizon], out: Path) -> dict[str, Any]:
    """Writes a fold's artefacts and golden rows below `out`; returns its entry of the manifest."""
    fold, origins = trained.fold, trained.origins
    folder = out / fold.name
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copy(fold.folder / "backbone.json", folder / "backbone.json")
    (folder / "patchtst.onnx").write_bytes(bare(trained.sequence.graph))
    shutil.copy(trained.sequence.weights, folder / "patchtst.safetensors")
    anchor = anchors(origins.names)
    heads = {"corrections": list(trained.trees.mean), "quantiles": [(booster,) for pair in trained.trees.quantiles for booster in pair]}
    made = export_trees(heads, anchor)
    (folder / "lightgbm.onnx").write_bytes(made)
    done = origins.inputs[np.isfinite(origins.inputs).all(1)]
    golden = {}
    for name, groups in heads.items():
        plain = done[np.random.default_rng(7).integers(0, len(done), GOLDEN_ROWS)]
        plain[0, :] = np.nan
        plain[0, [origins.names.index(ANCHOR), origins.names.index(VOLUME_ANCHOR)]] = -16
        hard = adversarial_rows(groups, origins.names, done, (ANCHOR, VOLUME_ANCHOR), seed=11, count=GOLDEN_ROWS)
        rows = np.vstack([plain, hard])
        expected = predicted(groups, rows, origins.names)
        worst = checked_parity(made, name, rows, expected, f"{fold.name}: {name}")
        many = np.vstack([adversarial_rows(groups, origins.names, done, (ANCHOR, VOLUME_ANCHOR), seed=13, count=4000), done[:4000]])
        worst = max(worst, checked_parity(made, name, many, predicted(groups, many, origins.names), f"{fold.name}: {name}"))
        print(f"{fold.name}: lightgbm.onnx {len(made)} bytes, {name} within {worst:.1e}", flush=True)
        golden[name] = {"rows": [[None if np.isnan(v) else float(v) for v in row] for row in rows], "expected": expected.round(9).tolist()}
    golden["patchtst"] = trained.sequence.golden
    (folder / "golden.json").write_text(json.dumps(golden, separators=(",", ":")) + "\n")
    artefact = lambda name: {"file": f"{fold.name}/{name}", "sha256": sha256(folder / name)}  # noqa: E731
    return {
        "name": fold.name,
        "trainedUntil": instant(fold.until),
        "backbone": artefact("backbone.json"),
        "lightgbm": artefact("lightgbm.onnx"),
        "patchtst": artefact("patchtst.onnx"),
        "patchtstWeights": artefact("patchtst.safetensors"),
        "horizons": [
            {
                "minutes": horizon.minutes,
                "weights": horizon.weights,
                "logScale": {name: round(value, 6) for name, value in horizon.log_scale.items()},
                "logSettle": round(horizon.log_settle, 6),
                "nu": round(horizon.nu, 4),
                "tScale": round(horizon.t_scale, 6),
                "band": {name: round(value, 6) for name, value in horizon.band.items()},
                "calibration": {name: round(value, 6) for name, value in horizon.scores.items()},
            }
            for horizon in horizons
        ],
        "ranges": ranges(origins, fold.until),
    }


def asset_of(folds: list[Fold]) -> str:
    """The asset that every fold's backbone names; folds of two are refused."""
    assets = {json.loads((fold.folder / "backbone.json").read_text())["asset"] for fold in folds}
    if len(assets) != 1:
        raise SystemExit(f"train: folds must be of one asset, was {', '.join(sorted(assets))}")
    return assets.pop()


def main() -> None:
    """Command line: see `models/README.md`."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--fold", nargs=3, action="append", required=True, metavar=("NAME", "UNTIL", "FOLDER"), help="in order of time; the first calibrates the second and is not shipped")
    parser.add_argument("--data", nargs="*", default=[], metavar="FILE", help="inputs whose sha256 goes into the manifest")
    parser.add_argument("--out", type=Path, default=Path("models"))
    options = parser.parse_args()
    folds = [Fold(name, micros(until), Path(folder)) for name, until, folder in options.fold]
    if len(folds) < 2 or any(a.until >= b.until for a, b in zip(folds, folds[1:], strict=False)):
        raise SystemExit("train: at least two folds are needed, in order of time")
    asset = asset_of(folds)
    trained: Trained | None = None
    entries = []
    for fold in folds:
        before, trained = trained, train_fold(fold)
        if before is not None:
            horizons = calibration(before, fold.until)
            for horizon in horizons:
                print(f"{fold.name} {horizon.minutes:2d} min: weights {horizon.weights}, QLIKE out of sample {({k: round(v, 4) for k, v in horizon.scores.items()})}", flush=True)
            entries.append(ship(trained, horizons, options.out))
    assert trained is not None
    names = trained.origins.names
    manifest = {
        "kind": "models",
        "version": 1,
        "asset": asset,
        "features": list(names),
        "featuresSha256": hashlib.sha256("\n".join(names).encode()).hexdigest(),
        "channels": list(CHANNELS),
        "statics": list(trained.windows.inputs),
        "commit": subprocess.run(["git", "rev-parse", "HEAD"], capture_output=True, text=True, check=False).stdout.strip(),
        "data": {Path(path).name: sha256(Path(path)) for path in options.data},
        "scale": SCALE,
        "guard": GUARD,
        "folds": entries,
    }
    (options.out / "manifest.json").write_text(json.dumps(manifest, indent=1) + "\n")
    print(f"wrote {options.out}/manifest.json", flush=True)


if __name__ == "__main__":
    main()

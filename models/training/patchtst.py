"""Trains PatchTST on the residual of the HAR-X backbone and writes it as ONNX: the mean of several seeds in one graph.

    python patchtst.py --channels minutes.parquet --origins rows.parquet --until 2026-02-13T00:00:00Z --out DIR

writes patchtst.onnx, patchtst.json (what it is, spans, scores) and patchtst-golden.json (windows with their answers, for the parity test in Node).
"""

from __future__ import annotations

import argparse
import copy
import hashlib
import json
from dataclasses import asdict, dataclass
from datetime import datetime, timezone
from pathlib import Path

import numpy as np
import onnxruntime
import torch
from torch import Tensor

from patchtst_data import Windows, read_windows
from patchtst_model import CHANNELS, CONTEXT, HORIZONS, PATCH, STATICS, STRIDE, PatchTst, SeedMean

PARITY = 1e-5
GOLDEN_ROWS = 8
_TAIL = 3.5
"""Log ratio of realised to forecast variance above which a row pulls no harder: one crash must not own a batch."""


@dataclass(frozen=True)
class Recipe:
    """Chosen on 2025-08-14 .. 2026-02-13 by models trained before it."""

    width: int = 32
    layers: int = 2
    heads: int = 2
    hidden: int = 64
    dropout: float = 0.1
    steps: int = 8000
    batch: int = 128
    learning_rate: float = 1.5e-3
    weight_decay: float = 0.05
    warm_up: int = 200
    horizon_weights: tuple[float, ...] = (1.0, 1.6, 2.0, 2.2)
    """Loss of each horizon times this: about one over its size, so that no horizon leads."""


def train(windows: Windows, rows: Tensor, seed: int, recipe: Recipe) -> PatchTst:
    """Minimises QLIKE (the deviance of a gamma law, Patton 2011) of exp(backbone + correction) over the origins `rows`.

    AdamW, cosine schedule, gradients clipped at 1. What is returned is a running mean of the weights (Polyak), which needs no validation set to stop at.
    """
    torch.manual_seed(seed)
    order = torch.Generator().manual_seed(seed)
    residuals = windows.residuals[rows]
    model = PatchTst(recipe.width, recipe.layers, recipe.heads, recipe.hidden, recipe.dropout)
    model.constant.copy_(residuals.double().exp().mean(0).log())
    average = copy.deepcopy(model).eval()
    optimiser = torch.optim.AdamW(
        model.parameters(), lr=recipe.learning_rate, weight_decay=recipe.weight_decay, betas=(0.9, 0.98)
    )
    weights = torch.tensor(recipe.horizon_weights)
    queue = torch.empty(0, dtype=torch.int64)
    for step in range(recipe.steps):
        cosine = 0.5 * (1 + np.cos(np.pi * step / recipe.steps)) + 0.01
        for group in optimiser.param_groups:
            group["lr"] = recipe.learning_rate * min(1.0, (step + 1) / recipe.warm_up) * cosine
        if len(queue) < recipe.batch:
            queue = torch.randperm(len(rows), generator=order)
        picked, queue = queue[: recipe.batch], queue[recipe.batch :]
        off = (residuals[picked] - model(*windows.batch(rows[picked]))).clamp(max=_TAIL)
        loss = ((torch.exp(off) - off - 1) * weights).mean()
        optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimiser.step()
        keep = min(0.998, (1 + step) / (10 + step))
        with torch.no_grad():
            for mean, parameter in zip(average.parameters(), model.parameters(), strict=True):
                mean.lerp_(parameter, 1 - keep)
        if (step + 1) % 500 == 0:
            print(f"seed {seed} step {step + 1} of {recipe.steps}: loss {loss.item():.3f}", flush=True)
    return average


@torch.no_grad()
def predict(model: torch.nn.Module, windows: Windows, rows: Tensor) -> Tensor:
    """[rows, 4] log corrections."""
    return torch.cat([model(*windows.batch(part)) for part in rows.split(1024)])


def qlike(residuals: Tensor, corrections: Tensor) -> list[float]:
    """Mean of rv/f - ln(rv/f) - 1 at each horizon, residuals being log rv less the backbone."""
    off = residuals.double() - corrections.double()
    return [round(value, 6) for value in (torch.exp(off) - off - 1).mean(0).tolist()]


def export(model: SeedMean, window: Tensor, statics: Tensor, path: Path) -> float:
    """Writes the graph and returns its largest difference from torch on these rows; raises ValueError above 1e-5.

    Only the exporter by torch.export (`dynamo=True`): the older one is silently wrong on patches.
    """
    batch = torch.export.Dim("batch")
    torch.onnx.export(
        model,
        (window, statics),
        path,
        dynamo=True,
        opset_version=18,
        external_data=False,
        input_names=["window", "statics"],
        output_names=["residual"],
        dynamic_shapes={"window": {0: batch}, "statics": {0: batch}},
    )
    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    with torch.no_grad():
        expected = model(window, statics).numpy()
    rows = [session.run(None, {"window": window[i : i + 1].numpy(), "statics": statics[i : i + 1].numpy()})[0] for i in range(len(window))]
    together = session.run(None, {"window": window.numpy(), "statics": statics.numpy()})[0]
    difference = float(max(np.abs(np.concatenate(rows) - expected).max(), np.abs(together - expected).max()))
    if not difference <= PARITY:
        raise ValueError(f"{path}: ONNX differs from torch by {difference}, {PARITY} is allowed")
    return difference


def checkpoints(windows: Windows, rows: Tensor, seeds: list[int], recipe: Recipe, folder: Path) -> list[PatchTst]:
    """One trained model a seed; a seed whose checkpoint of the same recipe and rows lies in `folder` is read, not trained."""
    what = {"recipe": asdict(recipe), "first": int(windows.at[rows[0]]), "last": int(windows.at[rows[-1]]), "rows": len(rows)}
    members = []
    for seed in seeds:
        path = folder / f"patchtst-{seed}.pt"
        stored = torch.load(path, weights_only=True) if path.exists() else None
        if stored is not None and stored["what"] == what:
            model = PatchTst(recipe.width, recipe.layers, recipe.heads, recipe.hidden, recipe.dropout).eval()
            model.load_state_dict(stored["state"])
        else:
            model = train(windows, rows, seed, recipe)
            torch.save({"what": what, "state": model.state_dict()}, path)
        members.append(model)
    return members


def build(channels: Path, origins: Path, until: int, out: Path, seeds: list[int], recipe: Recipe) -> dict[str, object]:
    """Trains on origins whose targets were complete by `until` (microseconds) and writes the three files; returns what patchtst.json says.

    Scores are of origins a day or more after `until`, with nothing refitted; absent if there are none.
    """
    out.mkdir(parents=True, exist_ok=True)
    windows = read_windows(channels, origins)
    rows = windows.known_until(until)
    model = SeedMean(checkpoints(windows, rows, seeds, recipe, out)).eval()

    golden = rows[torch.linspace(0, len(rows) - 1, GOLDEN_ROWS).long()]
    window, statics = windows.batch(golden)
    path = out / "patchtst.onnx"
    difference = export(model, window, statics, path)
    with torch.no_grad():
        answers = model(window, statics)
    write(out / "patchtst-golden.json", {"windows": window.flatten(1).tolist(), "statics": statics.tolist(), "residuals": answers.tolist()})

    constant = windows.residuals[rows].double().exp().mean(0).log()
    later = windows.known_until(int(windows.at[-1]) + 2**40, since=until + 86_400_000_000)
    scores = None
    if len(later) > 0:
        residuals = windows.residuals[later]
        scores = {
            "from": rfc3339(windows.at[later[0]]),
            "until": rfc3339(windows.at[later[-1]]),
            "origins": len(later),
            "qlike": {
                "harX": qlike(residuals, constant.expand_as(residuals)),
                "patchtst": qlike(residuals, predict(model, windows, later)),
            },
        }
    said = {
        "format": "patchtst",
        "channels": list(CHANNELS),
        "statics": list(STATICS),
        "outputs": [f"log correction of harx{minutes}" for minutes in HORIZONS],
        "normalisation": "inside the graph",
        "contextMinutes": CONTEXT,
        "patch": PATCH,
        "stride": STRIDE,
        "recipe": asdict(recipe),
        "seeds": seeds,
        "parameters": sum(parameter.numel() for parameter in model.parameters()),
        "trainedFrom": rfc3339(windows.at[rows[0]]),
        "trainedUntil": rfc3339(until),
        "trainedOrigins": len(rows),
        "parity": difference,
        "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
        "scores": scores,
    }
    write(out / "patchtst.json", said)
    return said


def write(path: Path, value: object) -> None:
    """JSON, indented where it is small enough to be read."""
    path.write_text(json.dumps(value, indent=None if "golden" in path.name else 2) + "\n")


def rfc3339(micros: int) -> str:
    """UTC to the second."""
    return datetime.fromtimestamp(int(micros) / 1e6, timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def main() -> None:
    """Reads the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--channels", type=Path, required=True, help="Parquet, a row a minute: at, c0, c1, c3, c4")
    parser.add_argument("--origins", type=Path, required=True, help="Parquet, a row an origin: at, harxH, targetH")
    parser.add_argument("--until", required=True, help="RFC 3339: only targets complete by then are trained on")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3])
    parser.add_argument("--threads", type=int, default=1)
    flags = parser.parse_args()
    torch.set_num_threads(flags.threads)
    until = int(datetime.fromisoformat(flags.until).timestamp() * 1e6)
    print(json.dumps(build(flags.channels, flags.origins, until, flags.out, flags.seeds, Recipe()), indent=2))


if __name__ == "__main__":
    main()

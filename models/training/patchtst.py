"""Trains PatchTST on the residual of the HAR-X backbone: the mean of several seeds, as one ONNX graph and as plain weights."""

from __future__ import annotations

import copy
import os
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from multiprocessing import get_context
from pathlib import Path

import numpy as np
import onnxruntime
import torch
from torch import Tensor

from patchtst_data import Windows
from patchtst_model import STATICS, PatchTst, SeedMean
from patchtst_serving import Served
from tensor_file import write_safetensors

PARITY = 1e-5
GOLDEN_ROWS = 4
_LEAST_DEVIATION = 1e-3
_TAIL = 3.5
"""Log ratio of realised to forecast variance above which a row pulls no harder: one crash must not own a batch."""


@dataclass(frozen=True)
class Recipe:
    """Chosen on 2025-08-14 .. 2026-02-13 by models trained before it."""

    width: int = 32
    layers: int = 2
    heads: int = 2
    hidden: int = 128
    dropout: float = 0.2
    steps: int = 8000
    batch: int = 128
    learning_rate: float = 1.5e-3
    weight_decay: float = 0.05
    warm_up: int = 200
    horizon_weights: tuple[float, ...] = (1.0, 1.6, 2.0, 2.2)
    """Loss of each horizon times this: about one over its size, so that no horizon leads."""


def untrained(recipe: Recipe, inputs: int) -> PatchTst:
    """A model of the recipe that knows so many inputs of the trees."""
    return PatchTst(recipe.width, recipe.layers, recipe.heads, recipe.hidden, recipe.dropout, inputs)


def train(windows: Windows, rows: Tensor, seed: int, recipe: Recipe) -> PatchTst:
    """Minimises QLIKE (the deviance of a gamma law, Patton 2011) of exp(backbone + correction) over the origins `rows`.

    AdamW, cosine schedule, gradients clipped at 1. What is returned is a running mean of the weights (Polyak), which needs no validation set to stop at.
    """
    torch.manual_seed(seed)
    order = torch.Generator().manual_seed(seed)
    residuals = windows.residuals[rows]
    model = untrained(recipe, len(windows.inputs))
    model.constant.copy_(residuals.double().exp().mean(0).log())
    known = windows.statics[rows][:, len(STATICS) :].double()
    model.input_mean.copy_(known.nanmean(0))
    model.input_deviation.copy_((known - known.nanmean(0)).square().nanmean(0).sqrt() + _LEAST_DEVIATION)
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


def export(model: SeedMean, window: Tensor, statics: Tensor, path: Path) -> float:
    """Writes the graph of one origin (`Served`) and returns its largest difference from the model in torch on these rows; raises ValueError above 1e-5.

    Only the exporter by torch.export (`dynamo=True`): the older one is silently wrong on patches.
    """
    torch.onnx.export(
        Served(list(model.members)).eval(),
        (window[:1], statics[:1]),
        path,
        dynamo=True,
        opset_version=18,
        external_data=False,
        input_names=["window", "statics"],
        output_names=["residual"],
    )
    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    with torch.no_grad():
        expected = model(window, statics).numpy()
    rows = [session.run(None, {"window": window[i : i + 1].numpy(), "statics": statics[i : i + 1].numpy()})[0] for i in range(len(window))]
    difference = float(np.abs(np.concatenate(rows) - expected).max())
    if not difference <= PARITY:
        raise ValueError(f"{path}: ONNX differs from torch by {difference}, {PARITY} is allowed")
    return difference


def checkpoint(windows: Windows, rows: Tensor, seed: int, recipe: Recipe, folder: Path) -> Path:
    """Trains one seed on one thread, so that the same inputs give the same weights, unless `folder` has it of the same recipe and rows; returns its file."""
    torch.set_num_threads(1)
    what = {"recipe": asdict(recipe), "inputs": list(windows.inputs), "first": int(windows.at[rows[0]]), "last": int(windows.at[rows[-1]]), "rows": len(rows)}
    path = folder / f"patchtst-{seed}.pt"
    if not path.exists() or torch.load(path, weights_only=True)["what"] != what:
        torch.save({"what": what, "state": train(windows, rows, seed, recipe).state_dict()}, path)
    return path


def members(windows: Windows, rows: Tensor, seeds: list[int], recipe: Recipe, folder: Path) -> list[PatchTst]:
    """One trained model a seed, each in a process of its own, as many at once as there are processors."""
    folder.mkdir(parents=True, exist_ok=True)
    with ProcessPoolExecutor(min(len(seeds), os.cpu_count() or 1), get_context("spawn")) as pool:
        paths = [each.result() for each in [pool.submit(checkpoint, windows, rows, seed, recipe, folder) for seed in seeds]]
    trained = []
    for path in paths:
        model = untrained(recipe, len(windows.inputs)).eval()
        model.load_state_dict(torch.load(path, weights_only=True)["state"])
        trained.append(model)
    return trained


@dataclass(frozen=True)
class Built:
    """A trained PatchTST as `ship` and `calibration` take it."""

    model: SeedMean
    graph: Path
    """patchtst.onnx."""
    weights: Path
    """patchtst.safetensors: the same model for runtimes that do not read ONNX."""
    golden: dict[str, object]
    """Windows and statics with what torch answers to them."""


def build(windows: Windows, until: int, seeds: list[int], recipe: Recipe, folder: Path) -> Built:
    """Trains on origins whose targets were complete by `until` (microseconds) and writes both forms of the mean of the seeds into `folder`."""
    rows = windows.known_until(until)
    model = SeedMean(members(windows, rows, seeds, recipe, folder)).eval()
    window, statics = windows.batch(rows[torch.linspace(0, len(rows) - 1, GOLDEN_ROWS).long()])
    difference = export(model, window, statics, folder / "patchtst.onnx")
    print(f"patchtst.onnx: {sum(p.numel() for p in model.parameters())} parameters, parity {difference:.1e}", flush=True)
    weights = {name.removeprefix("members."): tensor.numpy() for name, tensor in model.state_dict().items()}
    write_safetensors(folder / "patchtst.safetensors", weights, {"heads": str(recipe.heads), "seeds": str(len(seeds))})
    with torch.no_grad():
        expected = model(window, statics)
    said = [[None if np.isnan(value) else value for value in row] for row in statics.tolist()]
    golden = {"windows": window.flatten(1).tolist(), "statics": said, "expected": expected.tolist()}
    return Built(model, folder / "patchtst.onnx", folder / "patchtst.safetensors", golden)

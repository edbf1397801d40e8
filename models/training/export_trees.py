"""Writes boosters as one ONNX graph: inputs less their anchors, then a TreeEnsembleRegressor (ai.onnx.ml 3) a head.

Thresholds are rounded down to float32: for a float32 x, x <= t holds exactly when x <= the largest float32 not above t. Rounded to nearest,
rows on a threshold go the wrong way.
"""

from __future__ import annotations

from typing import Any

import lightgbm as lgb
import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper

OPSET = 18


def floor32(threshold: float) -> float:
    """Largest float32 not above a double; LightGBM's text has `inf` for a split that all but NaN pass."""
    near = np.float32(threshold)
    return float(near if float(near) <= threshold else np.nextafter(near, np.float32(-np.inf)))


class _Nodes:
    """Attributes of the ensemble as they grow."""

    def __init__(self) -> None:
        self.nodes: dict[str, list[Any]] = {
            k: [] for k in ("treeids", "nodeids", "featureids", "values", "modes", "truenodeids", "falsenodeids", "missing_value_tracks_true")
        }
        self.leaves: dict[str, list[Any]] = {k: [] for k in ("treeids", "nodeids", "ids", "weights")}
        self.trees = 0

    def _add(self, **attributes: Any) -> int:
        for name, value in attributes.items():
            self.nodes[name].append(value)
        return len(self.nodes["treeids"]) - 1

    def tree(self, root: dict[str, Any], target: int, share: float) -> None:
        """One tree of the booster's dump; its leaves count `share` for `target`."""
        tree, self.trees = self.trees, self.trees + 1
        made = 0

        def visit(node: dict[str, Any]) -> int:
            nonlocal made
            own, made = made, made + 1
            if "leaf_value" in node:
                self._add(treeids=tree, nodeids=own, featureids=0, values=0.0, modes="LEAF", truenodeids=0, falsenodeids=0, missing_value_tracks_true=0)
                for name, value in (("treeids", tree), ("nodeids", own), ("ids", target), ("weights", node["leaf_value"] * share)):
                    self.leaves[name].append(value)
                return own
            if node["decision_type"] != "<=":
                raise ValueError(f"export_trees: only numerical splits are known, was {node['decision_type']}")
            threshold = float(node["threshold"])
            # Without a missing type LightGBM takes NaN for 0.
            missing_left = node["default_left"] if node["missing_type"] == "NaN" else threshold >= 0
            row = self._add(
                treeids=tree,
                nodeids=own,
                featureids=node["split_feature"],
                values=floor32(threshold),
                modes="BRANCH_LEQ",
                truenodeids=0,
                falsenodeids=0,
                missing_value_tracks_true=int(missing_left),
            )
            self.nodes["truenodeids"][row] = visit(node["left_child"])
            self.nodes["falsenodeids"][row] = visit(node["right_child"])
            return own

        visit(root)


def _head(name: str, targets: list[tuple[lgb.Booster, ...]]) -> onnx.NodeProto:
    """One regressor on `shapes` with an output of that name: [batch, targets], each the mean of its boosters' raw scores."""
    nodes = _Nodes()
    for target, boosters in enumerate(targets):
        for booster in boosters:
            for tree in booster.dump_model()["tree_info"]:
                nodes.tree(tree["tree_structure"], target, 1 / len(boosters))
    attributes = {f"nodes_{key}": values for key, values in nodes.nodes.items()} | {f"target_{key}": values for key, values in nodes.leaves.items()}
    return helper.make_node("TreeEnsembleRegressor", ["shapes"], [name], domain="ai.onnx.ml", n_targets=len(targets), aggregate_function="SUM", post_transform="NONE", **attributes)


def export_trees(heads: dict[str, list[tuple[lgb.Booster, ...]]], anchor: NDArray[np.int64]) -> bytes:
    """ONNX bytes: `features` float32 [batch, n] in, and an output float32 [batch, targets] by the name of each head."""
    n = len(anchor)
    own = np.arange(n)
    graph = helper.make_graph(
        [
            helper.make_node("Gather", ["features", "anchor"], ["anchors"], axis=1),
            helper.make_node("Mul", ["anchors", "anchored"], ["subtracted"]),
            helper.make_node("Sub", ["features", "subtracted"], ["shapes"]),
            *(_head(name, targets) for name, targets in heads.items()),
        ],
        "trees",
        [helper.make_tensor_value_info("features", TensorProto.FLOAT, ["batch", n])],
        [helper.make_tensor_value_info(name, TensorProto.FLOAT, ["batch", len(targets)]) for name, targets in heads.items()],
        [
            helper.make_tensor("anchor", TensorProto.INT64, [n], anchor),
            helper.make_tensor("anchored", TensorProto.FLOAT, [n], (anchor != own).astype(np.float32)),
        ],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET), helper.make_opsetid("ai.onnx.ml", 3)], ir_version=10)
    onnx.checker.check_model(model)
    return model.SerializeToString()


def adversarial_rows(boosters: list[tuple[lgb.Booster, ...]], names: tuple[str, ...], rows: NDArray[np.float32], anchor_names: tuple[str, ...], seed: int, count: int) -> NDArray[np.float32]:
    """Copies of rows with inputs set on a threshold, just above and just below it. Anchors are set to 0, so that what the trees see is what is set."""
    thresholds: dict[int, list[float]] = {}

    def visit(node: dict[str, Any]) -> None:
        if "leaf_value" in node:
            return
        # LightGBM itself splits at +-1e-35 to tell 0 from the rest, and takes what is that near to 0 for 0.
        if abs(node["threshold"]) > 1e-30:
            thresholds.setdefault(node["split_feature"], []).append(float(node["threshold"]))
        visit(node["left_child"])
        visit(node["right_child"])

    for group in boosters:
        for booster in group:
            for tree in booster.dump_model()["tree_info"]:
                visit(tree["tree_structure"])
    random = np.random.default_rng(seed)
    made = rows[random.integers(0, len(rows), count)].copy()
    zero = [names.index(name) for name in anchor_names]
    made[:, zero] = 0
    for row in made:
        for feature in random.choice([f for f in thresholds if f not in zero], 12, replace=False):
            at = np.float32(random.choice(thresholds[feature]))
            row[feature] = (at, np.nextafter(at, np.float32(np.inf)), np.nextafter(at, np.float32(-np.inf)))[random.integers(0, 3)]
    return made

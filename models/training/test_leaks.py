"""Nothing that came after a boundary has a part in a fit: run by `npm run train`, and by `npm test` where the wheels are installed."""

from __future__ import annotations

import unittest
from dataclasses import replace
from unittest import mock

try:
    import numpy as np
    import torch

    import trees
    from calibrate import best_scale
    from origins import HORIZONS, Origins
    from patchtst_data import Windows
    from purge import DAY_MICROS, MINUTE_MICROS
except ImportError as missing:
    raise unittest.SkipTest(f"needs the wheels of requirements.txt: {missing}") from missing

UNTIL = 1_770_940_800_000_000
NAMES = ("rv15", "vol5", "vol1440", "harx5", "harx15", "harx30", "harx60", "weekend")


def synthetic(seed: int) -> Origins:
    """Twelve days of origins, two of them after `UNTIL`, whose targets follow an input."""
    rng = np.random.default_rng(seed)
    at = UNTIL - 10 * DAY_MICROS + np.arange(12 * 288) * 5 * MINUTE_MICROS
    inputs = rng.normal(size=(len(at), len(NAMES))).astype(np.float32)
    harx = rng.normal(-16, 0.5, size=(len(at), 4))
    target = harx + 0.5 * inputs[:, :1] + rng.normal(0, 0.3, size=(len(at), 4))
    return Origins(at, NAMES, inputs, harx, target, rng.normal(0, 1e-3, size=(len(at), 4)))


def poisoned(origins: Origins) -> Origins:
    """The same, but for what nobody could have known at `UNTIL`: every target that had not ended by then, and all that came after."""
    target, inputs, harx = origins.target.copy(), origins.inputs.copy(), origins.harx.copy()
    for h, minutes in enumerate(HORIZONS):
        target[origins.at + minutes * MINUTE_MICROS > UNTIL, h] = 3.0
    inputs[origins.at >= UNTIL] = 99
    harx[origins.at >= UNTIL] = -1
    return replace(origins, target=target, inputs=inputs, harx=harx)


class Leaks(unittest.TestCase):
    def test_trees_do_not_see_targets_that_had_not_ended(self) -> None:
        small = trees.PARAMETERS | {"min_data_in_leaf": 20}
        with mock.patch.multiple(trees, PARAMETERS=small, ROUNDS=4, QUANTILE_ROUNDS=3):
            honest, leaky = (trees.fit_trees(o, UNTIL) for o in (synthetic(1), poisoned(synthetic(1))))
            later = trees.fit_trees(poisoned(synthetic(1)), UNTIL + DAY_MICROS)
        said = lambda fitted: [b.model_to_string() for pair in (*fitted.mean, *fitted.quantiles) for b in pair]  # noqa: E731
        self.assertTrue(any("num_leaves=15" in text or "split_feature=" in text for text in said(honest)))
        self.assertEqual(said(honest), said(leaky))
        self.assertNotEqual(said(honest), said(later))

    def test_origins_without_a_whole_target_are_not_complete(self) -> None:
        origins = synthetic(2)
        origins.target[100, 1] = np.nan
        self.assertFalse(origins.complete(1, UNTIL)[100])
        self.assertTrue(origins.complete(2, UNTIL)[100])

    def test_sequences_are_purged_by_their_longest_target(self) -> None:
        origins = synthetic(3)
        n = len(origins.at)
        windows = Windows(torch.zeros(1, 4), torch.zeros(n, dtype=torch.int64), torch.zeros(n, 9), (), torch.zeros(n, 4), origins.at)
        rows = windows.known_until(UNTIL)
        self.assertEqual(int(origins.at[rows[-1]]), UNTIL - 60 * MINUTE_MICROS)
        since = windows.known_until(int(origins.at[-1]) + DAY_MICROS, since=UNTIL + DAY_MICROS)
        self.assertEqual(int(origins.at[since[0]]), UNTIL + DAY_MICROS)

    def test_a_scale_is_the_mean_ratio_of_the_rows_given_to_it_alone(self) -> None:
        target, forecast = np.log([1.0, 4.0]), np.log([1.0, 1.0])
        self.assertAlmostEqual(best_scale(target, forecast), float(np.log(2.5)))


if __name__ == "__main__":
    unittest.main()

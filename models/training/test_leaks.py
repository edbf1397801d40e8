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

    def test_early_stopping_looks_at_shape_and_not_at_level_which_is_followed_online(self) -> None:
        rng = np.random.default_rng(4)
        forecast, ratio = np.exp(rng.normal(size=500)), np.exp(rng.normal(size=500))
        self.assertAlmostEqual(trees.scaled_qlike(forecast, ratio), trees.scaled_qlike(7 * forecast, ratio), places=9)
        self.assertGreater(trees.scaled_qlike(forecast, ratio), trees.scaled_qlike(ratio, ratio))
        pinball = trees.shifted_pinball(0.1)
        self.assertAlmostEqual(pinball(forecast, ratio), pinball(forecast + 3, ratio), places=9)
        self.assertAlmostEqual(pinball(ratio, ratio), 0)

    def test_early_stopping_ends_where_the_rows_kept_for_it_get_no_better(self) -> None:
        rng = np.random.default_rng(5)
        x = rng.normal(size=(4_000, 3)).astype(np.float32)
        first = np.arange(4_000) < 2_000
        noise = np.exp(rng.normal(size=4_000))
        small = trees.PARAMETERS | {"min_data_in_leaf": 20, "objective": "gamma", "seed": 1, "feature_fraction": 1.0}
        ended = lambda ratio: trees.stop(small, trees.scaled_qlike, x, ratio, np.ones(4_000), first, ~first, 40)  # noqa: E731
        self.assertLess(ended(noise), 10)
        self.assertGreater(ended(noise * np.exp(2 * x[:, 0])), 20)
        self.assertEqual(trees.stop(small, trees.scaled_qlike, x, noise, np.ones(4_000), first, np.zeros(4_000, dtype=bool), 40), 40)

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

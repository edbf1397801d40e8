"""What is served is the model that was trained: run by `npm run train`, and by `npm test` where the wheels are installed."""

from __future__ import annotations

import unittest

try:
    import torch

    from patchtst_model import PatchTst, SeedMean
    from patchtst_serving import Served
except ImportError as missing:
    raise unittest.SkipTest(f"needs the wheels of requirements.txt: {missing}") from missing

INPUTS = 5


def member(seed: int, layers: int, heads: int) -> PatchTst:
    """A model with no weight at rest; what it knows of its inputs is the same for every seed."""
    torch.manual_seed(seed)
    model = PatchTst(width=24, layers=layers, heads=heads, hidden=16, dropout=0.3, inputs=INPUTS).eval()
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.add_(0.2 * torch.randn_like(parameter))
        model.constant.copy_(torch.randn(4))
        model.input_mean.copy_(torch.arange(INPUTS) * 0.3)
        model.input_deviation.copy_(1.0 + torch.arange(INPUTS))
    return model


class Serving(unittest.TestCase):
    def test_property_it_answers_as_the_mean_of_the_seeds_whatever_their_number_depth_and_heads(self) -> None:
        for seeds, layers, heads in ((1, 1, 1), (2, 2, 2), (3, 1, 4), (2, 3, 3)):
            members = [member(seed, layers, heads) for seed in range(seeds)]
            torch.manual_seed(99)
            for minute in (0.0, 7199.0, 7200.0, 569.0, 570.0, 960.0, 10_079.0):
                window = torch.randn(1, 512, 4) * torch.tensor([2.0, 1.0, 0.3, 3e-4]) + torch.tensor([-16.0, -16.0, 0.1, 0.0])
                statics = torch.cat([torch.randn(1, 4) - 16, torch.randn(1, 4) * 0.3, torch.tensor([[minute]]), 6 * torch.randn(1, INPUTS)], 1)
                statics[0, -1] = torch.nan
                with torch.no_grad():
                    said, must = Served(members)(window, statics), SeedMean(members)(window, statics)
                self.assertLess(float((said - must).abs().max()), 1e-5 * max(1.0, float(must.abs().max())))

    def test_seeds_of_other_rows_are_not_averaged(self) -> None:
        other = member(1, 1, 1)
        other.input_mean.add_(1)
        with self.assertRaisesRegex(ValueError, "the same rows"):
            Served([member(0, 1, 1), other])


if __name__ == "__main__":
    unittest.main()

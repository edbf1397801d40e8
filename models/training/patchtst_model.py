"""PatchTST for log realised variance, with all normalisation inside the graph.

Nie, Nguyen, Sinthong, Kalagnanam 2023, "A Time Series is Worth 64 Words", ICLR (arXiv 2211.14730): patches of a long window are the tokens of a
transformer encoder. Instance normalisation: Kim et al. 2022, "Reversible Instance Normalization", ICLR; what it takes off reaches the head again,
as the level of a window is information here. Channels are mixed inside a patch, not kept apart as in the paper: see MODEL_CARD.md.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional

CONTEXT = 512
"""Minutes in a window."""
PATCH = 16
STRIDE = PATCH // 2
"""Patches are cut by reshape, slice and concat, which needs stride = patch / 2. `Tensor.unfold` is exported wrongly by one exporter."""
PATCHES = CONTEXT // STRIDE - 1
HORIZONS = (5, 15, 30, 60)
CHANNELS = ("c0", "c1", "c3", "c4")
"""Of a minute: log(r² + 1e-9), log(Parkinson variance + 1e-9), log of the season's profile, signed log return r. `c2`, log(1 + volume), did not pay."""
STATICS = (*(f"{name}{minutes}" for name in ("harx", "season") for minutes in HORIZONS), "minuteOfWeek")
"""At the origin: the backbone's log forecasts, the log mean season of the minutes ahead, New York's minute of the week. Inputs of the trees follow them."""

NORMALISED = 3
"""RevIN takes the first channels, logarithms all; the signed return has no level to take off."""
VARIANCES = 2
"""The first channels are log variances of a minute: they can be compared with the backbone's forecast."""
MOVES = (5, 15, 30, 60, 240, CONTEXT)
"""Minutes whose whole move the head sees beside the tokens: falls raise variance more than rises."""
_CLOCK = 12
MOST_INPUT = 4.0
"""Inputs of the trees are held within this many deviations of their mean."""
CENTRE = -16.0
"""About the log variance of a calm minute: keeps the level that enters the head near zero."""


class Block(nn.Module):
    """Pre-norm encoder block: self-attention, then a feed-forward net of twice the width."""

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.norm_attention = nn.LayerNorm(width)
        self.qkv = nn.Linear(width, 3 * width)
        self.out = nn.Linear(width, width)
        self.norm_feed = nn.LayerNorm(width)
        self.widen = nn.Linear(width, 2 * width)
        self.narrow = nn.Linear(2 * width, width)

    def forward(self, tokens: Tensor) -> Tensor:
        """[batch, patches, width] to the same."""
        batch, count, width = tokens.shape
        split = self.qkv(self.norm_attention(tokens)).reshape(batch, count, 3, self.heads, width // self.heads)
        query, key, value = split.permute(2, 0, 3, 1, 4).unbind(0)
        mixed = functional.scaled_dot_product_attention(query, key, value)
        tokens = tokens + self.out(mixed.transpose(1, 2).reshape(batch, count, width))
        return tokens + self.narrow(functional.gelu(self.widen(self.norm_feed(tokens))))


class PatchTst(nn.Module):
    """Log correction of the backbone's forecast at each horizon, from raw channels.

    What a minute says enters relative to its own window (RevIN) and to what the backbone's level and the season expect of it: variances as
    log(1 + v / expected), returns as r / expected deviation. Half a patch adds the logs of its mean v / expected, which is what realised variance is
    made of, and its whole move. The head knows `inputs` of the trees beside the tokens, which reach further back than the window; NaN counts as their mean.
    """

    def __init__(self, width: int, layers: int, heads: int, hidden: int, dropout: float, inputs: int) -> None:
        super().__init__()
        self.scale = nn.Parameter(torch.ones(NORMALISED))
        self.shift = nn.Parameter(torch.zeros(NORMALISED))
        minute = NORMALISED + VARIANCES + 1
        self.embed = nn.Linear(PATCH * minute + 2 * (VARIANCES + 1), width)
        self.place = nn.Parameter(torch.randn(PATCHES, width) * 0.02)
        self.blocks = nn.ModuleList(Block(width, heads) for _ in range(layers))
        self.norm = nn.LayerNorm(width)
        known = 2 * width + 2 * VARIANCES + len(MOVES) + 2 * len(HORIZONS) + _CLOCK + inputs
        self.hidden = nn.Linear(known, hidden)
        self.dropout = nn.Dropout(dropout)
        self.head = nn.Linear(hidden, len(HORIZONS))
        # The untrained model says "no correction" but for `constant`, the best single factor of the training rows.
        nn.init.zeros_(self.head.weight)
        nn.init.zeros_(self.head.bias)
        self.register_buffer("constant", torch.zeros(len(HORIZONS)))
        self.register_buffer("input_mean", torch.zeros(inputs))
        self.register_buffer("input_deviation", torch.ones(inputs))

    def forward(self, window: Tensor, statics: Tensor) -> Tensor:
        """`window` [batch, 512, 4] raw channels, oldest first, `statics` [batch, 9 + inputs] to [batch, 4] log corrections."""
        batch = window.shape[0]
        harx, season, minute_of_week = statics[:, :4], statics[:, 4:8], statics[:, 8]
        level = harx[:, 3:]
        standard = (statics[:, len(STATICS) :] - self.input_mean) / self.input_deviation
        inputs = torch.where(torch.isnan(standard), torch.zeros_like(standard), standard).clamp(-MOST_INPUT, MOST_INPUT)
        logs, log_season, returns = window[:, :, :NORMALISED], window[:, :, 2:3], window[:, :, 3]

        mean = logs.mean(1, keepdim=True)
        deviation = (logs.var(1, keepdim=True, unbiased=False) + 1e-4).sqrt()
        revin = (logs - mean) / deviation * self.scale + self.shift

        expected = (level - season[:, 3:])[:, :, None] + log_season
        relative = torch.exp((logs[:, :, :VARIANCES] - expected).clamp(-7.0, 7.0))
        moves = (returns / (torch.exp(0.5 * expected[:, :, 0]) + 1e-9)).clamp(-8.0, 8.0)

        halves = CONTEXT // STRIDE
        minutes = torch.cat([revin, torch.log1p(relative), moves[:, :, None]], 2).reshape(batch, halves, -1)
        realised = torch.log(relative.reshape(batch, halves, STRIDE, VARIANCES).mean(2) + 1e-3)
        moved = moves.reshape(batch, halves, STRIDE).sum(2, keepdim=True) / STRIDE**0.5
        half = torch.cat([minutes, realised, moved], 2)
        tokens = self.embed(torch.cat([half[:, :-1], half[:, 1:]], 2)) + self.place
        for block in self.blocks:
            tokens = block(tokens)
        tokens = self.norm(tokens)

        known = [
            tokens[:, -1],
            tokens.mean(1),
            0.5 * (mean[:, 0, :VARIANCES] - level),
            deviation[:, 0, :VARIANCES].log(),
            torch.stack([moves[:, -span:].sum(1) / span**0.5 for span in MOVES], 1),
            level - CENTRE,
            harx[:, :3] - level,
            season - mean[:, 0, 2:3],
            clock(minute_of_week),
            inputs,
        ]
        return self.constant + self.head(self.dropout(functional.gelu(self.hidden(torch.cat(known, 1)))))


def clock(minute_of_week: Tensor) -> Tensor:
    """[batch] minutes since Monday 00:00 to [batch, 12]: three harmonics of the day, one of the week and of the hour, weekend, New York's session."""
    day = minute_of_week % 1440.0
    turn = 2.0 * torch.pi
    angles = [turn * day / 1440.0 * harmonic for harmonic in (1, 2, 3)]
    angles += [turn * minute_of_week / 10080.0, turn * (day % 60.0) / 60.0]
    waves = [wave(angle) for angle in angles for wave in (torch.sin, torch.cos)]
    weekend = minute_of_week >= 7200.0
    session = (day >= 570.0) & (day < 960.0) & ~weekend
    return torch.stack([*waves, weekend.to(day.dtype), session.to(day.dtype)], 1)


class SeedMean(nn.Module):
    """The mean of several trained models in one graph."""

    def __init__(self, members: list[PatchTst]) -> None:
        super().__init__()
        self.members = nn.ModuleList(members)

    def forward(self, window: Tensor, statics: Tensor) -> Tensor:
        """As `PatchTst.forward`."""
        return torch.stack([member(window, statics) for member in self.members]).mean(0)

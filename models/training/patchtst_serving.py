"""PatchTST as it is served: the mean of all seeds at one origin, said in as few operations as it takes.

A graph of the seeds one beside the other has three hundred operations on small arrays, and an operation costs about a microsecond before it computes anything. Here
seeds and heads are dimensions of the weights, and what is linear is folded: affine parts of RevIN and of the norms into the layers after them, biases of keys away
(softmax does not see them), biases of values through the output layer. Weights are folded in double. `patchtst.export` holds the answers to the model's own.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional

from patchtst_model import (
    CENTRE,
    CONTEXT,
    HORIZONS,
    MOST_INPUT,
    MOVES,
    NORMALISED,
    PATCH,
    STATICS,
    STRIDE,
    VARIANCES,
    Block,
    PatchTst,
)

_DAY, _WEEK, _HOUR = 1440.0, 10080.0, 60.0


class Served(nn.Module):
    """`window` [1, 512, 4] and `statics` [1, 9 + inputs] to [1, 4] log corrections. All members were trained on the same rows."""

    def __init__(self, members: list[PatchTst]) -> None:
        super().__init__()
        with torch.no_grad():
            self._fold(members)

    def _fold(self, members: list[PatchTst]) -> None:
        first = members[0]
        if any(not torch.equal(first.input_mean, each.input_mean) for each in members):
            raise ValueError("patchtst: seeds to be served together must know the same inputs of the same rows")
        self.layers = len(first.blocks)
        keep = lambda name, values: self.register_buffer(name, torch.stack(values).float())  # noqa: E731

        embed = [_unscaled(each) for each in members]
        keep("embed", [weight for weight, _ in embed])
        keep("place", [place for _, place in embed])
        for i in range(self.layers):
            for name, values in zip(_BLOCK, zip(*(_folded(each.blocks[i]) for each in members), strict=True), strict=True):
                keep(f"{name}{i}", list(values))

        width = first.norm.weight.shape[0]
        columns = _known_columns(width, first.hidden.weight.shape[1])
        hidden = []
        for each in members:
            weight, bias = each.hidden.weight.double(), each.hidden.bias.double()
            gain, shift = each.norm.weight.double().repeat(2), each.norm.bias.double().repeat(2)
            hidden.append(((weight[:, : 2 * width] * gain).T, weight[:, columns].T, (bias + weight[:, : 2 * width] @ shift)[None]))
        keep("hidden_tokens", [tokens for tokens, _, _ in hidden])
        keep("hidden_known", [known for _, known, _ in hidden])
        keep("hidden_bias", [bias for _, _, bias in hidden])
        share = 1 / len(members)
        self.register_buffer("head", torch.cat([each.head.weight.double().T * share for each in members]).float())
        self.register_buffer("constant", torch.stack([each.head.bias.double() + each.constant.double() for each in members]).mean(0).float())

        self.register_buffer("input_mean", first.input_mean.clone())
        self.register_buffer("input_deviation", first.input_deviation.clone())
        spans = torch.zeros(CONTEXT, len(MOVES))
        for column, span in enumerate(MOVES):
            spans[-span:, column] = span**-0.5
        self.register_buffer("spans", spans)
        turn = 2 * torch.pi
        self.register_buffer("periods", torch.tensor([_DAY, _DAY, _DAY, _WEEK, _HOUR]))
        self.register_buffer("turns", torch.tensor([turn / _DAY, 2 * turn / _DAY, 3 * turn / _DAY, turn / _WEEK, turn / _HOUR]))

    def forward(self, window: Tensor, statics: Tensor) -> Tensor:
        """See the class."""
        rows = window[0]
        level, season = statics[:, 3:4], statics[:, 4:8]
        logs, returns = rows[:, :NORMALISED], rows[:, NORMALISED:]
        mean = logs.mean(0, keepdim=True)
        centred = logs - mean
        deviation = ((centred * centred).mean(0, keepdim=True) + 1e-4).sqrt()
        expected = level - season[:, 3:] + rows[:, NORMALISED - 1 : NORMALISED]
        relative = torch.exp((rows[:, :VARIANCES] - expected).clamp(-7.0, 7.0))
        moves = (returns / (torch.exp(0.5 * expected) + 1e-9)).clamp(-8.0, 8.0)

        halves = CONTEXT // STRIDE
        minutes = torch.cat([centred / deviation, torch.log1p(relative), moves], 1).reshape(halves, -1)
        realised = torch.log(relative.reshape(halves, STRIDE, VARIANCES).mean(1) + 1e-3)
        moved = moves.reshape(halves, STRIDE).sum(1, keepdim=True) * STRIDE**-0.5
        half = torch.cat([minutes, realised, moved], 1)
        tokens = torch.matmul(torch.cat([half[:-1], half[1:]], 1), self.embed) + self.place
        for i in range(self.layers):
            tokens = self._block(tokens, i)
        tokens = _normed(tokens)

        of_tokens = torch.cat([tokens[:, -1:], tokens.mean(1, keepdim=True)], 2)
        known = self._known(statics, mean, deviation, moves)
        hidden = torch.matmul(of_tokens, self.hidden_tokens) + torch.matmul(known, self.hidden_known) + self.hidden_bias
        return torch.matmul(functional.gelu(hidden).reshape(1, -1), self.head) + self.constant

    def _block(self, tokens: Tensor, i: int) -> Tensor:
        """[seeds, patches, width] to the same; heads are a dimension of the weights."""
        of = lambda name: getattr(self, f"{name}{i}")  # noqa: E731
        normed = _normed(tokens)[:, None]
        query = torch.matmul(normed, of("query")) + of("query_bias")
        weights = torch.softmax(torch.matmul(query, torch.matmul(normed, of("key")).transpose(2, 3)), -1)
        mixed = torch.matmul(torch.matmul(weights, torch.matmul(normed, of("value"))), of("out")).sum(1)
        tokens = tokens + (mixed + of("out_bias"))
        wide = functional.gelu(torch.matmul(_normed(tokens), of("widen")) + of("widen_bias"))
        return tokens + (torch.matmul(wide, of("narrow")) + of("narrow_bias"))

    def _known(self, statics: Tensor, mean: Tensor, deviation: Tensor, moves: Tensor) -> Tensor:
        """What the head knows beside the tokens, sines before cosines: see `_known_columns`."""
        harx, level, season, minute = statics[:, :3], statics[:, 3:4], statics[:, 4:8], statics[:, 8:9]
        standard = (statics[:, len(STATICS) :] - self.input_mean) / self.input_deviation
        inputs = torch.where(torch.isnan(standard), 0.0, standard).clamp(-MOST_INPUT, MOST_INPUT)
        angles = (minute % self.periods) * self.turns
        day = minute % _DAY
        weekday = minute < 7200.0
        session = (day >= 570.0) & (day < 960.0) & weekday
        return torch.cat(
            [
                0.5 * (mean[:, :VARIANCES] - level),
                deviation[:, :VARIANCES].log(),
                torch.matmul(moves.reshape(1, -1), self.spans),
                level - CENTRE,
                harx - level,
                season - mean[:, NORMALISED - 1 :],
                torch.sin(angles),
                torch.cos(angles),
                1.0 - weekday.to(day.dtype),
                session.to(day.dtype),
                inputs,
            ],
            1,
        )


_BLOCK = ("query", "query_bias", "key", "value", "out", "out_bias", "widen", "widen_bias", "narrow", "narrow_bias")


def _normed(tokens: Tensor) -> Tensor:
    """A norm whose affine part is in the layer after it."""
    return functional.layer_norm(tokens, tokens.shape[-1:])


def _known_columns(width: int, columns: int) -> list[int]:
    """Columns of the hidden layer in the order of `Served._known`: the model has each angle's sine and cosine side by side."""
    before = 2 * width + 2 * VARIANCES + len(MOVES) + 2 * len(HORIZONS)
    waves = [*range(before, before + 10, 2), *range(before + 1, before + 10, 2)]
    return [*range(2 * width, before), *waves, *range(before + 10, columns)]


def _unscaled(member: PatchTst) -> tuple[Tensor, Tensor]:
    """The embedding [patch inputs, width] for RevIN without its affine part, and each patch's place [patches, width] with all that is constant."""
    weight, minute = member.embed.weight.double().clone(), NORMALISED + VARIANCES + 1
    constant = member.embed.bias.double().clone()
    half = STRIDE * minute + VARIANCES + 1
    for k in range(PATCH):
        start = (k // STRIDE) * half + (k % STRIDE) * minute
        part = weight[:, start : start + NORMALISED]
        constant += part @ member.shift.double()
        weight[:, start : start + NORMALISED] = part * member.scale.double()
    return weight.T, member.place.double() + constant


def _folded(block: Block) -> tuple[Tensor, ...]:
    """Weights of a block in the order of `_BLOCK`, heads apart, the norms before them inside, queries over the root of their size."""
    heads, width = block.heads, block.norm_attention.weight.shape[0]
    size = width // heads
    gain, shift = block.norm_attention.weight.double(), block.norm_attention.bias.double()
    qkv, bias = block.qkv.weight.double(), block.qkv.bias.double()
    bias = (bias + qkv @ shift).reshape(3, heads, 1, size)
    query, key, value = (qkv * gain).reshape(3, heads, size, width).transpose(2, 3)
    out = block.out.weight.double().T.reshape(heads, size, width)
    out_bias = block.out.bias.double()[None] + torch.matmul(bias[2], out).sum(0)
    gain, shift = block.norm_feed.weight.double(), block.norm_feed.bias.double()
    widen = block.widen.weight.double()
    widen_bias = block.widen.bias.double() + widen @ shift
    narrow, narrow_bias = block.narrow.weight.double().T, block.narrow.bias.double()[None]
    return query * size**-0.5, bias[0] * size**-0.5, key, value, out, out_bias, (widen * gain).T, widen_bias[None], narrow, narrow_bias

"""Writes named float32 arrays in the safetensors format, which PatchTST's weights are kept in for runtimes that do not read ONNX.

The format (huggingface/safetensors): eight bytes with the header's length, little-endian; the header, JSON of dtype, shape and byte span by name, padded with
spaces to a multiple of eight; the values, row by row, little-endian, one array right after the other.

>>> import tempfile
>>> path = Path(tempfile.mkdtemp()) / "two.safetensors"
>>> write_safetensors(path, {"b": np.float32([[1, 2, 3]]), "a": np.float32(0.5)}, {"heads": "2"})
>>> raw = path.read_bytes()
>>> length = int.from_bytes(raw[:8], "little")
>>> json.loads(raw[8 : 8 + length])["b"]
{'dtype': 'F32', 'shape': [1, 3], 'data_offsets': [4, 16]}
>>> np.frombuffer(raw[8 + length :], "<f4").tolist(), (8 + length) % 8
([0.5, 1.0, 2.0, 3.0], 0)
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
from numpy.typing import NDArray


def write_safetensors(path: Path, tensors: dict[str, NDArray[np.float32]], metadata: dict[str, str]) -> None:
    """Writes arrays in the order of their names, so that the same arrays give the same bytes; raises ValueError where one is not float32 or not finite."""
    header: dict[str, object] = {"__metadata__": metadata}
    values = b""
    for name, tensor in sorted(tensors.items()):
        if tensor.dtype != np.float32 or not np.isfinite(tensor).all():
            raise ValueError(f"{path}: {name} must be finite float32, was {tensor.dtype} with {int((~np.isfinite(tensor)).sum())} values that are not finite")
        raw = np.ascontiguousarray(tensor, dtype="<f4").tobytes()
        header[name] = {"dtype": "F32", "shape": list(tensor.shape), "data_offsets": [len(values), len(values) + len(raw)]}
        values += raw
    said = json.dumps(header, separators=(",", ":")).encode()
    said += b" " * (-len(said) % 8)
    path.write_bytes(len(said).to_bytes(8, "little") + said + values)

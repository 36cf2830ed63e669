"""Writes goldens as safetensors files: an 8-byte header length, a JSON header, little-endian values."""
import json

import numpy as np

CODES = {"float64": "F64", "float32": "F32", "uint8": "U8", "uint32": "U32"}


def save(path, tensors, metadata):
    """Writes arrays by name and, as one JSON string under "golden", the metadata.

    Doubles that single precision holds exactly are stored in it.
    """
    header = {"__metadata__": {"golden": json.dumps(metadata)}}
    body = b""
    for name, array in tensors.items():
        array = np.ascontiguousarray(array)
        if array.dtype == np.float64 and np.array_equal(array, array.astype(np.float32)):
            array = array.astype(np.float32)
        data = array.tobytes()
        header[name] = {
            "dtype": CODES[str(array.dtype)],
            "shape": list(array.shape),
            "data_offsets": [len(body), len(body) + len(data)],
        }
        body += data
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as file:
        file.write(len(text).to_bytes(8, "little") + text + body)
    print(f"{path}: {len(tensors)} tensors, {8 + len(text) + len(body)} bytes")

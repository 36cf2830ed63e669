"""One of Atelier's models as a PyTorch module: built of the same layers, with the same weights."""
import json
import os
import struct

import numpy as np
import torch
import torch.nn as nn


def read_safetensors(path):
    with open(path, "rb") as file:
        (length,) = struct.unpack("<Q", file.read(8))
        header = json.loads(file.read(length))
        data = file.read()
    tensors = {}
    for name, entry in header.items():
        if name != "__metadata__":
            begin, end = entry["data_offsets"]
            values = np.frombuffer(data[begin:end], np.float32).reshape(entry["shape"])
            tensors[name] = torch.from_numpy(values.copy())
    return tensors


def same_padding(shape, window, strides):
    """TensorFlow's, as top, bottom, left, right: as little as needed, an odd pixel at the end."""
    pads = []
    for extent, size, stride in zip(shape, window, strides):
        total = max((-(-extent // stride) - 1) * stride + size - extent, 0)
        pads += [total // 2, total - total // 2]
    return pads


def convolution(params, source):
    kernel, strides = params["kernel"], params["strides"]
    top, bottom, left, right = same_padding(source, kernel, strides) if params["padding"] == "same" else [0] * 4
    even = top == bottom and left == right
    conv = nn.Conv2d(source[2], params["filters"], kernel, strides, (top, left) if even else 0)
    return [conv] if even else [nn.ZeroPad2d((left, right, top, bottom)), conv]


def max_pooling(params, source):
    window, strides = params["window"], params["strides"]
    top, bottom, left, right = same_padding(source, window, strides) if params["padding"] == "same" else [0] * 4
    if top or left:
        pads = (left, right, top, bottom)
        return [nn.ConstantPad2d(pads, float("-inf")), nn.MaxPool2d(window, strides)]
    # Pixels missing at the end alone are what ceil_mode ignores.
    return [nn.MaxPool2d(window, strides, ceil_mode=bool(bottom or right))]


def layers_of(node, sources):
    op, params, source = node["op"], node["params"], sources[0]
    if op == "conv2d":
        layers = convolution(params, source)
    elif op == "dense":
        layers = [nn.Linear(source[0], params["units"])]
    elif op == "batchNormalization":
        norm = nn.BatchNorm1d if len(source) == 1 else nn.BatchNorm2d
        layers = [norm(source[-1], params["epsilon"], 1 - params["momentum"])]
    elif op == "relu":
        # In place wherever it may be: nothing but this ReLU reads what comes before it in these models.
        layers = [nn.ReLU(inplace=True)]
    elif op == "maxPooling2d":
        layers = max_pooling(params, source)
    elif op == "globalAveragePooling2d":
        layers = [nn.AdaptiveAvgPool2d(1), nn.Flatten()]
    elif op == "dropout":
        layers = [nn.Dropout(params["rate"])]
    elif op == "flatten":
        layers = [nn.Flatten()]
    else:
        raise ValueError(f"expected a layer with one input, received {op}")
    return layers + ([nn.ReLU(inplace=True)] if params.get("activation") == "relu" else [])


class GraphModule(nn.Module):
    """Runs layers that branch and join; every result is dropped after its last reader."""

    def __init__(self, nodes, stages):
        super().__init__()
        self.stages = nn.ModuleList(stages)
        self.inputs = [node["inputs"] for node in nodes]
        last = {source: index for index, sources in enumerate(self.inputs) for source in sources}
        self.dropped = [[source for source in set(sources) if last[source] == index]
                        for index, sources in enumerate(self.inputs)]
        self.joins = [node["op"] == "add" for node in nodes]

    def forward(self, images):
        results = [images]
        for index in range(1, len(self.inputs)):
            sources = [results[source] for source in self.inputs[index]]
            value = torch.add(*sources) if self.joins[index] else sources[0]
            results.append(self.stages[index](value))
            for source in self.dropped[index]:
                results[source] = None
        return results[-1]


def load_weights(nodes, stages, tensors):
    suffixes = {"weight": "weight", "bias": "bias", "gamma": "weight", "beta": "bias",
                "mean": "running_mean", "variance": "running_var"}
    for node, stage in zip(nodes, stages):
        source = nodes[node["inputs"][0]] if node["inputs"] else None
        for suffix, attribute in suffixes.items():
            values = tensors.get(f"{node['name']}.{suffix}")
            if values is None:
                continue
            if source["op"] == "flatten" and node["op"] == "dense":
                values = columns_for_nchw(values, nodes[source["inputs"][0]]["shape"]) if suffix == "weight" else values
            holder = next(layer for layer in stage if getattr(layer, attribute, None) is not None)
            with torch.no_grad():
                getattr(holder, attribute).copy_(values)


def columns_for_nchw(values, shape):
    """Atelier flattens images in the order h, w, c; PyTorch in c, h, w."""
    if len(shape) != 3:
        return values
    return values.reshape(-1, *shape).permute(0, 3, 1, 2).reshape(values.shape)


def build(folder, model):
    with open(os.path.join(folder, f"{model}.json")) as file:
        nodes = json.load(file)
    shapes = [node["shape"] for node in nodes]
    stages = [nn.Sequential()]
    for node in nodes[1:]:
        joined = node["op"] == "add"
        relu = [nn.ReLU(inplace=True)] if joined and node["params"]["activation"] == "relu" else []
        stages.append(nn.Sequential(*(relu if joined else layers_of(node, [shapes[i] for i in node["inputs"]]))))
    load_weights(nodes, stages, read_safetensors(os.path.join(folder, f"{model}.safetensors")))
    chain = all(node["inputs"] == [index] for index, node in enumerate(nodes[1:]))
    if chain:
        return nn.Sequential(*(layer for stage in stages for layer in stage))
    return GraphModule(nodes, stages)

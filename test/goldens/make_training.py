"""Makes nn, dnn, cnn and resnet50.safetensors: the four architectures, scaled down, through steps of Adam.

Adam is written out as Keras 2 has it, with decoupled weight decay and moving averages. Each file holds the
first weights, images, labels and rates; and by PyTorch in float64: the losses of all steps, the gradients of
the first step, and what weights, statistics and averages end as (in part, for the larger models). Tensors of
one group lie one after another in one vector; the metadata list their names.
Run with a Python that has PyTorch and NumPy: python3 make_training.py
"""
import os

import numpy as np
import torch
import torch.nn.functional as F

from conventions import batch_normalization, convolution, max_pooling
from golden_file import save

STEPS = 4
BETA1, BETA2, ADAM_EPSILON = 0.9, 0.999, 1e-7
DECAY, AVERAGE = 1e-3, 0.25
CLASSES = 10


class Net:
    """Holds weights by name, making each when it is first asked for."""

    def __init__(self, seed):
        self.rng = np.random.default_rng(seed)
        self.weights = {}
        self.key = None
        self.masks = {}

    def uniform(self, low, high, shape):
        values = self.rng.uniform(low, high, shape).astype(np.float32).astype(np.float64)
        return torch.tensor(values)

    def weight(self, name, make):
        if name not in self.weights:
            self.weights[name] = make().requires_grad_(name.split(".")[1] not in ("mean", "variance"))
        return self.weights[name]

    def kernel(self, layer, shape):
        taps = int(np.prod(shape[2:]))
        limit = (6 / ((shape[0] + shape[1]) * taps)) ** 0.5
        bias = self.weight(f"{layer}.bias", lambda: self.uniform(-0.1, 0.1, shape[:1]))
        return self.weight(f"{layer}.weight", lambda: self.uniform(-limit, limit, shape)), bias

    def dense(self, layer, x, units):
        x = x.reshape(x.shape[0], -1)
        return F.linear(x, *self.kernel(layer, (units, x.shape[1])))

    def conv(self, layer, x, filters, window, stride=1, mode="same"):
        weight, bias = self.kernel(layer, (filters, x.shape[3], window, window))
        return convolution(x, weight, bias, (stride, stride), mode)

    def norm(self, layer, x):
        channels = x.shape[-1:]
        gamma = self.weight(f"{layer}.gamma", lambda: self.uniform(0.8, 1.2, channels))
        beta = self.weight(f"{layer}.beta", lambda: self.uniform(-0.1, 0.1, channels))
        mean = self.weight(f"{layer}.mean", lambda: torch.zeros(channels, dtype=torch.float64))
        variance = self.weight(f"{layer}.variance", lambda: torch.ones(channels, dtype=torch.float64))
        return batch_normalization(x, gamma, beta, (mean, variance))

    def dropout(self, x, rate, salt):
        """Inverted dropout whose mask is a function of key, salt and element."""
        threshold = round(65536 * rate)
        element = np.arange(x.numel(), dtype=np.uint32)
        words = mix(self.key[0] ^ np.uint32(salt), self.key[1] + np.uint32(salt), element >> 1)
        bits = np.where(element & 1, words >> 16, words & 0xFFFF)
        kept = torch.tensor((bits >= threshold).astype(np.float64) * 65536 / (65536 - threshold))
        return x * kept.reshape(x.shape)


def mix(key0, key1, counter):
    """The project's counter-based generator: see src/core/random.ts."""
    with np.errstate(over="ignore"):
        x = counter ^ key0
        x = (x ^ (x >> 16)) * np.uint32(0x21F0AAAD) + key1
        x = (x ^ (x >> 15)) * np.uint32(0x735A2D97)
        return x ^ (x >> 15)


def nn(net, x):
    x = torch.relu(net.dense("dense_1", x, 12))
    return net.dense("dense_2", x, CLASSES)


def dnn(net, x):
    x = net.norm("batch_normalization_1", x.reshape(x.shape[0], -1))
    x = torch.relu(net.dense("dense_1", x, 16))
    x = net.norm("batch_normalization_2", x)
    x = torch.relu(net.dense("dense_2", x, 12))
    x = torch.relu(net.dense("dense_3", x, 8))
    return net.dense("dense_4", x, CLASSES)


CNN_SALTS = [5, 8, 11, 14, 17]


def cnn(net, x):
    salts = iter(CNN_SALTS)
    x = net.norm("batch_normalization_1", torch.relu(net.conv("conv2d_1", x, 4, 3)))
    x = net.norm("batch_normalization_2", torch.relu(net.conv("conv2d_2", x, 4, 3)))
    x = net.dropout(x, 0.25, next(salts))
    x = torch.relu(net.conv("conv2d_3", x, 6, 3))
    x = net.dropout(max_pooling(x, (2, 2), (2, 2), "valid"), 0.25, next(salts))
    x = net.norm("batch_normalization_3", torch.relu(net.conv("conv2d_4", x, 8, 3)))
    x = net.dropout(x, 0.25, next(salts))
    x = net.norm("batch_normalization_4", torch.relu(net.dense("dense_1", x, 16)))
    x = net.dropout(x, 0.3, next(salts))
    x = net.norm("batch_normalization_5", torch.relu(net.dense("dense_2", x, 8)))
    x = net.dropout(x, 0.3, next(salts))
    return net.dense("dense_3", x, CLASSES)


def resnet50(net, x):
    """Channels a 64th of the study's, so that its four stages of 3, 4, 6 and 3 blocks remain."""
    x = torch.relu(net.norm("batch_normalization_1", net.conv("conv2d_1", x, 4, 7, 2)))
    x = max_pooling(x, (3, 3), (2, 2), "same")
    for stage, (channels, blocks) in enumerate([(4, 3), (8, 4), (16, 6), (32, 3)], 1):
        if stage > 1:
            x = net.conv(f"stage{stage}_entry", x, channels, 1, 2, "valid")
        for block in range(1, blocks + 1):
            name = f"stage{stage}_block{block}"
            y = net.norm(f"{name}_batch_normalization_1", net.conv(f"{name}_conv2d_1", x, channels // 4, 1))
            y = net.conv(f"{name}_conv2d_2", torch.relu(y), channels // 4, 3)
            y = torch.relu(net.norm(f"{name}_batch_normalization_2", y))
            y = net.norm(f"{name}_batch_normalization_3", net.conv(f"{name}_conv2d_3", y, channels, 1))
            first = stage == 1 and block == 1
            x = torch.relu(y + (net.conv(f"{name}_shortcut_conv2d_1", x, channels, 1) if first else x))
    x = torch.relu(net.dense("dense_1", x.mean(dim=(1, 2)), 8))
    return net.dense("dense_2", x, CLASSES)


def hyper_of(learning_rate, step):
    """rate, decay, average and statistics of a step, as the single precision that the engines are given."""
    rate = learning_rate * np.sqrt(1 - BETA2**step) / (1 - BETA1**step)
    return np.array([rate, DECAY, AVERAGE, AVERAGE], np.float32)


def update(net, state, averages, hyper):
    """Adam of Keras 2: the bias corrections are in the rate, and epsilon stands beside the plain sqrt(v)."""
    rate, decay, average, _ = (float(value) for value in hyper)
    with torch.no_grad():
        for name, w in net.weights.items():
            if w.requires_grad:
                m, v = state.setdefault(name, (torch.zeros_like(w), torch.zeros_like(w)))
                m += (1 - BETA1) * (w.grad - m)
                v += (1 - BETA2) * (w.grad**2 - v)
                if name.endswith(".weight"):
                    w -= decay * w
                w -= rate * m / (v.sqrt() + ADAM_EPSILON)
            averages[name] += average * (w - averages[name])


def make(model, extent, batch, smoothing, learning_rate, seed):
    net = Net(seed)
    name = model.__name__
    images = net.rng.integers(0, 256, (STEPS, batch, extent, extent, 1), dtype=np.uint8)
    labels = net.rng.integers(0, CLASSES, (STEPS, batch), dtype=np.uint8)
    keys = net.rng.integers(0, 2**32, (STEPS, 2), dtype=np.uint32)
    pixels = torch.tensor(images.astype(np.float64)) / 255
    hyper = np.stack([hyper_of(learning_rate, step + 1) for step in range(STEPS)])
    net.key = keys[0]
    with torch.no_grad():
        model(net, pixels[0])  # makes the weights
        for weight in net.weights:
            if weight.endswith(".mean"):
                net.weights[weight].zero_()
            if weight.endswith(".variance"):
                net.weights[weight].fill_(1)
    copy = lambda: {key: value.detach().clone() for key, value in net.weights.items()}
    first, averages = copy(), copy()
    state, metrics, gradients = {}, [], {}
    for step in range(STEPS):
        net.key = keys[step]
        for weight in net.weights.values():
            weight.grad = None
        logits = model(net, pixels[step])
        target = torch.tensor(labels[step].astype(np.int64))
        loss = F.cross_entropy(logits, target, label_smoothing=smoothing)
        loss.backward()
        metrics.append([loss.item() * batch, float((logits.argmax(1) == target).sum())])
        if step == 0:
            gradients = {key: w.grad.clone() for key, w in net.weights.items() if w.requires_grad}
        update(net, state, averages, hyper[step])
    print(f"{name}: {sum(w.numel() for w in first.values())} parameters, losses",
          [round(loss / batch, 4) for loss, _ in metrics])
    tensors = {"images": images, "labels": labels, "key": keys, "hyper": hyper, "metrics": np.array(metrics)}
    metadata = {"made with": f"PyTorch {torch.__version__}", "smoothing": smoothing, "extent": extent}
    if model is cnn:
        metadata["dropout salts"] = CNN_SALTS
    # The larger models' files keep the statistics alone, which see every step's images and weights.
    kept = lambda key, w: model in (nn, dnn) or not w.requires_grad
    packed = {
        "first": first,
        "gradient": gradients,
        "last": {key: w for key, w in net.weights.items() if kept(key, w)},
        "average": averages if model is nn else {key: w for key, w in averages.items() if model is dnn and not w.requires_grad},
    }
    for group, values in packed.items():
        metadata[group] = list(values)
        flat = [value.detach().reshape(-1) for value in values.values()]
        tensors[group] = torch.cat(flat).numpy() if flat else np.zeros(0)
    here = os.path.dirname(os.path.abspath(__file__))
    save(os.path.join(here, f"{name}.safetensors"), tensors, metadata)


make(nn, extent=6, batch=8, smoothing=0.0, learning_rate=5e-3, seed=11)
make(dnn, extent=6, batch=8, smoothing=0.1, learning_rate=5e-3, seed=12)
make(cnn, extent=8, batch=6, smoothing=0.1, learning_rate=5e-3, seed=13)
# With most seeds this small net amplifies a rounding error of 1e-7 a thousand times and more within four steps
# (channels that are almost constant over twelve images); with this one, a hundred times.
make(resnet50, extent=10, batch=12, smoothing=0.0, learning_rate=1e-3, seed=15)

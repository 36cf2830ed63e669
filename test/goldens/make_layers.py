"""Makes layers.safetensors: values and gradients of single layers by PyTorch in float64.

Run with a Python that has PyTorch and NumPy: python3 make_layers.py
"""
import os

import numpy as np
import torch
import torch.nn.functional as F

from conventions import EPSILON, batch_normalization, convolution, max_pooling
from golden_file import save

rng = np.random.default_rng(1)
tensors = {}
cases = []


def uniform(*shape, low=-1.0, high=1.0):
    """Numbers that single precision holds, so that every engine starts from the same."""
    return torch.tensor(rng.uniform(low, high, shape).astype(np.float32).astype(np.float64))


def record(kind, setting, values):
    """Adds a case: its settings and its operands and results by name."""
    name = f"{kind}{len(cases)}"
    cases.append({"name": name, "kind": kind, **setting})
    for key, value in values.items():
        array = value.detach().numpy() if isinstance(value, torch.Tensor) else value
        tensors[f"{name}/{key}"] = array


def differentiate(dst, **operands):
    """A random diffDst and the gradients of sum(dst * diffDst) by the operands."""
    diff = uniform(*dst.shape)
    names = {"src": "diffSrc", "weights": "diffWeights", "bias": "diffBias", "gamma": "diffGamma", "beta": "diffBeta"}
    gradients = torch.autograd.grad(dst, list(operands.values()), diff)
    return {"dst": dst, "diffDst": diff, **operands, **{names[k]: g for k, g in zip(operands, gradients)}}


def leaf(tensor):
    return tensor.requires_grad_(True)


def add_convolution(images, filters, kernel, strides, mode, relu):
    src, weights, bias = leaf(uniform(*images)), leaf(uniform(filters, images[3], *kernel)), leaf(uniform(filters))
    dst = convolution(src, weights, bias, strides, mode)
    setting = {"images": images, "filters": filters, "kernel": kernel, "strides": strides, "mode": mode, "relu": relu}
    dst = torch.relu(dst) if relu else dst
    record("convolution", setting, differentiate(dst, src=src, weights=weights, bias=bias))


def add_dense(shape, units, relu):
    src, bias = leaf(uniform(*shape)), leaf(uniform(units))
    weights = leaf(uniform(units, int(np.prod(shape[1:]))))
    dst = F.linear(src.reshape(shape[0], -1), weights, bias)
    dst = torch.relu(dst) if relu else dst
    record("dense", {"src": shape, "units": units, "relu": relu}, differentiate(dst, src=src, weights=weights, bias=bias))


def add_normalization(shape, relu):
    channels = shape[-1]
    src, beta = leaf(uniform(*shape, low=1, high=4)), leaf(uniform(channels))
    gamma = leaf(uniform(channels, low=0.5, high=1.5))
    running = (torch.zeros(channels, dtype=torch.float64), torch.zeros(channels, dtype=torch.float64))
    dst = batch_normalization(src, gamma, beta, running, momentum=0.0)
    dst = torch.relu(dst) if relu else dst
    values = differentiate(dst, src=src, gamma=gamma, beta=beta)
    record("batchNormalization", {"shape": shape, "relu": relu}, {**values, "mean": running[0], "variance": running[1]})


def add_inference_normalization(shape):
    channels = shape[-1]
    src, gamma, beta = uniform(*shape), uniform(channels), uniform(channels)
    mean, variance = uniform(channels), uniform(channels, low=0.2, high=2)
    dst = F.batch_norm(src.reshape(-1, channels), mean, variance, gamma, beta, training=False, eps=EPSILON)
    values = {"src": src, "gamma": gamma, "beta": beta, "mean": mean, "variance": variance}
    record("batchNormalizationInference", {"shape": shape}, {**values, "dst": dst.reshape(shape)})


def add_max_pooling(images, window, strides, mode):
    src = leaf(uniform(*images, low=-2, high=-1))
    dst = max_pooling(src, window, strides, mode)
    setting = {"images": images, "window": window, "strides": strides, "mode": mode}
    record("maxPooling", setting, differentiate(dst, src=src))


def add_average_pooling(images):
    src = leaf(uniform(*images))
    record("globalAveragePooling", {"images": images}, differentiate(src.mean(dim=(1, 2)), src=src))


def add_loss(n, classes, smoothing, share=0.0):
    """Of the loss, this share is by a teacher's probabilities."""
    logits = leaf(uniform(n, classes, low=-3, high=3))
    labels = rng.integers(0, classes, n)
    loss = (1 - share) * F.cross_entropy(logits, torch.tensor(labels), label_smoothing=smoothing)
    # Sums of exactly 1 in single precision too.
    targets = torch.tensor(rng.multinomial(256, [1 / classes] * classes, n) / 256) if share else None
    if share:
        loss = loss + share * F.cross_entropy(logits, targets)
    (gradient,) = torch.autograd.grad(loss, logits)
    correct = float((logits.argmax(1).numpy() == labels).sum())
    values = {"logits": logits, "labels": labels.astype(np.uint8), "diffLogits": gradient}
    values["metrics"] = np.array([loss.item() * n, correct])
    if share:
        values["targets"] = targets
    record("softmaxCrossEntropy", {"n": n, "classes": classes, "smoothing": smoothing, "share": share}, values)


def add_weighted_loss(class_weights, n):
    """Each image counts as much as its class."""
    classes = len(class_weights)
    logits = leaf(uniform(n, classes, low=-3, high=3))
    labels = rng.integers(0, classes, n)
    weight = torch.tensor(class_weights, dtype=torch.float64)
    loss = F.cross_entropy(logits, torch.tensor(labels), weight=weight)
    (gradient,) = torch.autograd.grad(loss, logits)
    correct = float((logits.argmax(1).numpy() == labels).sum())
    values = {"logits": logits, "labels": labels.astype(np.uint8), "diffLogits": gradient}
    values["metrics"] = np.array([loss.item() * n, correct])
    weights = [class_weights[label] for label in labels]
    setting = {"n": n, "classes": classes, "smoothing": 0.0, "share": 0.0, "weights": weights}
    record("softmaxCrossEntropy", setting, values)


def add_sgd(momentum, nesterov, steps=4, size=6):
    """torch.optim.SGD itself, learning rate changing from step to step."""
    rates = [0.1, 0.05, 0.2, 0.01]
    weights = leaf(uniform(size))
    first = weights.detach().clone()
    gradients = uniform(steps, size)
    decay = 0.125
    optimizer = torch.optim.SGD([weights], lr=1, momentum=momentum, nesterov=nesterov, weight_decay=decay)
    for rate, gradient in zip(rates, gradients):
        optimizer.param_groups[0]["lr"] = float(np.float32(rate))
        weights.grad = gradient.clone()
        optimizer.step()
    hyper = np.array([[rate, decay, 0, 0] for rate in rates], np.float32)
    values = {"weights": first, "gradients": gradients, "hyper": hyper, "result": weights}
    record("sgd", {"momentum": momentum, "nesterov": nesterov}, values)


for setting in [
    ([1, 5, 7, 1], 10, [3, 3], [1, 1], "same", False),
    ([2, 6, 5, 3], 5, [3, 3], [2, 2], "same", True),
    ([1, 7, 6, 5], 4, [5, 3], [1, 1], "valid", False),
    ([1, 10, 9, 1], 4, [7, 7], [2, 2], "same", False),
    ([2, 5, 4, 16], 3, [1, 1], [2, 2], "valid", True),
    ([2, 4, 5, 3], 4, [2, 2], [2, 1], "same", False),
]:
    add_convolution(*setting)
add_dense([4, 9], 5, False)
add_dense([3, 2, 3, 5], 7, True)
add_normalization([9, 5], False)
add_normalization([2, 3, 4, 3], True)
add_normalization([2, 2, 2, 17], False)
add_inference_normalization([2, 2, 3, 5])
add_max_pooling([2, 6, 7, 3], [2, 2], [2, 2], "valid")
add_max_pooling([1, 7, 6, 5], [3, 3], [2, 2], "same")
add_max_pooling([1, 5, 5, 2], [2, 3], [1, 1], "same")
add_average_pooling([2, 3, 4, 5])
add_loss(5, 10, 0.0)
add_loss(4, 7, 0.1)
add_sgd(0.0, False)
add_sgd(0.9, False)
add_sgd(0.9, True)
add_loss(6, 8, 0.1, 0.75)
add_loss(3, 5, 0.0, 1.0)
add_weighted_loss([0.5, 2.0, 0.25, 4.0], 9)

here = os.path.dirname(os.path.abspath(__file__))
save(os.path.join(here, "layers.safetensors"), tensors, {"made with": f"PyTorch {torch.__version__}", "cases": cases})

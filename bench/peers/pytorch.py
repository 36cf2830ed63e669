"""PyTorch as a contestant: training and inference, each in the mode that is fastest here.

A mode is { name, precision, channels_last, autocast, traced, foreach, batch }.
"""
import contextlib
import itertools
import json
import os
import re
import sys
import time

import numpy as np
import torch
import torch.nn.functional as F

from graph_module import build

IMAGES = 60_000


def repeat(seconds, work):
    start = time.perf_counter()
    images, elapsed = 0, 0.0
    while elapsed < seconds:
        images += work()
        elapsed = time.perf_counter() - start
    return {"images": images, "seconds": elapsed}


def read_bytes(folder, name):
    return torch.from_numpy(np.fromfile(os.path.join(folder, name), np.uint8))


def has_convolutions(model):
    return any(isinstance(module, torch.nn.Conv2d) for module in model.modules())


def autocast(mode):
    return torch.autocast("cpu", dtype=torch.bfloat16) if mode["autocast"] else contextlib.nullcontext()


def training(request, mode):
    """Adam on batches in random order; the images lie in memory as tensors and are not augmented."""
    model = build(request["folder"], request["model"]).train()
    layout = torch.channels_last if mode["channels_last"] else torch.contiguous_format
    convolutional = has_convolutions(model)
    if convolutional:
        model = model.to(memory_format=layout)
    scale, shift = request["pixels"]["scale"], request["pixels"]["shift"]
    images = read_bytes(request["folder"], "train-images.u8").reshape(IMAGES, 1, 28, 28)
    if not convolutional:
        # As floats they take four times the memory, but a small model's step is short enough to gain by it.
        images = images.float().mul_(scale).add_(shift)
    labels = read_bytes(request["folder"], "train-labels.u8").long()
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3, eps=1e-7, foreach=mode["foreach"])
    batch = request["batch"]
    state = {"order": torch.randperm(IMAGES), "next": 0}

    def step():
        if state["next"] + batch > IMAGES:
            state.update(order=torch.randperm(IMAGES), next=0)
        indices = state["order"][state["next"]:state["next"] + batch]
        state["next"] += batch
        x = images[indices]
        if convolutional:
            x = x.to(torch.float32, memory_format=layout).mul_(scale).add_(shift)
        optimizer.zero_grad(set_to_none=True)
        with autocast(mode):
            logits = model(x)
        F.cross_entropy(logits.float(), labels[indices]).backward()
        optimizer.step()
        return batch

    step()
    return step, None


def inference(request, mode):
    model = build(request["folder"], request["model"]).eval().requires_grad_(False)
    count = 1 if request["task"] == "one" else 1000
    scale, shift = request["pixels"]["scale"], request["pixels"]["shift"]
    images = read_bytes(request["folder"], "test-images.u8")[:count * 784].reshape(count, 1, 28, 28)
    images = images.float().mul_(scale).add_(shift)
    if mode["channels_last"]:
        model = model.to(memory_format=torch.channels_last)
    cast = mode["precision"] == "bf16" and not mode["autocast"]
    if cast:
        model = model.bfloat16()
    batches = images.split(mode["batch"])
    parts = itertools.cycle(batches)
    if mode["traced"]:
        example = batches[0].bfloat16() if cast else batches[0]
        with torch.no_grad():
            model = torch.jit.optimize_for_inference(torch.jit.freeze(torch.jit.trace(model, example)))
    state = {}

    def classify():
        with torch.inference_mode(), autocast(mode):
            part = next(parts)
            logits = model(part.bfloat16() if cast else part)
            state.setdefault("logits", logits)
        return len(part)

    # A traced model is specialized in its first runs.
    for _ in range(3 if mode["traced"] else 1):
        classify()
    return classify, state["logits"][0].float().tolist()


def mode_of(precision="f32", channels_last=False, autocast=False, traced=False, foreach=False, batch=None):
    words = [precision if precision == "f32" else "bf16 autocast" if autocast else "bf16 weights"]
    words += ["channels-last"] if channels_last else []
    words += ["traced"] if traced else []
    words += ["foreach"] if foreach else []
    words += [f"batches of {batch}"] if batch and batch > 1 else []
    return {"name": ", ".join(words), "precision": precision, "channels_last": channels_last, "autocast": autocast,
            "traced": traced, "foreach": foreach, "batch": batch}


def rate_of(request, mode):
    work, _ = (training if request["task"] == "training" else inference)(request, mode)
    done = repeat(request["seconds"], work)
    return done["images"] / done["seconds"]


def measure(request, **mode):
    mode = mode_of(**mode)
    try:
        return {**mode, "rate": rate_of(request, mode)}
    except Exception as error:
        return {**mode, "failed": str(error).strip().splitlines()[-1]}


def best_of(modes):
    return max(modes, key=lambda mode: mode.get("rate", 0))


def calibrate(**request):
    """Tries the modes; then, with the best of them, Adam in its foreach form or other batches."""
    torch.set_num_threads(request["threads"])
    layouts = [False, True] if has_convolutions(build(request["folder"], request["model"])) else [False]
    if request["task"] == "training":
        modes = [measure(request, precision="bf16" if cast else "f32", autocast=cast, channels_last=layout)
                 for cast, layout in itertools.product([False, True], layouts)]
        return {"modes": modes + [measure(request, **settings(best_of(modes), foreach=True))]}
    batch = 1 if request["task"] == "one" else 250
    kinds = [("f32", False, False), ("f32", False, True), ("bf16", False, False), ("bf16", False, True),
             ("bf16", True, False)]
    modes = [measure(request, precision=precision, autocast=cast, traced=traced, channels_last=layout, batch=batch)
             for precision, cast, traced in kinds for layout in layouts]
    if batch > 1:
        modes += [measure(request, **settings(best_of(modes), batch=other)) for other in (50, 1000)]
    return {"modes": modes}


def settings(mode, **changes):
    names = ("precision", "channels_last", "autocast", "traced", "foreach", "batch")
    return {**{name: mode[name] for name in names}, **changes}


def describe(threads):
    """The versions, and the file of the BLAS that answers: Debian's PyTorch takes whichever is installed."""
    torch.set_num_threads(threads)
    with open("/proc/self/maps") as maps:
        files = {os.path.realpath(line.split()[-1]) for line in maps if re.search(r"blas\S*\.so|libmkl", line) and "lapack" not in line}
    return {"version": f"PyTorch {torch.__version__}", "blas": ", ".join(sorted(files)) or "within PyTorch"}


works = {}


def prepare(**request):
    torch.set_num_threads(request["threads"])
    make = training if request["task"] == "training" else inference
    works[request["task"]], logits = make(request, request["mode"])
    return {"logits": logits}


def run(task, seconds):
    """A turn begins with a part that does not count, as the other contestants' do."""
    repeat(min(0.3, seconds / 3), works[task])
    return repeat(seconds, works[task])


def export(folder, model):
    """Writes <model>.onnx with Batch Normalization folded into the convolutions before it."""
    torch.onnx.export(build(folder, model).eval(), torch.zeros(2, 1, 28, 28), os.path.join(folder, f"{model}.onnx"),
                      opset_version=15, input_names=["images"], output_names=["logits"],
                      dynamic_axes={"images": {0: "n"}, "logits": {0: "n"}})
    return {}


HANDLERS = {"describe": describe, "calibrate": calibrate, "prepare": prepare, "run": run, "export": export}

for line in sys.stdin:
    request = json.loads(line)
    handler = HANDLERS[request.pop("do")]
    try:
        answer = handler(**request)
    except Exception as error:
        answer = {"error": str(error).strip() or type(error).__name__}
    print(json.dumps(answer), flush=True)

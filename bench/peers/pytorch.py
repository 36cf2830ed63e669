"""PyTorch as a contestant: training and inference, each in the mode that is fastest here.

A mode is { name, precision, channels_last, autocast, traced, compiled, optimizer, batch }.
"""
import contextlib
import ctypes
import inspect
import itertools
import json
import os
import re
import shutil
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


def compiled(model, request):
    """Its kernels lie with the material, so that the process that is measured finds those of the trials."""
    os.environ["TORCHINDUCTOR_CACHE_DIR"] = os.path.join(request["folder"], "inductor")
    return torch.compile(model)


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
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3, eps=1e-7,
                                 **({} if mode["optimizer"] == "plain" else {mode["optimizer"]: True}))
    if mode["compiled"]:
        model = compiled(model, request)
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

    # Compiling, and the steps that follow it, happen outside the clock.
    for _ in range(3 if mode["compiled"] else 1):
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
        # PyTorch 2.6 of Debian never comes back from the second run of a model that this fuser has changed.
        torch._C._jit_set_texpr_fuser_enabled(torch.__version__.startswith("1."))
        example = batches[0].bfloat16() if cast else batches[0]
        with torch.no_grad():
            model = torch.jit.optimize_for_inference(torch.jit.freeze(torch.jit.trace(model, example)))
    if mode["compiled"]:
        torch._inductor.config.freezing = True
        model = compiled(model, request)
    state = {}
    # What compiles with frozen weights wants no_grad.
    without_gradients = torch.no_grad if mode["compiled"] else torch.inference_mode

    def classify():
        with without_gradients(), autocast(mode):
            part = next(parts)
            logits = model(part.bfloat16() if cast else part)
            state.setdefault("logits", logits)
        return len(part)

    # A traced or compiled model is specialized in its first runs.
    for _ in range(3 if mode["traced"] or mode["compiled"] else 1):
        classify()
    return classify, state["logits"][0].float().tolist()


def mode_of(precision="f32", channels_last=False, autocast=False, traced=False, compiled=False, optimizer="plain",
            batch=None):
    words = [precision if precision == "f32" else "bf16 autocast" if autocast else "bf16 weights"]
    words += ["channels-last"] if channels_last else []
    words += ["traced"] if traced else []
    words += ["compiled"] if compiled else []
    words += [f"{optimizer} Adam"] if optimizer != "plain" else []
    words += [f"batches of {batch}"] if batch and batch > 1 else []
    return {"name": ", ".join(words), "precision": precision, "channels_last": channels_last, "autocast": autocast,
            "traced": traced, "compiled": compiled, "optimizer": optimizer, "batch": batch}


def changed(mode, **changes):
    return mode_of(**{**{name: value for name, value in mode.items() if name != "name"}, **changes})


def training_stages(request, convolutional):
    yield lambda _: [mode_of(precision="bf16" if cast else "f32", autocast=cast) for cast in precisions(request)]
    if convolutional:
        yield lambda best: [changed(best, channels_last=True)]
    forms = ["foreach"] + (["fused"] if "fused" in inspect.signature(torch.optim.Adam).parameters else [])
    yield lambda best: [changed(best, optimizer=form) for form in forms]
    if can_compile(request):
        yield lambda best: [changed(best, compiled=True)]


def inference_stages(request, convolutional):
    one = request["task"] == "one"
    yield lambda _: [mode_of(precision="bf16" if cast else "f32", batch=1 if one else 250) for cast in precisions(request)]
    yield lambda best: [changed(best, **changes) for changes in inference_changes(best, convolutional)]
    if not one:
        yield lambda best: [changed(best, batch=batch) for batch in (50, 1000)]
    if can_compile(request):
        yield lambda best: [changed(best, traced=False, compiled=True)]


def inference_changes(best, convolutional):
    yield {"traced": True}
    if convolutional:
        yield {"channels_last": True}
        yield {"channels_last": True, "traced": True}
    if best["precision"] == "bf16":
        yield {"autocast": True}


def precisions(request):
    """Whether to cast to bf16, which only processors that have it do well."""
    return [False, True] if request["bf16"] else [False]


def can_compile(request):
    """torch.compile came with PyTorch 2; it needs a C++ compiler, and more time than a quick run has."""
    return not request["quick"] and hasattr(torch, "compile") and shutil.which("g++") is not None


def variants(stage, best, **request):
    """What to try at a stage of the search: modes to begin with, then variants of one that did well."""
    stages = training_stages if request["task"] == "training" else inference_stages
    convolutional = has_convolutions(build(request["folder"], request["model"]))
    change = next(itertools.islice(stages(request, convolutional), stage, None), None)
    return {"modes": change(best) if change else []}


def trial(seconds, mode, **request):
    torch.set_num_threads(request["threads"])
    work, _ = make(request, mode)
    done = repeat(seconds, work)
    return {"rate": done["images"] / done["seconds"]}


def make(request, mode):
    return (training if request["task"] == "training" else inference)(request, mode)


def describe():
    """The BLAS that answers, and its kernels: Debian's PyTorch takes whichever is installed."""
    with open("/proc/self/maps") as maps:
        names = {os.path.realpath(line.split()[-1]) for line in maps if re.search(r"blas\S*\.so|libmkl", line)}
    files = sorted(name for name in names if "lapack" not in name)
    return {"blas": ", ".join(map(describe_blas, files)) or "within PyTorch"}


def describe_blas(file):
    name = os.path.basename(file)
    if "openblas" not in name:
        return name
    core_name = ctypes.CDLL(file).openblas_get_corename
    core_name.restype = ctypes.c_char_p
    return f"{name} with kernels for {core_name().decode()}"


works = {}


def prepare(**request):
    torch.set_num_threads(request["threads"])
    works[request["task"]], logits = make(request, request["mode"])
    return {"version": f"PyTorch {torch.__version__}", "logits": logits}


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


HANDLERS = {"describe": describe, "variants": variants, "try": trial, "prepare": prepare, "run": run, "export": export}

for line in sys.stdin:
    request = json.loads(line)
    handler = HANDLERS[request.pop("do")]
    try:
        answer = handler(**request)
    except Exception as error:
        lines = str(error).strip().splitlines() or [""]
        answer = {"error": f"{type(error).__name__}: {lines[0]}".removesuffix(": ")}
    print(json.dumps(answer), flush=True)

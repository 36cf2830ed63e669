"""Writes statistics.json: figures of an evaluation and of a comparison by scikit-learn, SciPy and statsmodels.

    python3 test/goldens/make_statistics.py

Needs NumPy, SciPy, scikit-learn and statsmodels. Logits are float32 and stored so; everything is computed from
them in float64. The expected calibration error is written out, as none of these libraries has it.
"""

import base64
import json
import pathlib

import numpy as np
import scipy
import sklearn
import statsmodels
from scipy import optimize, special, stats
from sklearn import metrics
from statsmodels.stats.contingency_tables import mcnemar
from statsmodels.stats.proportion import proportion_confint

BINS = 15


def draw(count, classes, skill, scale, seed):
    """Logits of a model that is right more or less often and too sure or not sure enough of it."""
    random = np.random.default_rng(seed)
    labels = random.integers(0, classes, count)
    logits = random.standard_normal((count, classes))
    logits[np.arange(count), labels] += skill * random.random(count)
    # Neighbouring classes are taken for each other.
    logits[np.arange(count), (labels + 1) % classes] += 0.4 * skill * random.random(count)
    return (scale * logits).astype(np.float32), labels


def calibration(probabilities, labels):
    confidence, given = probabilities.max(1), probabilities.argmax(1)
    edges = np.linspace(0, 1, BINS + 1)
    ece, bins = 0.0, []
    for low, high in zip(edges[:-1], edges[1:]):
        inside = (confidence > low) & (confidence <= high)
        if not inside.any():
            bins.append([0, None, None])
            continue
        accuracy, mean = (given == labels)[inside].mean(), confidence[inside].mean()
        ece += inside.mean() * abs(accuracy - mean)
        bins.append([int(inside.sum()), mean, accuracy])
    return {"ece": ece, "bins": bins}


def temperature(logits, labels):
    def loss(log_t):
        return -special.log_softmax(logits / np.exp(log_t), axis=1)[np.arange(len(labels)), labels].mean()

    found = optimize.minimize_scalar(loss, bounds=(-5, 5), method="bounded", options={"xatol": 1e-12})
    return float(np.exp(found.x)), float(found.fun)


def evaluation(name, classes, **options):
    stored, labels = draw(classes=classes, **options)
    logits, all_classes = stored.astype(np.float64), np.arange(classes)
    probabilities = special.softmax(logits, axis=1)
    given = probabilities.argmax(1)
    by_class = {"labels": all_classes, "zero_division": 0}
    each = metrics.precision_recall_fscore_support(labels, given, average=None, **by_class)
    macro = metrics.precision_recall_fscore_support(labels, given, average="macro", **by_class)
    fitted, least = temperature(logits, labels)
    return {
        "name": name,
        "classes": classes,
        "logits": base64.b64encode(stored.astype("<f4").tobytes()).decode(),
        "labels": base64.b64encode(labels.astype(np.uint8).tobytes()).decode(),
        "accuracy": metrics.accuracy_score(labels, given),
        "loss": metrics.log_loss(labels, probabilities, labels=all_classes),
        "top2": metrics.top_k_accuracy_score(labels, logits, k=2, labels=all_classes),
        "top3": metrics.top_k_accuracy_score(labels, logits, k=3, labels=all_classes),
        "precision": each[0].tolist(),
        "recall": each[1].tolist(),
        "f1": each[2].tolist(),
        "macro": dict(zip(["precision", "recall", "f1"], macro[:3])),
        "confusion": metrics.confusion_matrix(labels, given, labels=all_classes).tolist(),
        "calibration": calibration(probabilities, labels),
        "temperature": fitted,
        "scaledLoss": least,
        "scaledCalibration": calibration(special.softmax(logits / fitted, axis=1), labels),
    }


def interval(correct, n):
    low, high = proportion_confint(correct, n, alpha=0.05, method="wilson")
    return {"correct": correct, "n": n, "low": float(low), "high": float(high)}


def comparison(b, c):
    """The exact test by statsmodels; the mid-p by the binomial distribution's cumulative and mass functions."""
    exact = float(mcnemar([[0, b], [c, 0]], exact=True).pvalue) if b + c > 0 else 1.0
    least, n = min(b, c), b + c
    mid = min(1.0, float(2 * stats.binom.cdf(least - 1, n, 0.5) + stats.binom.pmf(least, n, 0.5)))
    return {"b": b, "c": c, "exact": exact, "midP": mid}


def bootstrap(b, c, n):
    random = np.random.default_rng(5)
    differences = np.zeros(n)
    differences[:b], differences[b : b + c] = 1, -1
    means = [random.choice(differences, n).mean() for _ in range(20_000)]
    low, high = np.quantile(means, [0.025, 0.975])
    return {"b": b, "c": c, "n": n, "low": low, "high": high}


def main():
    golden = {
        "versions": {m.__name__: m.__version__ for m in (np, scipy, sklearn, statsmodels)},
        "evaluations": [
            evaluation("too sure", 10, count=400, skill=3, scale=3, seed=1),
            evaluation("not sure enough", 10, count=400, skill=6, scale=0.5, seed=2),
            evaluation("few classes, few images", 3, count=25, skill=2, scale=1, seed=3),
        ],
        "intervals": [
            interval(*pair) for pair in [(8893, 10000), (9472, 10000), (1, 2), (0, 10), (10, 10), (299, 300)]
        ],
        "comparisons": [
            comparison(*pair)
            for pair in [(0, 0), (1, 0), (3, 9), (10, 14), (12, 12), (12, 13), (20, 20), (40, 55), (0, 60)]
            + [(241, 187), (900, 1010), (3000, 3100)]
        ],
        "bootstraps": [bootstrap(120, 80, 2000), bootstrap(241, 187, 10000), bootstrap(9, 2, 300)],
    }
    path = pathlib.Path(__file__).with_name("statistics.json")
    path.write_text(json.dumps(golden, indent=1) + "\n")
    print(f"{path}: {path.stat().st_size} bytes")


main()

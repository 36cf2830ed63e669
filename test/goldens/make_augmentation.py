"""Writes augmentation.json: affine maps of small images by scipy.ndimage.affine_transform.

    python3 test/goldens/make_augmentation.py

Needs NumPy and SciPy. The matrix is written out as Keras's ImageDataGenerator composes it (rotation, shift,
shear, zoom as 3 x 3 matrices, then moved to the centre); flips come after. Everything is computed in float64
and stored as float32.
"""

import base64
import json
import pathlib

import numpy as np
import scipy
from scipy import ndimage


def garment(height, width, seed):
    """A textured shape before a dark background, with grey values up to the image's edge."""
    random = np.random.default_rng(seed)
    rows, columns = np.mgrid[0:height, 0:width]
    y = (rows - (height - 1) / 2) / (height / 2)
    x = (columns - (width - 1) / 2) / (width / 2)
    body = (np.abs(x) < 0.45 + 0.2 * np.cos(3 * y)) & (np.abs(y) < 0.95)
    sleeves = (np.abs(x) < 1) & (y > -0.8) & (y < -0.8 + 0.35 * (1.6 - np.abs(x)))
    texture = 150 + 60 * np.sin(9 * x + 4 * y) + 30 * random.standard_normal((height, width))
    image = np.where(body | sleeves, texture, 10 * random.random((height, width)))
    image[:, 0] = 40 + 6 * np.arange(height)
    image[-1, :] = 200 - 3 * np.arange(width)
    return np.clip(np.rint(image), 0, 255).astype(np.uint8)


def keras_map(values, height, width):
    theta, shear = np.deg2rad(values["rotation"]), np.deg2rad(values["shear"])
    rotation = np.array([[np.cos(theta), -np.sin(theta), 0], [np.sin(theta), np.cos(theta), 0], [0, 0, 1]])
    shift = np.array([[1, 0, values["shiftRows"]], [0, 1, values["shiftColumns"]], [0, 0, 1]])
    shearing = np.array([[1, -np.sin(shear), 0], [0, np.cos(shear), 0], [0, 0, 1]])
    zoom = np.diag([values["zoomRows"], values["zoomColumns"], 1])
    o_row, o_column = height / 2 - 0.5, width / 2 - 0.5
    to_centre = np.array([[1, 0, o_row], [0, 1, o_column], [0, 0, 1]])
    from_centre = np.array([[1, 0, -o_row], [0, 1, -o_column], [0, 0, 1]])
    return to_centre @ rotation @ shift @ shearing @ zoom @ from_centre


def drawn(random, height, width):
    """The ranges of the study's own protocol."""
    return {
        "rotation": random.uniform(-8, 8),
        "shiftRows": random.uniform(-0.08, 0.08) * height,
        "shiftColumns": random.uniform(-0.08, 0.08) * width,
        "shear": random.uniform(-0.3, 0.3),
        "zoomRows": random.uniform(0.9, 1.1),
        "zoomColumns": random.uniform(0.9, 1.1),
    }


def base64_of(array):
    return base64.b64encode(array.tobytes()).decode()


def main():
    random = np.random.default_rng(2024)
    still = {"rotation": 0, "shiftRows": 0, "shiftColumns": 0, "shear": 0, "zoomRows": 1, "zoomColumns": 1}
    sizes = [(28, 28), (20, 32), (9, 7)]
    images = [garment(height, width, seed) for seed, (height, width) in enumerate(sizes)]
    # One value at a time, well beyond the protocol's ranges, then all together.
    cases = [
        (0, still),
        (0, still | {"rotation": 37.5}),
        (1, still | {"shiftRows": 3.25, "shiftColumns": -5.5}),
        (1, still | {"shear": 24}),
        (1, still | {"zoomRows": 0.6, "zoomColumns": 1.7}),
        (2, still | {"rotation": -160, "shear": -15, "zoomRows": 1.3, "shiftRows": 12}),
    ]
    cases += [(i % 3, drawn(random, *sizes[i % 3])) for i in range(9)]
    written = []
    for i, (image, values) in enumerate(cases):
        matrix = keras_map(values, *sizes[image])
        moved = ndimage.affine_transform(
            images[image].astype(np.float64), matrix[:2, :2], matrix[:2, 2], order=1, mode="nearest"
        )
        flip_rows, flip_columns = i % 2 == 1, i % 4 >= 2
        moved = moved[:: -1 if flip_rows else 1, :: -1 if flip_columns else 1]
        expected = base64_of(np.ascontiguousarray(moved).astype("<f4"))
        flips = {"flipRows": flip_rows, "flipColumns": flip_columns}
        written.append({"image": image, "values": values, **flips, "expected": expected})
    golden = {
        "madeWith": f"NumPy {np.__version__}, SciPy {scipy.__version__}",
        "images": [
            {"height": height, "width": width, "pixels": base64_of(image)}
            for (height, width), image in zip(sizes, images)
        ],
        "cases": written,
    }
    path = pathlib.Path(__file__).with_name("augmentation.json")
    path.write_text(json.dumps(golden, indent=1) + "\n")


if __name__ == "__main__":
    main()

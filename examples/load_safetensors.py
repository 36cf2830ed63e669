"""Loads a model that `atelier export --format safetensors` wrote and scores it with PyTorch.

    python3 examples/load_safetensors.py cnn.safetensors --data /usr/share/datasets/fashion-mnist

It needs PyTorch and NumPy alone. The file's parts are read by hand, which shows all there is to its conventions:
images are NHWC, so that a flatten goes height, width, channel; same padding is TensorFlow's, an odd pixel at the
end; Batch Normalization's variance is the biased one.
"""
import argparse
import gzip
import json
import struct
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F

DTYPES = {'F32': np.float32, 'F16': np.float16}


def read_safetensors(path):
    """The metadata and the tensors of a file: the header's length, the header as JSON, the tensors' bytes."""
    content = Path(path).read_bytes()
    (length,) = struct.unpack('<Q', content[:8])
    header = json.loads(content[8 : 8 + length])
    metadata = header.pop('__metadata__')
    tensors = {}
    for name, entry in header.items():
        begin, end = (8 + length + offset for offset in entry['data_offsets'])
        values = np.frombuffer(content[begin:end], DTYPES[entry['dtype']]).reshape(entry['shape'])
        tensors[name] = torch.from_numpy(values.astype(np.float32))
    return metadata, tensors


def pad_same(x, window, strides, value):
    """TensorFlow's same padding: so much that the output has ceil(input / stride) pixels."""
    pads = []
    for size, extent, stride in zip(x.shape[:1:-1], window[::-1], strides[::-1]):
        total = max((-(-size // stride) - 1) * stride + extent - size, 0)
        pads += [total // 2, total - total // 2]
    return F.pad(x, pads, value=value)


def conv2d(params, weights, x):
    if params['padding'] == 'same':
        x = pad_same(x, params['kernel'], params['strides'], 0.0)
    return F.conv2d(x, weights('weight'), weights('bias'), params['strides'])


def max_pooling2d(params, weights, x):
    if params['padding'] == 'same':
        x = pad_same(x, params['window'], params['strides'], -float('inf'))
    return F.max_pool2d(x, params['window'], params['strides'])


def batch_normalization(params, weights, x):
    mean, variance, gamma, beta = map(weights, ['mean', 'variance', 'gamma', 'beta'])
    return F.batch_norm(x, mean, variance, gamma, beta, training=False, eps=params['epsilon'])


OPS = {
    'conv2d': conv2d,
    'dense': lambda params, weights, x: F.linear(x, weights('weight'), weights('bias')),
    'batchNormalization': batch_normalization,
    'relu': lambda params, weights, x: F.relu(x),
    'maxPooling2d': max_pooling2d,
    'globalAveragePooling2d': lambda params, weights, x: x.mean((2, 3)),
    'dropout': lambda params, weights, x: x,
    'add': lambda params, weights, a, b: a + b,
    # NCHW to NHWC first.
    'flatten': lambda params, weights, x: x.permute(0, 2, 3, 1).flatten(1) if x.dim() == 4 else x,
}


def logits_of(metadata, tensors, images):
    """Logits of images [n, 28, 28] of bytes, by the layers in the metadata."""
    pixels = json.loads(metadata['pixels'])
    x = torch.from_numpy(images.astype(np.float32))[:, None] / 255
    results = [(x - pixels['mean']) / pixels['deviation']]
    for node in json.loads(metadata['graph'])['nodes'][1:]:
        weights = lambda suffix: tensors[f"{node['name']}.{suffix}"]
        result = OPS[node['op']](node['params'], weights, *(results[i] for i in node['inputs']))
        results.append(F.relu(result) if node['params'].get('activation') == 'relu' else result)
    return results[-1]


def read_idx(path):
    path = Path(path)
    content = path.read_bytes() if path.exists() else gzip.decompress(Path(f'{path}.gz').read_bytes())
    extents = struct.unpack_from(f'>{content[3]}I', content, 4)
    return np.frombuffer(content, np.uint8, offset=4 + 4 * len(extents)).reshape(extents)


def main():
    parser = argparse.ArgumentParser(description='score an exported model with PyTorch')
    parser.add_argument('weights', help='a file of atelier export --format safetensors')
    parser.add_argument('--data', default='/usr/share/datasets/fashion-mnist', help="the data set's folder")
    parser.add_argument('--limit', type=int, default=10_000, help='use so many test images')
    arguments = parser.parse_args()
    metadata, tensors = read_safetensors(arguments.weights)
    images = read_idx(f'{arguments.data}/t10k-images-idx3-ubyte')[: arguments.limit]
    labels = read_idx(f'{arguments.data}/t10k-labels-idx1-ubyte')[: arguments.limit]
    correct = 0
    with torch.inference_mode():
        for start in range(0, len(images), 250):
            logits = logits_of(metadata, tensors, images[start : start + 250])
            correct += int((logits.argmax(1).numpy() == labels[start : start + 250]).sum())
    print(f"{metadata['model']}: {correct} of {len(images)} test images right, {100 * correct / len(images):.2f} %")


if __name__ == '__main__':
    main()

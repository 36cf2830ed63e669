"""The conventions in which Keras and PyTorch differ, over float64 tensors; images are NHWC outside."""
import torch
import torch.nn.functional as F

EPSILON = 1e-3


def nchw(images):
    return images.permute(0, 3, 1, 2)


def nhwc(images):
    return images.permute(0, 2, 3, 1)


def same_padding(extent, window, stride):
    """TensorFlow's: as little as gives ceil(extent / stride) windows, an odd pixel at the end."""
    windows = -(-extent // stride)
    total = max((windows - 1) * stride + window - extent, 0)
    return total // 2, total - total // 2


def pad(images, window, strides, mode, value):
    """Pads NCHW images; F.pad takes left, right, top, bottom."""
    if mode == "valid":
        return images
    top, bottom = same_padding(images.shape[2], window[0], strides[0])
    left, right = same_padding(images.shape[3], window[1], strides[1])
    return F.pad(images, (left, right, top, bottom), value=value)


def convolution(src, weight, bias, strides=(1, 1), mode="same"):
    padded = pad(nchw(src), weight.shape[2:], strides, mode, 0.0)
    return nhwc(F.conv2d(padded, weight, bias, stride=strides))


def max_pooling(src, window, strides, mode):
    padded = pad(nchw(src), window, strides, mode, float("-inf"))
    return nhwc(F.max_pool2d(padded, window, strides))


def batch_normalization(src, gamma, beta, running=None, momentum=0.99):
    """By the batch's statistics over all axes but the last; `running` (mean, variance) moves in place.

    PyTorch's momentum is one minus Keras's. It keeps the unbiased variance: with it in a buffer of its own
    (momentum 1, so that the buffer ends as the batch's), n / (n - 1) is undone and the move written out.
    """
    rows = src.reshape(-1, src.shape[-1])
    mean, variance = torch.zeros_like(gamma), torch.ones_like(gamma)
    dst = F.batch_norm(rows, mean, variance, gamma, beta, training=True, momentum=1.0, eps=EPSILON)
    if running is not None:
        n = rows.shape[0]
        with torch.no_grad():
            for held, new in zip(running, (mean, variance * (n - 1) / n)):
                held += (1 - momentum) * (new.detach() - held)
    return dst.reshape(src.shape)

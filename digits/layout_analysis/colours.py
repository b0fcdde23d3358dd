"""Measure colours: how far pixels are from one or from the mixtures of two, and the main one."""

import numpy as np


def difference(pixels, colour):
    """Measure how far pixels are from a colour.

    Parameters
    ----------
    pixels : ndarray of uint8, shape (H, W) or (H, W, 3)
    colour : int, or array_like, shape (3,)

    Returns
    -------
    ndarray of uint8, shape (H, W)
        Largest difference of any channel.
    """
    colour = np.asarray(colour, np.uint8)
    apart = np.maximum(pixels, colour) - np.minimum(pixels, colour)
    return apart if apart.ndim == 2 else apart.max(axis=2)


def main_colour(pixels):
    """Find the most frequent colour, without the noise of compression.

    Parameters
    ----------
    pixels : ndarray of uint8, shape (n,) or (n, channels)

    Returns
    -------
    ndarray of float64, shape (channels,)
        Of the pixels with the most frequent multiple of 16 in each channel, the median.
    """
    pixels = pixels.reshape(len(pixels), -1)
    coarse = pixels // 16 @ 16 ** np.arange(pixels.shape[1])
    return np.median(pixels[coarse == np.bincount(coarse).argmax()], axis=0)


def off_mixture(pixels, first, second):
    """Measure how far pixels are from every mixture of two colours.

    Parameters
    ----------
    pixels : ndarray of uint8, shape (H, W, 3)
    first, second : ndarray, shape (3,)

    Returns
    -------
    ndarray of uint8, shape (H, W)
        Largest difference of any channel.
    """
    way = np.asarray(second, np.float32) - first
    away = pixels - np.asarray(first, np.float32)
    share = (away @ way / (way @ way)).clip(0, 1)
    return np.abs(away - share[..., np.newaxis] * way).max(axis=2).astype(np.uint8)

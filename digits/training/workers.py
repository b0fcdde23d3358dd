"""A number in, a pool of so many processes that prepare batches out.

They import nothing but what they are asked to run: a process that also imported Keras would start
a second later and take 600 MB more.
"""

import multiprocessing
from concurrent.futures import ProcessPoolExecutor

import cv2

from digits.processes import end_with_parent


def start_workers(count, setup, *arguments):
    """Start a pool of processes that end when this one does, even if it is killed.

    Parameters
    ----------
    count : int
    setup : callable
        Called with `arguments` in each process when it starts.

    Returns
    -------
    concurrent.futures.ProcessPoolExecutor
    """
    # Not forked: the parent may run TensorFlow's threads, whose locks would be copied as they are.
    spawn = multiprocessing.get_context("spawn")
    return ProcessPoolExecutor(count, spawn, _start, (setup, arguments))


def _start(setup, arguments):
    cv2.setNumThreads(1)  # the images are small, and the other cores belong to the training
    end_with_parent()
    setup(*arguments)

"""Start worker processes that end with their parent."""

import os
import threading
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context, parent_process


def start_workers(count, setup, *arguments):
    """Start a pool of processes that end when this one does, even if it is killed.

    They import nothing but what they are asked to run.

    Parameters
    ----------
    count : int or None
        None is one for each core.
    setup : callable
        Called with `arguments` in each process when it starts.

    Returns
    -------
    concurrent.futures.ProcessPoolExecutor
    """
    # Not forked: the parent may run threads, whose locks would be copied as they are.
    return ProcessPoolExecutor(count, get_context("spawn"), _start, (setup, arguments))


def _start(setup, arguments):
    threading.Thread(target=_exit_after_parent, daemon=True).start()
    setup(*arguments)


def _exit_after_parent():
    parent_process().join()
    os._exit(1)  # the only way out of a process from one of its threads

"""Ends a worker process when the process that started it ends."""

import os
import threading
from multiprocessing import parent_process


def end_with_parent():
    """End this process when the one that started it ends, even if that one is killed."""
    threading.Thread(target=_exit_after_parent, daemon=True).start()


def _exit_after_parent():
    parent_process().join()
    os._exit(1)  # the only way out of a process from one of its threads

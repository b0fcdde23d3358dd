"""An address on this machine in, the same one behind a slow line out."""

import socket
import time
from contextlib import contextmanager
from threading import Lock, Thread
from urllib.parse import urlsplit

CHUNK = 16_384  # bytes


@contextmanager
def slowed(address, bytes_per_s):
    """Relay connections to an address, and let them share a rate of what the server sends.

    Latency is not added. This yields the address of the relay.
    """
    target = urlsplit(address)
    lock, free_at = Lock(), [0.0]

    def take_turn(size):
        with lock:
            free_at[0] = max(free_at[0], time.perf_counter()) + size / bytes_per_s
            wait = free_at[0] - time.perf_counter()
        time.sleep(max(wait, 0))

    def relay(source, sink, is_slow):
        try:
            while data := source.recv(CHUNK):
                if is_slow:
                    take_turn(len(data))
                sink.sendall(data)
            sink.shutdown(socket.SHUT_WR)
        except OSError:  # one of the two has hung up
            source.close()
            sink.close()

    def serve():
        while True:
            try:
                visitor, _ = listener.accept()
            except OSError:  # closed
                return
            host = socket.create_connection((target.hostname, target.port))
            Thread(target=relay, args=(visitor, host, False), daemon=True).start()
            Thread(target=relay, args=(host, visitor, True), daemon=True).start()

    with socket.create_server(("127.0.0.1", 0)) as listener:
        Thread(target=serve, daemon=True).start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/"

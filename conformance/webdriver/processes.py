"""Programs that run as long as the tests need them."""

import socket
import subprocess
import time

PATIENCE = 30


def free_port():
    """A port of the loopback address at which nothing listens."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


def start(command, port, **options):
    """Starts a program, and waits until it listens at the port."""
    quiet = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    process = subprocess.Popen([str(word) for word in command], **{**quiet, **options})
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return process
        except OSError:
            if process.poll() is not None or time.monotonic() > deadline:
                end(process)
                raise RuntimeError(f"{command[0]} does not listen at port {port}") from None
            time.sleep(0.05)


def end(process):
    """Ends a program, with force if it takes too long."""
    process.terminate()
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()

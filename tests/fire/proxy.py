"""HAProxy before two servers: it sends requests to those that say they are ready."""

import os
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from tests.running import comes_up, free_port

SETTINGS = """\
defaults
  mode http
  option forwardfor
  option redispatch
  option httpchk GET /health/ready
  http-check expect status 200
  retries 2
  timeout connect 2s
  timeout client 30s
  timeout server 30s
  timeout check 4s
  default-server inter 500ms fastinter 200ms fall 2 rise 1

frontend door
  bind 127.0.0.1:{port}
  default_backend app

backend app
  balance roundrobin
{servers}
"""
"""A server that refuses a connection is passed over at once; one that breaks off in the middle of an answer is not
asked again by the proxy, which cannot know what came of the request: that is for whoever sent it."""
START_SECONDS = 20.0


class NoProxy(Exception):
    """There is no HAProxy here; the message says so."""


@contextmanager
def proxy(folder: Path, ports: Sequence[int]) -> Iterator[str]:
    """The address of an HAProxy before these ports of the loopback. Raises :class:`NoProxy`."""
    found = shutil.which("haproxy", path=f"{os.environ.get('PATH', '')}{os.pathsep}/usr/sbin")
    if found is None:
        raise NoProxy("no haproxy here; it comes with the system's package of this name")
    port = free_port()
    servers = "\n".join(f"  server app_{number} 127.0.0.1:{own} check" for number, own in enumerate(ports))
    settings = folder / "haproxy.cfg"
    settings.write_text(SETTINGS.format(port=port, servers=servers))
    with (folder / "haproxy.log").open("wb") as log:
        process = subprocess.Popen([found, "-db", "-f", str(settings)], stdout=log, stderr=log)
    address = f"http://127.0.0.1:{port}"
    try:
        if not comes_up(f"{address}/health/ready", process, START_SECONDS):
            raise NoProxy("haproxy did not come up")
        yield address
    finally:
        process.kill()
        process.wait()

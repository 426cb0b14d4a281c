"""A network that breaks: passes requests on to the service, and cuts the connection in the middle of an answer when told to."""

from __future__ import annotations

import random
import socket
import socketserver
import struct
import threading
from urllib.parse import urlsplit

FOLLOWED = (b"/stream", b"/events", b"/messages")


class Network(socketserver.ThreadingTCPServer):
    """`arm` says how many of the next answers of a conversation are cut; `mute` withholds the bytes of every stream."""

    daemon_threads = allow_reuse_address = True

    def __init__(self, service: str) -> None:
        super().__init__(("127.0.0.1", 0), _Cable)
        self.service = urlsplit(service)
        self.url = f"http://127.0.0.1:{self.server_address[1]}"
        self.cuts, self.mute = 0, False
        self._armed, self._lock = 0, threading.Lock()
        self._chance = random.Random(7)

    def arm(self, cuts: int) -> None:
        with self._lock:
            self._armed = cuts

    def length(self, answer: bytes) -> int | None:
        """Return after how many bytes this answer breaks off, None where it does not."""
        with self._lock:
            if not self._armed:
                return None
            self._armed -= 1
            self.cuts += 1
            return self._chance.randrange(1, max(2, len(answer)))


class _Cable(socketserver.BaseRequestHandler):
    server: Network

    def handle(self) -> None:
        head = self._head()
        if not head:
            return
        target = (self.server.service.hostname, self.server.service.port)
        with socket.create_connection(target) as service:
            service.sendall(head)
            upwards = threading.Thread(target=self._upwards, args=(service,), daemon=True)
            upwards.start()
            if self._downwards(service, head.partition(b"\r\n")[0]):
                self.request.shutdown(socket.SHUT_RD)  # ends the other thread's reading, or the socket would stay open
                upwards.join()
                self.request.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))  # a reset, no polite end
                self.request.close()

    def _head(self) -> bytes:
        """Return the request, asked to be the only one of its connection."""
        got = b""
        while b"\r\n\r\n" not in got:
            more = self.request.recv(65536)
            if not more:
                return b""
            got += more
        return got.replace(b"Connection: keep-alive", b"Connection: close", 1)

    def _upwards(self, service: socket.socket) -> None:
        try:
            while more := self.request.recv(65536):
                service.sendall(more)
            service.shutdown(socket.SHUT_RDWR)
        except OSError:
            return

    def _downwards(self, service: socket.socket, asked: bytes) -> bool:
        """Pass the answer on; says whether it is to break off here."""
        is_followed = any(part in asked for part in FOLLOWED)
        try:
            while piece := service.recv(65536):
                if self.server.mute and b"/stream" in asked:
                    piece = piece.partition(b"\r\n\r\n")[0] + b"\r\n\r\n" if piece.startswith(b"HTTP") else b""
                tells = b'"seq"' in piece and b"OPTIONS" not in asked
                length = self.server.length(piece) if is_followed and tells else None
                if length is not None:
                    self.request.sendall(piece[:length])
                    return True
                self.request.sendall(piece)
        except OSError:
            pass
        return False

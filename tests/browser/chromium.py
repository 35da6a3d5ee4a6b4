"""A headless Chromium driven over a pipe: no socket, no driver program, no library. Only what the page tests need.

Speaks the Chrome DevTools Protocol (https://chromedevtools.github.io/devtools-protocol/), JSON messages that end with NUL.
"""

from __future__ import annotations

import json
import os
import select
import shutil
import subprocess
import time
from pathlib import Path
from typing import Any

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "headless_shell")
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--no-first-run",
    "--remote-debugging-pipe",
)


def executable() -> str | None:
    """Where Chromium is: $CHROMIUM, else the first of its usual names on the path."""
    return os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)


class ProtocolError(Exception):
    """The browser refused a command, or the page went away under it."""


class Chromium:
    """One browser with one tab. `messages` are the errors and violations that the page shown last has caused."""

    def __init__(self, program: str, profile: Path, patience: float = 60) -> None:
        # The protocol is spoken on descriptors 3 and 4; the shell moves the standard ones there.
        command = ["sh", "-c", 'exec "$@" 3<&0 4>&1 </dev/null >/dev/null', "sh", program, *FLAGS]
        command.append(f"--user-data-dir={profile}")
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
        self._patience, self._last, self._buffer = patience, 0, b""
        self._events: list[dict[str, Any]] = []
        self._session: str | None = None
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        self._session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.call(f"{domain}.enable")

    def close(self) -> None:
        """End the browser."""
        self._process.terminate()
        self._process.wait(timeout=self._patience)
        for stream in (self._process.stdin, self._process.stdout):
            stream.close()

    def call(self, method: str, **params: Any) -> dict[str, Any]:
        """Send a command and wait for its result."""
        self._last += 1
        message = {"id": self._last, "method": method, "params": params}
        if self._session:
            message["sessionId"] = self._session
        self._process.stdin.write(json.dumps(message).encode() + b"\0")
        self._process.stdin.flush()
        while True:
            answer = self._receive()
            if answer.get("id") == self._last:
                if "error" in answer:
                    raise ProtocolError(f"{method}: {answer['error']}")
                return answer["result"]
            self._events.append(answer)

    def open(self, page: Path, fragment: str = "", width: int = 1280, height: int = 900, **media: str) -> None:
        """Show a page from disk; `media` such as prefers_color_scheme='dark' or type='print'."""
        kind = media.pop("type", "")
        features = [{"name": name.replace("_", "-"), "value": value} for name, value in media.items()]
        self.call("Emulation.setEmulatedMedia", media=kind, features=features)
        size = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
        self.call("Emulation.setDeviceMetricsOverride", **size)
        self._visit("about:blank")
        self._events.clear()
        self._visit(page.as_uri() + (f"#{fragment}" if fragment else ""))

    def ask(self, expression: str) -> Any:
        """The value of a JavaScript expression on the page."""
        answer = self.call("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        assert "exceptionDetails" not in answer, answer["exceptionDetails"]
        return answer["result"].get("value")

    def wait(self, expression: str) -> None:
        """Wait until a JavaScript expression is true, over a change of page if need be."""
        deadline = time.monotonic() + self._patience
        while True:
            try:
                if self.ask(expression):
                    return
            except ProtocolError:
                pass
            assert time.monotonic() < deadline, f"never true: {expression}"
            time.sleep(0.02)

    def press(self, *keys: str) -> None:
        """Press keys one after the other."""
        for key in keys:
            text = {"text": key} if len(key) == 1 else {}
            self.call("Input.dispatchKeyEvent", type="keyDown", key=key, **text)
            self.call("Input.dispatchKeyEvent", type="keyUp", key=key)

    def point(self, selector: str, click: bool = False) -> None:
        """Move the mouse to the first line of an element, and click there if asked to."""
        find = f"document.querySelector({json.dumps(selector)})"
        x, y = self.ask(
            f"(() => {{ {find}.scrollIntoView({{block: 'center'}}); const b = {find}.getClientRects()[0];"
            " return [b.left + Math.min(b.width, 12) / 2, b.top + b.height / 2]; })()"
        )
        self.call("Input.dispatchMouseEvent", type="mouseMoved", x=x, y=y)
        if click:
            for kind in ("mousePressed", "mouseReleased"):
                self.call("Input.dispatchMouseEvent", type=kind, x=x, y=y, button="left", clickCount=1)

    def settle(self) -> None:
        """Wait until the page has been drawn twice."""
        self.ask("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => done(1))))")

    @property
    def messages(self) -> list[str]:
        """Errors and policy violations since the page was opened."""
        self.call("Runtime.evaluate", expression="1")
        logged = [e["params"]["entry"]["text"] for e in self._events if e["method"] == "Log.entryAdded"]
        thrown = [str(e["params"]) for e in self._events if e["method"] == "Runtime.exceptionThrown"]
        opened = [str(e["params"]) for e in self._events if e["method"] == "Page.javascriptDialogOpening"]
        return logged + thrown + opened

    @property
    def requests(self) -> list[str]:
        """Addresses asked for since the page was opened."""
        self.call("Runtime.evaluate", expression="1")
        sent = [e["params"]["request"]["url"] for e in self._events if e["method"] == "Network.requestWillBeSent"]
        return [url for url in sent if not url.startswith("about:")]

    def _visit(self, address: str) -> None:
        self.call("Page.navigate", url=address)
        blank = "===" if address == "about:blank" else "!=="
        self.wait(f"document.readyState === 'complete' && location.href {blank} 'about:blank'")

    def _receive(self) -> dict[str, Any]:
        while b"\0" not in self._buffer:
            ready, _, _ = select.select([self._process.stdout], [], [], self._patience)
            assert ready, "Chromium does not answer"
            read = os.read(self._process.stdout.fileno(), 1 << 16)
            assert read, "Chromium has ended"
            self._buffer += read
        message, self._buffer = self._buffer.split(b"\0", 1)
        return json.loads(message)

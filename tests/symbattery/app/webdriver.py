"""As much of the WebDriver protocol as a test of a page needs."""

import json
import re
import shutil
import subprocess
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

__all__ = ["Browser", "browser", "missing"]

ELEMENT = "element-6066-11e4-a52e-4f735466cecf"
KEYS = {"right": "\ue014", "left": "\ue012", "end": "\ue010", "home": "\ue011", "enter": "\ue007"}


def missing() -> str:
    """The programs that are not here."""
    return " and ".join(p for p in ("chromium", "chromedriver") if shutil.which(p) is None)


class Browser:
    """A session with a headless Chromium."""

    def __init__(self, address: str) -> None:
        options = {
            "binary": shutil.which("chromium"),
            "args": ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"],
        }
        logs = {"browser": "ALL"}
        wanted = {"goog:chromeOptions": options, "goog:loggingPrefs": logs}
        self._root = f"{address}/session"
        made = self._call("POST", "", {"capabilities": {"alwaysMatch": wanted}})
        self._root += f"/{made['sessionId']}"

    def _call(self, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self._root + path, data, method=method)
        # The proxy of the environment is not for a program on this machine.
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(request, timeout=60) as answer:
            return json.load(answer)["value"]

    def open(self, address: str) -> None:
        # Another fragment alone would not load the page again.
        self._call("POST", "/url", {"url": "about:blank"})
        self._call("POST", "/url", {"url": address})

    def run(self, code: str, *arguments: Any) -> Any:
        """The value that a function body returns."""
        return self._call("POST", "/execute/sync", {"script": code, "args": list(arguments)})

    def press(self, selector: str, *keys: str) -> None:
        """Press keys, by name or as characters, with an element in focus."""
        text = "".join(KEYS.get(key, key) for key in keys)
        self._call("POST", f"{self._element(selector)}/value", {"text": text})

    def clear(self, selector: str) -> None:
        """Empty a field."""
        self._call("POST", f"{self._element(selector)}/clear", {})

    def _element(self, selector: str) -> str:
        found = self._call("POST", "/element", {"using": "css selector", "value": selector})
        return f"/element/{found[ELEMENT]}"

    def tell(self, command: str, **parameters: Any) -> Any:
        """A command of the DevTools protocol."""
        return self._call("POST", "/goog/cdp/execute", {"cmd": command, "params": parameters})

    def screen(self, width: int, height: int) -> None:
        self.tell(
            "Emulation.setDeviceMetricsOverride",
            width=width, height=height, deviceScaleFactor=1, mobile=False,
        )  # fmt: skip

    def color_scheme(self, name: str) -> None:
        feature = {"name": "prefers-color-scheme", "value": name}
        self.tell("Emulation.setEmulatedMedia", features=[feature])

    def log(self) -> list[str]:
        """What was written to the console since it was last asked."""
        return [row["message"] for row in self._call("POST", "/se/log", {"type": "browser"})]

    def close(self) -> None:
        self._call("DELETE", "")


@contextmanager
def browser() -> Iterator[Browser]:
    """A browser, closed at the end."""
    driver = subprocess.Popen(
        ["chromedriver", "--port=0"],
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
    )  # fmt: skip
    with driver:
        try:
            assert driver.stdout is not None
            started = (
                re.search(r"started successfully on port (\d+)", row) for row in driver.stdout
            )
            port = next(match.group(1) for match in started if match)
            session = Browser(f"http://127.0.0.1:{port}")
            try:
                yield session
            finally:
                session.close()
        finally:
            driver.terminate()

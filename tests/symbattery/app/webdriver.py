"""As much of the WebDriver protocol as a test of a page needs."""

import json
import re
import shutil
import subprocess
import urllib.request
from contextlib import contextmanager

__all__ = ["Browser", "browser", "missing"]

ELEMENT = "element-6066-11e4-a52e-4f735466cecf"
KEYS = {"right": "\ue014", "left": "\ue012", "end": "\ue010", "home": "\ue011", "enter": "\ue007"}


def missing():
    """The programs that are not here."""
    return " and ".join(p for p in ("chromium", "chromedriver") if shutil.which(p) is None)


class Browser:
    """A session with a headless Chromium."""

    def __init__(self, address):
        options = {
            "binary": shutil.which("chromium"),
            "args": ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"],
        }
        logs = {"browser": "ALL"}
        wanted = {"goog:chromeOptions": options, "goog:loggingPrefs": logs}
        self._root = f"{address}/session"
        made = self._call("POST", "", {"capabilities": {"alwaysMatch": wanted}})
        self._root += f"/{made['sessionId']}"

    def _call(self, method, path, body=None):
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self._root + path, data, method=method)
        # The proxy of the environment is not for a program on this machine.
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(request, timeout=60) as answer:
            return json.load(answer)["value"]

    def open(self, address):
        # Another fragment alone would not load the page again.
        self._call("POST", "/url", {"url": "about:blank"})
        self._call("POST", "/url", {"url": address})

    def run(self, code, *arguments):
        """The value that a function body returns."""
        return self._call("POST", "/execute/sync", {"script": code, "args": list(arguments)})

    def press(self, selector, *keys):
        """Press keys, by name or as characters, with an element in focus."""
        text = "".join(KEYS.get(key, key) for key in keys)
        self._call("POST", f"{self._element(selector)}/value", {"text": text})

    def clear(self, selector):
        """Empty a field."""
        self._call("POST", f"{self._element(selector)}/clear", {})

    def _element(self, selector):
        found = self._call("POST", "/element", {"using": "css selector", "value": selector})
        return f"/element/{found[ELEMENT]}"

    def tell(self, command, **parameters):
        """A command of the DevTools protocol."""
        return self._call("POST", "/goog/cdp/execute", {"cmd": command, "params": parameters})

    def screen(self, width, height):
        size = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
        self.tell("Emulation.setDeviceMetricsOverride", **size)

    def color_scheme(self, name):
        feature = {"name": "prefers-color-scheme", "value": name}
        self.tell("Emulation.setEmulatedMedia", features=[feature])

    def log(self):
        """What was written to the console since it was last asked."""
        return [row["message"] for row in self._call("POST", "/se/log", {"type": "browser"})]

    def close(self):
        self._call("DELETE", "")


@contextmanager
def browser():
    """A browser, closed at the end."""
    command = ["chromedriver", "--port=0"]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL, "text": True}
    with subprocess.Popen(command, **pipes) as driver:
        try:
            rows = (re.search(r"started successfully on port (\d+)", row) for row in driver.stdout)
            session = Browser(f"http://127.0.0.1:{next(filter(None, rows))[1]}")
            try:
                yield session
            finally:
                session.close()
        finally:
            driver.terminate()

"""What the Python clients share: the lines of steps.ts, the sandbox's control over HTTP, and warnings as JSON on stderr.

Started with two arguments, the port of data centre 2 and the address of the sandbox's HTTP side.
"""
import asyncio
import inspect
import json
import logging
import sys
import traceback
import urllib.request
import zlib

PORT, HTTP = int(sys.argv[1]), sys.argv[2]
WITHIN_S = 90

DEMO, BASIC_CHAT, FORUM, NOTIFICATIONS = -1003833950795, -4021, -1002200000011, 777000
PHONE, PHONE_WITH_PASSWORD, PASSWORD, PHONE_ELSEWHERE = "9996620001", "9996620002", "sandbox", "9996640001"


class JsonLines(logging.Handler):
    """Warnings and errors of the library, one JSON object a line, with the step that they came in."""

    step = ""

    def emit(self, record):
        text = record.getMessage()
        if record.exc_info:
            text += "\n" + "".join(traceback.format_exception(*record.exc_info))
        print(json.dumps({"level": record.levelname, "step": self.step, "text": text}), file=sys.stderr, flush=True)


log_lines = JsonLines(logging.WARNING)
logging.basicConfig(handlers=[log_lines], level=logging.WARNING, force=True)
logging.captureWarnings(True)


async def ask(path, body=None):
    """GET of the sandbox's HTTP side, or POST where there is a body."""
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(HTTP + path, data, {"Content-Type": "application/json"})

    def read():
        with urllib.request.urlopen(request, timeout=10) as answer:
            return answer.read()

    return await asyncio.to_thread(read)


async def code_for(phone):
    """The newest sign-in code of an account."""
    return [each["code"] for each in json.loads(await ask("/codes")) if each["phone"] == phone][-1]


async def sessions_of(phone):
    """The data centres of an account's sessions."""
    return [each["dc"] for each in json.loads(await ask("/sessions")) if each["phone"] == phone]


async def incoming(chat_id, text):
    """Has someone else write to the main account."""
    await ask("/incoming", {"chat_id": str(chat_id), "from": str(NOTIFICATIONS), "text": text, "phone": PHONE})


async def cut_next_text(when):
    """Cuts the connection once, "before" the next text arrives or "after" it was carried out."""
    await ask("/faults", [{"method": "messages.sendMessage", "drop": when, "times": 1}])


async def restart_sandbox():
    """Has the test restart the sandbox, and waits until it listens again."""
    print('{"restart":true}', flush=True)
    await asyncio.to_thread(sys.stdin.readline)


class Arrivals:
    """The texts of updates, and waiting for one."""

    def __init__(self):
        self.texts = []
        self._changed = asyncio.Event()

    def add(self, text):
        self.texts.append(text)
        self._changed.set()

    async def once(self, text):
        """Waits for the text. Fails where it has come more than once."""
        while text not in self.texts:
            self._changed.clear()
            await self._changed.wait()
        expect(self.texts.count(text), 1, f"arrivals of {text!r}")


async def all_of(items, at_most=1000):
    """The items of an asynchronous iteration. Fails where it does not end."""
    found = []
    async for item in items:
        found.append(item)
        expect(len(found) <= at_most, True, "the list ends")
    return found


def expect(actual, wanted, of_what):
    if actual != wanted:
        raise AssertionError(f"{of_what}: {actual!r} instead of {wanted!r}")


def png(red, side=16):
    """A picture of one colour."""

    def chunk(name, content):
        body = name + content
        return len(content).to_bytes(4, "big") + body + zlib.crc32(body).to_bytes(4, "big")

    size = side.to_bytes(4, "big")
    rows = (b"\0" + bytes([red, 80, 120]) * side) * side
    header = chunk(b"IHDR", size + size + b"\x08\x02\0\0\0")
    return b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


async def take(steps):
    """Takes the steps, `{name: coroutine function}`, and reports each. What one returns is its detail."""
    for name, step in steps.items():
        log_lines.step = name
        try:
            result = {"ok": True, "detail": str(await asyncio.wait_for(step(), WITHIN_S) or "")}
        except Exception as error:  # a failed step is a result
            where = traceback.extract_tb(error.__traceback__)
            own = [f"{inspect.getmodulename(at.filename)}:{at.lineno}" for at in where][-4:]
            result = {"ok": False, "detail": f"{type(error).__name__}: {error} ({' '.join(own)})"}
        print(json.dumps({"step": name, **result}), flush=True)

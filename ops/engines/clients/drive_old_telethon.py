"""Debian's Telethon connects with the key that it agrees on, and prints how it was answered as one JSON object."""
import asyncio
import json
import sys
import urllib.request

from telethon import TelegramClient, __version__
from telethon.crypto import rsa
from telethon.sessions import MemorySession

PORT, HTTP = int(sys.argv[1]), sys.argv[2]


async def main():
    rsa.add_key(urllib.request.urlopen(HTTP + "/public-key.pem", timeout=10).read(), old=False)
    session = MemorySession()
    session.set_dc(2, "127.0.0.1", PORT)
    client = TelegramClient(session, 1, "hash", connection_retries=1, request_retries=1)
    error = ""
    try:
        await client.connect()
    except Exception as caught:
        error = type(caught).__name__
    has_key = client._sender.auth_key.key is not None
    await client.disconnect()
    print(json.dumps({"version": __version__, "has_key": has_key, "error": error}))


asyncio.run(asyncio.wait_for(main(), 30))

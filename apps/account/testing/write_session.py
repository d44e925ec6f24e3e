"""Writes a session file with the Telethon that is installed, by its own session and, where asked, its own key exchange.

Takes JSON on standard input: `file`, `address` [data centre, host, port], either `key` (hex) or `server_key` (PEM, and
then Telethon makes a key with that server), `chats`, and `hold`: to keep the file open, with what it wrote last still
in the write-ahead log, until standard input ends.
"""
import asyncio
import json
import sys

from telethon import TelegramClient
from telethon.crypto import AuthKey, rsa
from telethon.sessions import SQLiteSession, StringSession
from telethon.tl import types


def entity(chat):
    """A chat as Telegram's answers have it, which is what Telethon takes rows for its table from."""
    kind, bare_id, title = chat["kind"], int(chat["id"]), chat["title"]
    common = {"access_hash": int(chat["hash"]), "username": chat.get("username"), "min": chat.get("min")}
    if kind == "user":
        return types.User(bare_id, first_name=title, phone=chat.get("phone"), **common)
    photo = types.ChatPhotoEmpty()
    if kind == "chat":
        return types.Chat(bare_id, title, photo, participants_count=3, date=None, version=1)
    return types.Channel(bare_id, title, photo, date=None, megagroup=True, **common)


async def make_key(session, server_key):
    """Lets Telethon make a key; its own layer is too old for what the server tells next, which does not matter here."""
    rsa.add_key(server_key, old=False)
    client = TelegramClient(session, 1, "0" * 32, connection_retries=1, auto_reconnect=False, request_retries=1)
    try:
        await asyncio.wait_for(client.connect(), 10)
    except Exception as error:
        print(f"after the key: {error!r}", file=sys.stderr)
    assert client._sender.auth_key.key, "Telethon made no key"
    key = client._sender.auth_key
    await client._sender.disconnect()
    return key


def main():
    asked = json.loads(sys.stdin.readline())
    session = SQLiteSession(asked["file"])
    session.set_dc(*asked["address"])
    if "server_key" in asked:
        session.auth_key = asyncio.run(make_key(session, asked["server_key"]))
    elif "key" in asked:
        session.auth_key = AuthKey(data=bytes.fromhex(asked["key"]))
    session.save()
    if asked.get("hold"):
        session._conn.execute("PRAGMA journal_mode = WAL")
        session._conn.execute("PRAGMA wal_autocheckpoint = 0")
    session.process_entities([entity(chat) for chat in asked["chats"]])
    session.save()
    string = StringSession.save(session) if session.auth_key else ""
    print(json.dumps({"string": string}), flush=True)
    if asked.get("hold"):
        sys.stdin.read()
    else:
        session.close()


main()

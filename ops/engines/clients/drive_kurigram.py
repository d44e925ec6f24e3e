"""kurigram 2.x, the Pyrogram that is kept up, takes the steps by the methods that its users call."""
import asyncio
import io
import os
from datetime import datetime, timedelta

from driver import *
from pyrogram import Client, errors, handlers, raw, types
from pyrogram.connection import Connection
from pyrogram.crypto import rsa as known_keys
from pyrogram.qrlogin import QRLogin
from rsa import PublicKey

CONTENT = os.urandom(12 * 1024 * 1024)
BUILT_IN_ADDRESS = "149.154.167.51"


class SandboxConnection(Connection):
    """A new session begins at an address that is built in: it leads to the sandbox, and nothing leads elsewhere."""

    def __init__(self, *, server_address, port, **rest):
        if server_address == BUILT_IN_ADDRESS:
            server_address, port = "127.0.0.1", PORT
        expect(server_address, "127.0.0.1", "address")
        super().__init__(server_address=server_address, port=port, **rest)


async def trust_sandbox():
    """Adds the sandbox's key to those that the library trusts."""
    key = PublicKey.load_pkcs1(await ask("/public-key.pem"))
    fingerprint = int(json.loads(await ask("/connect"))["fingerprint"])
    known_keys.server_public_keys[fingerprint] = known_keys.PublicKey(key.n, key.e)


def new_client(name):
    return Client(name, 1, "hash", in_memory=True, connection_factory=SandboxConnection)


def named(content, name):
    file = io.BytesIO(content)
    file.name = name
    return file


async def main():
    await trust_sandbox()
    client = new_client("main")
    arrivals = Arrivals()
    sent = {}

    async def arrived(_, message):
        if message.text:
            arrivals.add(message.text)

    client.add_handler(handlers.MessageHandler(arrived))

    async def sign_in(own, phone):
        await own.connect()
        code = await own.send_phone_number_code(phone)
        return await own.sign_in(phone, code.phone_code_hash, await code_for(phone))

    async def start(own):
        """What start() does once a client is signed in."""
        await own.invoke(raw.functions.updates.GetState())
        own.me = await own.get_me()
        await own.initialize()

    async def by_code():
        expect((await sign_in(client, PHONE)).phone_number, PHONE, "own phone number")
        await start(client)

    async def by_password():
        other = new_client("other")
        try:
            await sign_in(other, PHONE_WITH_PASSWORD)
        except errors.SessionPasswordNeeded:
            me = await other.check_password(PASSWORD)
            expect(me.phone_number, PHONE_WITH_PASSWORD, "own phone number")
        else:
            raise AssertionError("no password was asked for")
        await start(other)
        await other.log_out()

    async def by_qr_code():
        other = new_client("scanned")
        await other.connect()
        login = QRLogin(other)
        await login.recreate()
        waiting = asyncio.ensure_future(login.wait(20))
        await asyncio.sleep(0)
        await ask("/login-tokens/accept", {"token": login.url.split("token=")[1], "phone": PHONE})
        expect((await waiting).phone_number, PHONE, "own phone number")
        await start(other)
        await other.log_out()

    async def elsewhere():
        other = new_client("elsewhere")
        await sign_in(other, PHONE_ELSEWHERE)
        expect(await sessions_of(PHONE_ELSEWHERE), [4], "data centres")
        await start(other)
        await other.send_message("me", "from data centre 4")
        await other.log_out()

    async def chats():
        ids = [dialog.chat.id for dialog in await all_of(client.get_dialogs())]
        expect(len(set(ids)), len(ids), "different chats")
        expect(DEMO in ids and BASIC_CHAT in ids, True, "known chats")
        topics = await all_of(client.get_forum_topics(FORUM))
        folders = await client.get_folders()
        return f"{len(ids)} chats, {len(topics)} topics, {len(folders)} folders"

    async def history():
        messages = await all_of(client.get_chat_history(DEMO))
        expect(len(messages) > 0, True, "a message")
        expect(all(message.from_user or message.sender_chat for message in messages), True, "each has a sender")
        return f"{len(messages)} messages"

    async def text():
        sent["text"] = await client.send_message("vestnik_demo", "a **bold** text")
        kept = await client.get_messages(DEMO, sent["text"].id)
        expect((kept.text.markdown, kept.outgoing), ("a **bold** text", True), "the text that is kept")

    async def photo():
        sent["photo"] = await client.send_photo(DEMO, named(png(200), "red.png"), caption="a photo")
        expect(sent["photo"].photo is not None, True, "a photo")
        await client.download_media(sent["photo"], in_memory=True)

    async def document():
        message = await client.send_document("me", named(CONTENT, "twelve.bin"))
        expect(message.document.file_size, len(CONTENT), "size")
        fetched = await client.download_media(message, in_memory=True)
        expect(bytes(fetched.getbuffer()) == CONTENT, True, "the same content")

    async def album():
        reds = {"first": 10, "second": 20, "third": 30}
        items = [types.InputMediaPhoto(named(png(red), f"{red}.png"), caption=text) for text, red in reds.items()]
        messages = await client.send_media_group(DEMO, items)
        expect([message.caption for message in messages], list(reds), "captions")
        expect(len({message.media_group_id for message in messages}), 1, "groups")
        group = await client.get_media_group(DEMO, messages[0].id)
        expect(len(group), 3, "items of the group")

    async def edit():
        message = await client.send_message(DEMO, "before")
        edited = await message.edit_text("after")
        expect((edited.text, edited.edit_date is not None), ("after", True), "edited text")
        await message.edit_text("**after**")
        kept = await client.get_messages(DEMO, message.id)
        expect(kept.text.markdown, "**after**", "edited formatting")
        other = types.InputMediaPhoto(named(png(90), "other.png"), caption="another")
        replaced = await client.edit_message_media(DEMO, sent["photo"].id, other)
        expect(replaced.photo.file_unique_id != sent["photo"].photo.file_unique_id, True, "another photo")

    async def reply():
        parameters = types.ReplyParameters(message_id=sent["text"].id)
        message = await client.send_message(DEMO, "a reply", reply_parameters=parameters)
        kept = await client.get_messages(DEMO, message.id)
        expect(kept.reply_to_message.id, sent["text"].id, "the replied message")

    async def delete():
        for chat in (DEMO, "me"):
            message = await client.send_message(chat, "to be deleted")
            expect(await client.delete_messages(chat, message.id), 1, "deleted messages")
            expect(bool((await client.get_messages(chat, message.id)).empty), True, "it is gone")

    async def schedule():
        later = await client.send_message(DEMO, "later", schedule_date=datetime.now() + timedelta(hours=1))
        waiting = await client.get_scheduled_messages(DEMO)
        expect([message.text for message in waiting], ["later"], "scheduled texts")
        peer = await client.resolve_peer(DEMO)
        await client.invoke(raw.functions.messages.SendScheduledMessages(peer=peer, id=[later.id]))
        newest = [message.text async for message in client.get_chat_history(DEMO, limit=1)]
        expect(newest, ["later"], "the newest text")

    async def forward():
        message = await client.forward_messages("me", DEMO, sent["text"].id)
        expect((message.text, message.forward_origin is not None), ("a bold text", True), "forwarded text")
        own = await client.send_message("me", "to be forwarded")
        message = await client.forward_messages(DEMO, "me", own.id)
        expect(message.forward_origin.sender_user.id, client.me.id, "the first sender")

    async def pin():
        await client.pin_chat_message(DEMO, sent["text"].id)
        pinned = await client.get_messages(DEMO, pinned=True)
        expect(pinned.id, sent["text"].id, "the pinned message")
        expect((await client.get_chat(DEMO)).pinned_message.id, sent["text"].id, "the chat's pinned message")
        await client.unpin_all_chat_messages(DEMO)

    async def reaction():
        await client.send_reaction(DEMO, sent["text"].id, "👍")
        message = await client.get_messages(DEMO, sent["text"].id)
        counts = [(each.emoji, each.count) for each in message.reactions.reactions]
        expect(counts, [("👍", 1)], "reactions")

    async def members():
        counts = []
        for chat in (DEMO, BASIC_CHAT):
            ids = [member.user.id for member in await all_of(client.get_chat_members(chat))]
            expect(client.me.id in ids, True, f"oneself among the members of {chat}")
            expect(len(set(ids)), len(ids), "different members")
            counts.append(len(ids))
        await client.get_chat_member(DEMO, "me")
        return f"{counts} members"

    async def updates():
        for chat in (NOTIFICATIONS, BASIC_CHAT, DEMO):
            await incoming(chat, f"hello in {chat}")
            await arrivals.once(f"hello in {chat}")

    async def cut(when):
        await cut_next_text(when)
        message = await client.send_message(DEMO, f"cut {when}")
        expect((await client.get_messages(DEMO, message.id)).text, f"cut {when}", "the text that is kept")

    async def restart():
        await restart_sandbox()
        await client.send_message(DEMO, "after the restart")
        for chat in (NOTIFICATIONS, BASIC_CHAT, DEMO):
            await incoming(chat, f"again in {chat}")
            await arrivals.once(f"again in {chat}")

    async def log_out():
        expect(await client.log_out(), True, "logged out")
        expect(await sessions_of(PHONE), [], "sessions left")

    await take({
        "sign in by code": by_code,
        "sign in by password": by_password,
        "sign in by QR code": by_qr_code,
        "sign in at another data centre": elsewhere,
        "chats": chats,
        "history": history,
        "text": text,
        "photo": photo,
        "document of 12 MB": document,
        "album": album,
        "edit": edit,
        "reply": reply,
        "delete": delete,
        "schedule": schedule,
        "forward": forward,
        "pin": pin,
        "reaction": reaction,
        "members": members,
        "updates": updates,
        "call cut before it arrives": lambda: cut("before"),
        "call cut before its answer": lambda: cut("after"),
        "restart of the sandbox": restart,
        "log out": log_out,
    })


asyncio.run(main())

"""Telethon 1.x takes the steps by the methods that its users call."""
import asyncio
import io
import os
from datetime import timedelta

from driver import *
from telethon import TelegramClient, errors, events, functions, types
from telethon.crypto import rsa
from telethon.sessions import MemorySession

CONTENT = os.urandom(12 * 1024 * 1024)


def named(content, name):
    file = io.BytesIO(content)
    file.name = name
    return file


async def new_client():
    session = MemorySession()
    session.set_dc(2, "127.0.0.1", PORT)
    # Five by default, each after a second: a busy machine may take longer to restart the sandbox.
    client = TelegramClient(session, 1, "hash", connection_retries=60)
    await client.connect()
    return client


async def main():
    rsa.add_key(await ask("/public-key.pem"), old=False)
    client = await new_client()
    arrivals = Arrivals()
    client.add_event_handler(lambda event: arrived(event), events.NewMessage)
    sent = {}

    async def arrived(event):
        arrivals.add(event.raw_text)

    async def by_code(own=None, phone=PHONE):
        own = own or client
        await own.send_code_request(phone)
        await own.sign_in(phone, await code_for(phone))
        expect((await own.get_me()).phone, phone, "own phone number")

    async def by_password():
        other = await new_client()
        try:
            await by_code(other, PHONE_WITH_PASSWORD)
        except errors.SessionPasswordNeededError:
            me = await other.sign_in(password=PASSWORD)
            expect(me.phone, PHONE_WITH_PASSWORD, "own phone number")
        else:
            raise AssertionError("no password was asked for")
        await other.log_out()

    async def by_qr_code():
        other = await new_client()
        login = await other.qr_login()
        waiting = asyncio.ensure_future(login.wait(20))
        await asyncio.sleep(0)
        await ask("/login-tokens/accept", {"token": login.url.split("token=")[1], "phone": PHONE})
        expect((await waiting).phone, PHONE, "own phone number")
        await other.log_out()

    async def elsewhere():
        other = await new_client()
        await by_code(other, PHONE_ELSEWHERE)
        expect(await sessions_of(PHONE_ELSEWHERE), [4], "data centres")
        await other.send_message("me", "from data centre 4")
        await other.log_out()

    async def chats():
        ids = [dialog.id for dialog in await all_of(client.iter_dialogs())]
        expect(len(set(ids)), len(ids), "different chats")
        expect(DEMO in ids and BASIC_CHAT in ids, True, "known chats")
        topics = await client(functions.messages.GetForumTopicsRequest(FORUM, 0, 0, 0, 100))
        await client(functions.messages.GetDialogFiltersRequest())
        return f"{len(ids)} chats, {len(topics.topics)} topics"

    async def history():
        messages = await client.get_messages(DEMO, limit=None)
        expect(len(messages) > 0, True, "a message")
        expect(all(message.sender for message in messages), True, "each has a sender")
        return f"{len(messages)} messages"

    async def text():
        sent["text"] = await client.send_message("vestnik_demo", "a **bold** text")
        expect(sent["text"].raw_text, "a bold text", "text")
        kept = await client.get_messages(DEMO, ids=sent["text"].id)
        expect((kept.text, kept.out), ("a **bold** text", True), "the text that is kept")

    async def photo():
        message = await client.send_file(DEMO, named(png(200), "red.png"), caption="a photo")
        expect(message.photo is not None, True, "a photo")
        sent["photo"] = message
        await client.download_media(message, bytes)

    async def document():
        message = await client.send_file("me", named(CONTENT, "twelve.bin"), force_document=True)
        expect(message.file.size, len(CONTENT), "size")
        expect(await client.download_media(message, bytes) == CONTENT, True, "the same content")

    async def album():
        items = [named(png(red), f"{red}.png") for red in (10, 20, 30)]
        messages = await client.send_file(DEMO, items, caption=["first", "second", "third"])
        expect([message.raw_text for message in messages], ["first", "second", "third"], "captions")
        expect(len({message.grouped_id for message in messages}), 1, "groups")

    async def edit():
        message = await client.send_message(DEMO, "before")
        edited = await client.edit_message(message, "after")
        expect((edited.raw_text, edited.edit_date is not None), ("after", True), "edited text")
        await client.edit_message(message, "**after**")
        kept = await client.get_messages(DEMO, ids=message.id)
        expect(kept.text, "**after**", "edited formatting")
        replaced = await client.edit_message(sent["photo"], "another", file=named(png(90), "other.png"))
        expect(replaced.photo.id != sent["photo"].photo.id, True, "another photo")

    async def reply():
        message = await client.send_message(DEMO, "a reply", reply_to=sent["text"])
        replied = await message.get_reply_message()
        expect(replied.id, sent["text"].id, "the replied message")

    async def delete():
        message = await client.send_message(DEMO, "to be deleted")
        own = await client.send_message("me", "to be deleted too")
        await client.delete_messages(DEMO, message)
        await client.delete_messages("me", own)
        expect(await client.get_messages(DEMO, ids=message.id), None, "the deleted message")
        expect(await client.get_messages("me", ids=own.id), None, "the deleted message")

    async def schedule():
        later = await client.send_message(DEMO, "later", schedule=timedelta(hours=1))
        waiting = await client.get_messages(DEMO, scheduled=True)
        expect([message.raw_text for message in waiting], ["later"], "scheduled texts")
        await client(functions.messages.SendScheduledMessagesRequest(DEMO, [later.id]))
        expect((await client.get_messages(DEMO, limit=1))[0].raw_text, "later", "the newest text")

    async def forward():
        message = await client.forward_messages("me", sent["text"])
        expect(message.raw_text, "a bold text", "text")
        expect(message.fwd_from is not None, True, "it says that it is forwarded")
        own = await client.send_message("me", "to be forwarded")
        message = await client.forward_messages(DEMO, own)
        expect(message.forward.sender_id, (await client.get_me()).id, "the first sender")

    async def pin():
        await client.pin_message(DEMO, sent["text"])
        pinned = await client.get_messages(DEMO, ids=types.InputMessagePinned())
        expect(pinned.id, sent["text"].id, "the pinned message")
        found = await client.get_messages(DEMO, filter=types.InputMessagesFilterPinned())
        expect([message.id for message in found], [sent["text"].id], "pinned messages")
        await client.unpin_message(DEMO)

    async def reaction():
        emoji = [types.ReactionEmoji("👍")]
        await client(functions.messages.SendReactionRequest(DEMO, sent["text"].id, reaction=emoji))
        message = await client.get_messages(DEMO, ids=sent["text"].id)
        counts = [(each.reaction.emoticon, each.count) for each in message.reactions.results]
        expect(counts, [("👍", 1)], "reactions")

    async def members():
        counts = []
        for chat in (DEMO, BASIC_CHAT):
            people = await client.get_participants(chat)
            expect(any(user.is_self for user in people), True, f"oneself among the members of {chat}")
            expect(len({user.id for user in people}), len(people), "different members")
            counts.append(len(people))
        return f"{counts} members"

    async def updates():
        for chat in (NOTIFICATIONS, BASIC_CHAT, DEMO):
            await incoming(chat, f"hello in {chat}")
            await arrivals.once(f"hello in {chat}")

    async def cut(when):
        await cut_next_text(when)
        message = await client.send_message(DEMO, f"cut {when}")
        kept = await client.get_messages(DEMO, ids=message.id)
        expect(kept.raw_text, f"cut {when}", "the text that is kept")

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

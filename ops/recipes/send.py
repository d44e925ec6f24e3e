"""Sends a text through Vestnik from Python, with nothing but the standard library.

    python3 send.py http://127.0.0.1:5022 -1003833950795 'Order 48213 is ready' order-48213
"""
import json
import os
import sys
import time
import urllib.error
import urllib.request


def send(url, chat_id, text, key, tries=5):
    """The answer of the gateway; raises RuntimeError with its words when the message cannot be sent."""
    headers = {"Content-Type": "application/json", "Idempotency-Key": key}
    if os.environ.get("VESTNIK_TOKEN"):
        headers["Authorization"] = f"Bearer {os.environ['VESTNIK_TOKEN']}"
    body = json.dumps({"chat_id": chat_id, "text": text}).encode()
    for attempt in range(tries):
        request = urllib.request.Request(f"{url}/send_text", body, headers)
        try:
            # 200: sent. 202: accepted, and it will be sent; GET /messages/{id} tells when.
            with urllib.request.urlopen(request, timeout=60) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as refusal:
            problem = json.load(refusal)
            if not problem["retryable"] or attempt == tries - 1:
                raise RuntimeError(f"{problem['class']}: {problem['detail']}") from None
            wait = problem["retry_after"] or 2**attempt
        except urllib.error.URLError:
            if attempt == tries - 1:
                raise
            wait = 2**attempt
        # The idempotency key makes asking again harmless, also when the first answer was lost on the way.
        time.sleep(wait)


if __name__ == "__main__":
    print(send(*sys.argv[1:5]))

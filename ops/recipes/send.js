/**
 * Sends a text through Vestnik from Node 20 or newer, with nothing to install:
 *   node send.js http://127.0.0.1:5022 -1003833950795 'Order 48213 is ready' order-48213
 */
import { setTimeout as sleep } from 'node:timers/promises';

const [url, chatId, text, key] = process.argv.slice(2);
console.log(await send(url, chatId, text, key));

/** The answer of the gateway; throws with its words when the message cannot be sent. */
async function send(gateway, chat_id, message, idempotencyKey, tries = 5) {
  const token = process.env.VESTNIK_TOKEN;
  const headers = {
    'Content-Type': 'application/json',
    'Idempotency-Key': idempotencyKey,
    ...(token && { Authorization: `Bearer ${token}` }),
  };
  const body = JSON.stringify({ chat_id, text: message });
  for (let attempt = 1; ; attempt++) {
    const init = { method: 'POST', headers, body, signal: AbortSignal.timeout(60_000) };
    const response = await fetch(`${gateway}/send_text`, init).catch((error) => error);
    let wait = 2 ** attempt;
    if (response instanceof Error) {
      if (attempt === tries) throw response;
    } else {
      const answer = await response.json();
      // 200: sent. 202: accepted, and it will be sent; GET /messages/{id} tells when.
      if (response.ok) return answer;
      if (!answer.retryable || attempt === tries) throw new Error(`${answer.class}: ${answer.detail}`);
      wait = answer.retry_after ?? wait;
    }
    // The idempotency key makes asking again harmless, also when the first answer was lost on the way.
    await sleep(wait * 1000);
  }
}

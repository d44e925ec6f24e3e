/** The live stream: EventSource comes back by itself with the id of the last event; where it gives up, we try again. */

/** @import { InboxUpdate } from '../http/stream.ts' */

const retryMs = 2000;

/**
 * Listens to what an account's chats get. The returned function ends that.
 * @param {string} account
 * @param {string} since the id of the event up to which all is known
 * @param {{update: (update: InboxUpdate) => void, state: (state: 'on' | 'off') => void}} listener
 * @returns {() => void}
 */
export function listen(account, since, listener) {
  const stream = new EventSource(`/api/stream?${new URLSearchParams({ account, since })}`);
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  let close = () => {
    clearTimeout(timer);
    stream.close();
  };
  stream.addEventListener('open', () => listener.state('on'));
  stream.addEventListener('message', ({ data, lastEventId }) => {
    since = lastEventId;
    listener.update(JSON.parse(data));
  });
  stream.addEventListener('error', () => {
    listener.state('off');
    if (stream.readyState !== EventSource.CLOSED) return;
    timer = setTimeout(() => (close = listen(account, since, listener)), retryMs);
  });
  return () => close();
}

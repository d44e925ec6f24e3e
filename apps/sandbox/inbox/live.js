/** The live stream: EventSource comes back by itself with the id of the last event; where it gives up, we try again. */

/** @typedef {import('./types.js').Update} Update */

const RETRY_MS = 2000;

/**
 * Listens to what an account's chats get. The returned function ends that.
 * @param {string} account
 * @param {{update: (update: Update) => void, state: (state: 'on' | 'off') => void}} listener
 * @returns {() => void}
 */
export function listen(account, listener) {
  const stream = new EventSource(`/api/stream?account=${account}`);
  /** @type {number | undefined} */
  let timer;
  let close = () => {
    clearTimeout(timer);
    stream.close();
  };
  stream.addEventListener('open', () => listener.state('on'));
  stream.addEventListener('message', ({ data }) => listener.update(JSON.parse(data)));
  stream.addEventListener('error', () => {
    listener.state('off');
    if (stream.readyState !== EventSource.CLOSED) return;
    timer = setTimeout(() => (close = listen(account, listener)), RETRY_MS);
  });
  return () => close();
}

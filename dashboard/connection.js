/** The live connection to the monitor: server-sent events, opened only while somebody wants them. */

/** @import { PageUpdate } from '../apps/monitor/http/stream.ts' */

/** An update comes every two seconds; so long without one, and the connection is lost. */
const silenceMs = 8_000;
const reopenMs = 2_000;

/**
 * Follows the monitor until the page is closed.
 * @param {object} listeners
 * @param {(update: PageUpdate) => void} listeners.onUpdate
 * @param {(sinceIso: string) => void} listeners.onLost told once for each time that it is lost
 * @param {() => boolean} listeners.isWanted asked when the page is hidden and when it is seen again
 */
export function follow({ onUpdate, onLost, isWanted }) {
  /** @type {EventSource | undefined} */
  let source;
  let lastHeard = Date.now();
  let isLost = false;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let watchdog;

  const lost = () => {
    if (!isLost) onLost(new Date(lastHeard).toISOString());
    isLost = true;
  };

  const close = () => {
    clearTimeout(watchdog);
    source?.close();
    source = undefined;
  };

  /** @param {number} ms */
  const reopenAfter = (ms) => {
    clearTimeout(watchdog);
    watchdog = setTimeout(() => {
      if (source?.readyState !== EventSource.OPEN || Date.now() - lastHeard >= silenceMs) lost();
      open();
    }, ms);
  };

  const open = () => {
    close();
    source = new EventSource('/api/stream');
    source.addEventListener('services', (event) => {
      lastHeard = Date.now();
      isLost = false;
      reopenAfter(silenceMs);
      onUpdate(JSON.parse(event.data));
    });
    source.onerror = () => {
      lost();
      // A refused connection is not tried again by the browser: it is opened anew here.
      reopenAfter(reopenMs);
    };
    reopenAfter(silenceMs);
  };

  document.addEventListener('visibilitychange', () => {
    if (!isWanted()) return close();
    if (source) return;
    lastHeard = Date.now();
    open();
  });
  if (isWanted()) open();
}

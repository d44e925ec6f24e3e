/** Notices of the browser when an alert begins or ends: only after the reader has asked for them. */
import { make, setAttribute, setText } from '../../apps/ui/elements.js';
import { say } from '../language.js';
import { inWords } from '../reasons.js';

/** @import { ServiceView } from '../../apps/monitor/health/service-view.ts' */
/** @import { PageState } from '../main.js' */

const storageKey = 'vestnik.notices';

/** @returns {{ element: HTMLElement, update: (state: PageState) => void, watch: (services: readonly ServiceView[]) => void, areOn: () => boolean }} */
export function createNotices() {
  const element = make('button', { type: 'button', 'data-action': 'notices' });
  /** @type {Map<string, boolean> | undefined} */
  let alerted;

  const isPossible = () => 'Notification' in window;
  const areOn = () => isPossible() && Notification.permission === 'granted' && stored();

  const show = () => {
    const word = !isPossible()
      ? 'impossible'
      : Notification.permission === 'denied'
        ? 'denied'
        : areOn()
          ? 'on'
          : 'off';
    setText(element, say(`notices.${word}`));
    setAttribute(element, 'aria-pressed', String(areOn()));
    setAttribute(element, 'aria-disabled', word === 'denied' || word === 'impossible' ? 'true' : null);
    element.title = say(`notices.${word}.hint`);
  };

  element.addEventListener('click', async () => {
    if (!isPossible() || Notification.permission === 'denied') return;
    if (areOn()) store(false);
    else if ((await Notification.requestPermission()) === 'granted') store(true);
    show();
  });

  return {
    element,
    areOn,
    update: show,
    watch: (services) => {
      const now = new Map(services.map(({ name, alert }) => [name, alert !== null]));
      for (const service of services) {
        const before = alerted?.get(service.name);
        if (before === undefined || before === now.get(service.name) || !areOn()) continue;
        tell(service);
      }
      alerted = now;
    },
  };
}

/** @param {ServiceView} service */
function tell({ name, label, alert }) {
  const title = say(alert ? 'alert.began' : 'alert.ended', { label });
  const notice = new Notification(title, {
    body: inWords(alert?.reason, alert?.causes),
    tag: `vestnik-${name}`,
    icon: new URL('../favicon.svg', import.meta.url).href,
  });
  notice.onclick = () => {
    window.focus();
    notice.close();
  };
}

function stored() {
  try {
    return localStorage.getItem(storageKey) === 'on';
  } catch {
    return false;
  }
}

/** @param {boolean} isOn */
function store(isOn) {
  try {
    localStorage.setItem(storageKey, isOn ? 'on' : 'off');
  } catch {
    // Storage can be switched off; then there are no notices.
  }
}

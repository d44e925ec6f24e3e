/** The banner of alerts: services that have not answered three checks in a row. */
import { make, setText } from '../apps/ui/elements.js';
import { formatClock } from './format.js';
import { icon } from './icons.js';
import { say } from './language.js';
import { inWords } from './reasons.js';

/** @import { ServiceView } from '../apps/monitor/health/service-view.ts' */

/**
 * @param {HTMLElement} banner
 * @param {readonly ServiceView[]} services
 */
export function showAlerts(banner, services) {
  const alerted = services.filter(({ alert }) => alert !== null);
  banner.hidden = alerted.length === 0;
  while (banner.childElementCount > alerted.length) banner.lastElementChild?.remove();
  alerted.forEach(({ label, alert }, index) => {
    if (!banner.children[index]) banner.append(make('p', {}, icon('failed'), make('span')));
    const words = banner.children[index]?.lastElementChild;
    const time = alert ? formatClock(alert.since) : '';
    if (words)
      setText(
        words,
        say('alert.banner', {
          label,
          time,
          misses: alert?.misses ?? 3,
          reason: inWords(alert?.reason, alert?.causes),
        }),
      );
  });
}

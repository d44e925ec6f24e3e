/** Sign-in codes that still hold: as Telegram shows them, for whoever signs a client in here. */
import { byId, make } from '../../../ui/elements.js';
import { say } from '../shared/language.js';

/** @import { CodeJson } from '../../http/inbox-views.ts' */

let drawn = '';

/** Shows the codes, the newest on top; pressed, one is copied. @param {CodeJson[]} codes */
export function drawCodes(codes) {
  const state = JSON.stringify([codes, say('code')]);
  if (state === drawn) return;
  drawn = state;
  const cards = codes.toReversed().slice(0, 3).map(card);
  byId('codes').replaceChildren(...cards);
}

/** @param {CodeJson} code */
function card({ phone, code }) {
  const words = make('span', {}, say('code'), make('small', {}, say('codeFor', { phone: `+${phone}` })));
  const properties = { type: 'button', class: 'code-card', 'data-action': 'copy', 'data-text': code };
  return make('button', { ...properties, title: say('copy') }, words, make('code', {}, code));
}

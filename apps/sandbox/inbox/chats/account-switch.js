/** Whose chats are shown. Most sandboxes have one account in use; the others are a choice away. */
import { byId, make } from '../../../ui/elements.js';
import { icon } from '../shared/dom.js';
import { say } from '../shared/language.js';
import { store } from '../shared/store.js';

/** @import { AccountJson } from '../../http/accounts.ts' */

/**
 * @param {AccountJson[]} accounts
 * @param {(id: string) => void} choose
 */
export function drawAccounts(accounts, choose) {
  const place = byId('account');
  place.hidden = accounts.length < 2;
  if (place.contains(document.activeElement)) return;
  const options = accounts.map(({ id, first_name: name, phone }) => {
    return make('option', { value: id, selected: id === store.account }, `${name} · +${phone}`);
  });
  const select = make('select', { 'aria-label': say('account'), title: say('account') }, ...options);
  select.addEventListener('change', () => {
    select.blur();
    choose(select.value);
  });
  place.replaceChildren(select, icon('down'));
}

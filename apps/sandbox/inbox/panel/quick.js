/** What is wanted most, one press away. */
import { ask } from '../shared/api.js';
import { make } from '../../../ui/elements.js';
import { say } from '../shared/language.js';
import { store } from '../shared/store.js';
import { reportError, toast } from '../shared/toast.js';
import { addFault, setBanned } from './control.js';

const sureMs = 4000;

/** @param {() => Promise<void>} changed called after each change */
export function quickButtons(changed) {
  const chat = store.chats.get(store.current);
  const run = (/** @type {() => Promise<unknown>} */ work) => {
    work()
      .then(changed)
      .then(() => toast(say('done')))
      .catch(reportError);
  };
  const flood = push(say('quickFlood'), say('quickFloodHint'), () =>
    run(() => addFault({ method: 'messages.getDialogs', error: 'FLOOD_WAIT_26', times: 1 })),
  );
  const cut = push(say('quickCut'), say('quickCutHint'), () =>
    run(() => addFault({ method: 'messages.sendMessage', drop: 'after', times: 1 })),
  );
  const ban = push(
    say(chat?.banned ? 'quickUnban' : 'quickBan'),
    chat ? say('quickBanHint') : say('quickBanNoChat'),
    () => chat && run(() => setBanned(chat.chat_id, !chat.banned)),
  );
  ban.disabled = !chat;
  const reset = push(say('quickReset'), say('quickResetHint'), () => {
    if (reset.dataset.sure !== undefined) return run(() => ask('/reset', {}));
    reset.dataset.sure = '';
    reset.textContent = say('resetSure');
    setTimeout(() => {
      delete reset.dataset.sure;
      reset.textContent = say('quickReset');
    }, sureMs);
  });
  reset.classList.add('danger');
  return make('div', { class: 'quick' }, flood, cut, ban, reset);
}

/** @param {string} label @param {string} hint @param {() => void} press */
function push(label, hint, press) {
  const made = make('button', { type: 'button', class: 'push', title: hint }, label);
  made.addEventListener('click', press);
  return made;
}

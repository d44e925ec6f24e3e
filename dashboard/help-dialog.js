/** The keys of the page. */
import { openDialog } from './dialog.js';
import { make } from '../apps/ui/elements.js';
import { say } from './language.js';

const keys = /** @type {const} */ ([
  ['/', 'help.search'],
  ['r', 'help.refresh'],
  ['d', 'help.diagnostics'],
  ['1 … 5', 'help.tabs'],
  ['?', 'help.help'],
]);

export function openHelp() {
  const close = make('button', { type: 'button', autofocus: '' }, say('close'));
  const list = make('dl', { class: 'keys' });
  for (const [key, word] of keys)
    list.append(make('dt', {}, make('kbd', {}, key)), make('dd', {}, say(word)));
  const { dialog } = openDialog(say('help.title'), list, make('div', { class: 'answers' }, close));
  close.addEventListener('click', () => dialog.close());
}

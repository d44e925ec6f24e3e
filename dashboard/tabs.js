/** The panels below the cards, one at a time: by click, by arrow keys, and by the address, which can be kept. */
import { make, setAttribute } from '../apps/ui/elements.js';
import { translate } from './language.js';

/** @import { PageState } from './main.js' */
/** @import { Word } from './language.js' */

/**
 * @typedef {object} Panel
 * @property {HTMLElement} element
 * @property {(state: PageState) => void} update called every second and whenever something came in
 * @property {(isOpen: boolean) => void} [toggle] called when it comes into view and when it leaves it
 * @property {() => void} [refresh]
 * @property {() => void} [search] puts the cursor where one filters
 *
 * @typedef {object} Tab
 * @property {string} name
 * @property {Word} word
 * @property {() => Panel} create called when it is opened for the first time
 */

/**
 * @param {HTMLElement} list
 * @param {HTMLElement} place where the panels go
 * @param {Tab[]} tabs the first is open unless the address names another
 * @param {() => void} onOpen
 * @returns {{ open: (name: string) => Panel, current: () => Panel }}
 */
export function createTabs(list, place, tabs, onOpen) {
  /** @type {Map<string, Panel>} */
  const panels = new Map();
  let name = '';

  const buttons = tabs.map((tab) => {
    const button = make('button', {
      type: 'button',
      role: 'tab',
      id: `tab-${tab.name}`,
      'data-tab': tab.name,
      'data-word': tab.word,
    });
    list.append(button);
    return button;
  });

  translate(list);

  /** @param {string} wanted */
  const open = (wanted) => {
    const tab = tabs.find((each) => each.name === wanted) ?? tabs[0];
    if (!tab) throw new Error('there are no panels');
    let panel = panels.get(tab.name);
    if (!panel) {
      panel = tab.create();
      setAttribute(panel.element, 'role', 'tabpanel');
      setAttribute(panel.element, 'id', `panel-${tab.name}`);
      setAttribute(panel.element, 'aria-labelledby', `tab-${tab.name}`);
      panels.set(tab.name, panel);
      place.append(panel.element);
      translate(panel.element);
      setAttribute(document.getElementById(`tab-${tab.name}`) ?? list, 'aria-controls', `panel-${tab.name}`);
    }
    if (name === tab.name) return panel;
    panels.get(name)?.toggle?.(false);
    name = tab.name;
    for (const button of buttons) {
      const isOpen = button.dataset.tab === name;
      setAttribute(button, 'aria-selected', String(isOpen));
      setAttribute(button, 'tabindex', isOpen ? '0' : '-1');
      if (isOpen) button.scrollIntoView({ block: 'nearest', inline: 'nearest' });
    }
    for (const [each, { element }] of panels) element.hidden = each !== name;
    if (location.hash.slice(1) !== name) history.replaceState(null, '', `#${name}`);
    panel.toggle?.(true);
    onOpen();
    return panel;
  };

  list.addEventListener('click', (event) => {
    const button = event.target instanceof Element && event.target.closest('button');
    if (button) open(button.dataset.tab ?? '');
  });
  list.addEventListener('keydown', (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (step === undefined) return;
    const at = buttons.findIndex((button) => button.dataset.tab === name);
    const next = buttons[(at + step + buttons.length) % buttons.length];
    open(next?.dataset.tab ?? '');
    next?.focus();
    event.preventDefault();
  });
  addEventListener('hashchange', () => open(location.hash.slice(1)));
  open(location.hash.slice(1));

  return { open, current: () => /** @type {Panel} */ (panels.get(name)) };
}

/** The row of filters above the lines; on a phone behind one button. */
import { make, setAttribute, setText } from '../../apps/ui/elements.js';
import { say } from '../language.js';

/** @import { ServiceView } from '../../apps/monitor/health/service-view.ts' */
/** @import { Filter } from './feed.js' */
/** @import { Word } from '../language.js' */

/** The four an operator thinks in; then what the monitor tells apart beside them. */
const groups = /** @type {const} */ (['persistent_timestamp', 'cannot_resolve', 'flood_wait', 'other']);
const classes = /** @type {const} */ ([
  'slow_mode',
  'peer_flood',
  'banned',
  'write_forbidden',
  'privacy',
  'session_lost',
  'account_frozen',
  'outcome_unknown',
  'telegram_unavailable',
  'telegram_error',
  'media_invalid',
  'text_too_long',
  'overloaded',
  'queue_full',
  'storage_full',
  'storage_failed',
  'internal',
]);

const typingMs = 250;
/** More services than this are chosen from a list. */
const mostButtons = 4;

/**
 * @param {(filter: Filter) => void} onChange
 * @returns {{ element: HTMLElement, update: (services: readonly ServiceView[]) => void, focus: () => void, reset: () => void }}
 */
export function createFilters(onChange) {
  const services = make('div', { class: 'segments', role: 'group', 'data-word-label': 'filter.service' });
  const among = select('filter.service', [option('', 'filter.services')]);
  const level = select('filter.level', [option('', 'filter.levels'), option('ERROR'), option('WARNING')]);
  const kind = select('filter.class', [
    option('', 'filter.classes'),
    ...groups.map((group) => option(group, `class.${group}`)),
    make(
      'optgroup',
      { 'data-word-group': 'filter.finer' },
      ...classes.map((name) => option(name, `class.${name}`)),
    ),
  ]);
  const text = make('input', {
    type: 'search',
    maxlength: '200',
    'data-word-label': 'filter.text',
    'data-word-placeholder': 'filter.text',
    autocomplete: 'off',
    spellcheck: 'false',
  });
  const fold = make('button', { type: 'button', class: 'fold', 'aria-expanded': 'false' });
  const fields = make('div', { class: 'fields' }, services, among, level, kind, text);
  const element = make('div', { class: 'filters' }, fold, fields);
  let service = '';

  const tell = () => onChange({ service, level: level.value, class: kind.value, text: text.value.trim() });
  const show = () => {
    for (const button of services.querySelectorAll('button')) {
      setAttribute(button, 'aria-pressed', String((button.dataset.filter ?? '') === service));
    }
    among.value = service;
    const active = [service, level.value, kind.value, text.value.trim()].filter(Boolean).length;
    setText(fold, active > 0 ? say('filter.some', { count: active }) : say('filter.none'));
    setAttribute(element, 'data-active', active > 0 ? '' : null);
    const finer = kind.querySelector('optgroup');
    if (finer) finer.label = say('filter.finer');
  };

  services.addEventListener('click', (event) => {
    if (!(event.target instanceof HTMLButtonElement)) return;
    service = event.target.dataset.filter ?? '';
    show();
    tell();
  });
  among.addEventListener('change', () => {
    service = among.value;
    show();
    tell();
  });
  for (const field of [level, kind]) {
    field.addEventListener('change', () => {
      show();
      tell();
    });
  }
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let typing;
  text.addEventListener('input', () => {
    clearTimeout(typing);
    typing = setTimeout(tell, typingMs);
    show();
  });
  fold.addEventListener('click', () => {
    const isOpen = element.toggleAttribute('data-open');
    setAttribute(fold, 'aria-expanded', String(isOpen));
  });

  return {
    element,
    focus: () => {
      element.setAttribute('data-open', '');
      setAttribute(fold, 'aria-expanded', 'true');
      text.focus();
    },
    reset: () => {
      service = '';
      level.value = '';
      kind.value = '';
      text.value = '';
      show();
      tell();
    },
    update: (list) => {
      if (services.childElementCount !== list.length + 1) {
        const buttons = list.map(({ name, label }) =>
          make('button', { type: 'button', 'data-filter': name }, label),
        );
        const all = make('button', { type: 'button', 'data-word': 'filter.all' }, say('filter.all'));
        services.replaceChildren(all, ...buttons);
        const any = option('', 'filter.services');
        setText(any, say('filter.services'));
        among.replaceChildren(any, ...list.map(({ name, label }) => make('option', { value: name }, label)));
      }
      services.hidden = list.length > mostButtons;
      among.hidden = !services.hidden;
      show();
    },
  };
}

/** @param {Word} word @param {Node[]} options */
function select(word, options) {
  return make('select', { 'data-word-label': word }, ...options);
}

/** @param {string} value @param {Word} [word] none for what has the same name in every language */
function option(value, word) {
  return word ? make('option', { value, 'data-word': word }) : make('option', { value }, value);
}

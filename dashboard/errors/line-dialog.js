/** One line whole: what it is about, the text as the service wrote it, and the message it belongs to. */
import { copyButton } from '../copy.js';
import { openDialog } from '../dialog.js';
import { make } from '../../apps/ui/elements.js';
import { formatCount, formatExact } from '../format.js';
import { say, sayIfKnown } from '../language.js';
import { createMessageView } from '../messages/message-view.js';
import { ask } from '../request.js';

/** @import { Fold } from './fold.js' */

/**
 * @param {Fold} fold
 * @param {(service: string) => string} labelOf
 */
export function openLine({ line, first, count }, labelOf) {
  const raw = make('pre', { class: 'raw', tabindex: '0' }, line.message);
  const about = sayIfKnown(`means.${line.class}`);
  const repeats =
    count > 1
      ? [
          make(
            'p',
            { class: 'dim' },
            say('line.repeats', { count: formatCount(count), since: formatExact(first.at) }),
          ),
        ]
      : [];
  const message = make('div', { class: 'message-of-line' });
  const close = make('button', { type: 'button', autofocus: '' }, say('close'));
  const { dialog } = openDialog(
    sayIfKnown(`class.${line.class}`) ?? line.class,
    make(
      'p',
      { class: 'line-facts' },
      make('span', { class: 'level', 'data-severity': line.level }, line.level),
      make('span', {}, labelOf(line.service)),
      make('time', { datetime: line.at }, formatExact(line.at)),
      ...(line.chat === null ? [] : [make('code', {}, line.chat)]),
    ),
    ...(about ? [make('p', {}, about)] : []),
    ...repeats,
    raw,
    message,
    make(
      'div',
      { class: 'answers' },
      copyButton('line.copy', () => raw.textContent ?? ''),
      close,
    ),
  );
  dialog.classList.add('wide');
  close.addEventListener('click', () => dialog.close());
  void showRaw(line.seq, raw);
  if (line.id !== null) void showMessage(line.service, line.id, message, labelOf);
  else message.append(make('p', { class: 'dim' }, say('line.no_message')));
}

/** @param {number} seq @param {HTMLElement} place */
async function showRaw(seq, place) {
  const answer = await ask(`/api/logs/${seq}`);
  if (answer.ok && typeof answer.body.raw === 'string') place.textContent = indented(answer.body.raw);
}

/**
 * A line of JSON with each of its fields on a line of its own.
 * @param {string} raw
 */
function indented(raw) {
  try {
    return raw.startsWith('{') ? JSON.stringify(JSON.parse(raw), null, 2) : raw;
  } catch {
    return raw;
  }
}

/**
 * @param {string} service
 * @param {string} id
 * @param {HTMLElement} place
 * @param {(service: string) => string} labelOf
 */
async function showMessage(service, id, place, labelOf) {
  place.append(make('p', { class: 'dim' }, say('line.asking')));
  const answer = await ask(`/api/services/${service}/messages/${encodeURIComponent(id)}`);
  place.replaceChildren(
    make('h3', {}, say('line.message')),
    answer.ok
      ? createMessageView({ ...answer.body, service }, labelOf).element
      : make('p', { class: 'dim' }, make('code', {}, id), ` ${answer.why()}`),
  );
}

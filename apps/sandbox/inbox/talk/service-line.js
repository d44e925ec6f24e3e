/** A wait, a refusal or a cut connection: Telegram's own name for it, and a sentence that explains it. */
import { make } from '../../../ui/elements.js';
import { clock, fullTime, wait } from '../shared/format.js';
import { say } from '../shared/language.js';
import { enErrors } from '../locales/en-errors.js';

/** @import { LineJson } from '../../http/inbox-views.ts' */

/** One or more lines that say the same. @param {LineJson[]} lines @returns {HTMLElement} */
export function serviceLine(lines) {
  const first = /** @type {LineJson} */ (lines[0]);
  const last = /** @type {LineJson} */ (lines.at(-1));
  const isCut = first.text.startsWith('connection cut');
  const isForgotten = first.text === 'session forgotten';
  const event = isCut ? say('cutName') : isForgotten && say('forgottenName');
  const name = event || make('code', {}, first.text.replace(/:.*/, ''));
  const where = make('code', { class: 'method' }, first.method);
  const count = lines.length > 1 && make('b', {}, `×${lines.length}`);
  const sentence = make('small', {}, `${explain(first.text).replace(/\.$/, '')} · ${clock(last.at)}`);
  return make(
    'li',
    { class: 'service', title: fullTime(last.at) },
    name,
    ` ${say('on')} `,
    where,
    count,
    sentence,
  );
}

/** What an error means, in a sentence. @param {string} error */
export function explain(error) {
  const [, seconds] = /_WAIT_(\d+)$/.exec(error) ?? [];
  if (seconds !== undefined) {
    const time = wait(Number(seconds));
    return error.startsWith('SLOWMODE') ? say('slowmodeWait', { time }) : say('floodWait', { time });
  }
  const [, layer, oldest, newest] = /: layer (-?\d+), served (\d+) to (\d+)$/.exec(error) ?? [];
  if (layer && oldest && newest) return say('layerInvalid', { layer, oldest, newest });
  const [, dataCentre] = /_MIGRATE_(\d+)$/.exec(error) ?? [];
  if (dataCentre) return say('migrate', { number: dataCentre });
  if (/^FILE_PARTS?_(\d+_)?(MISSING|INVALID)$/.test(error)) return say('fileMissing');
  if (error.startsWith('connection cut')) return say(error.includes('before') ? 'cutBefore' : 'cutAfter');
  if (error === 'session forgotten') return say('sessionForgotten');
  return Object.hasOwn(enErrors, error) ? say(/** @type {keyof typeof enErrors} */ (error)) : say('refused');
}

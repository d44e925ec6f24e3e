/** The first page: where a client connects to, which key it must trust, and how that is said in three libraries. */
import { byId, make } from '../../../ui/elements.js';
import { button, icon } from '../shared/dom.js';
import { say } from '../shared/language.js';
import { reportError } from '../shared/toast.js';
import { allSnippets } from './snippets.js';

/** @import { ConnectInfo } from '../../http/inbox.ts' */

let chosen = 0;
let pem = '';

/** @param {ConnectInfo} connect */
export function drawConnect(connect) {
  const { port, dc, fingerprint, data_centres: centres, proxy } = connect;
  const others = centres.filter(({ id }) => id !== dc).map(({ id, port: other }) => `${id}: ${other}`);
  const back = button('back', { label: say('back'), class: 'plain back' }, icon('back'));
  const mark = make('img', {
    src: new URL('../mark.svg', import.meta.url).href,
    alt: '',
    width: 56,
    height: 56,
  });
  const words = make('div', {}, make('h2', {}, say('welcome')), make('p', {}, say('welcomeText')));
  const facts = /** @type {const} */ ([
    ['host', location.hostname],
    ['port', String(port)],
    ['dataCentre', String(dc)],
    ['otherDataCentres', others.join(', ')],
    ['fingerprint', fingerprint],
    ['proxyPort', String(proxy.port)],
    ['proxySecret', proxy.secrets.padded],
  ]);
  const list = make('dl', { class: 'facts' });
  for (const [word, value] of facts) {
    list.append(make('div', {}, make('dt', {}, say(word)), make('dd', {}, make('code', {}, value))));
  }
  const card = make(
    'div',
    { class: 'card' },
    back,
    make('div', { class: 'card-head' }, mark, words),
    list,
    keyRow(),
    make('h3', {}, say('snippets')),
    ...snippets(connect),
    make('p', { class: 'links' }, jsonLink('/report', say('report')), jsonLink('/world', say('world'))),
    make('p', { class: 'key-help' }, say('keyHelp')),
  );
  byId('welcome').replaceChildren(card);
  readKey().catch(reportError);
}

function keyRow() {
  const key = make('code', { id: 'pem' }, pem.replaceAll('\n', ' '));
  const copy = button('copy', { label: say('copy'), 'data-text': pem }, icon('copy'));
  copy.id = 'copy-key';
  const properties = { class: 'plain', href: '/public-key.pem', download: 'public-key.pem' };
  const download = make(
    'a',
    { ...properties, title: say('downloadKey'), 'aria-label': say('downloadKey') },
    icon('file'),
  );
  const words = make('span', {}, make('small', {}, say('publicKey')), key);
  return make('div', { class: 'key-row' }, words, copy, download);
}

/** Reads the public key once. */
async function readKey() {
  if (pem === '')
    pem = await fetch('/public-key.pem', { signal: AbortSignal.timeout(20_000) }).then((answer) =>
      answer.text(),
    );
  byId('pem').textContent = pem.replaceAll('\n', ' ');
  byId('copy-key').dataset.text = pem;
}

/** Tabs of the libraries, moved through by the arrow keys. @param {ConnectInfo} connect @returns {HTMLElement[]} */
function snippets(connect) {
  const tabs = allSnippets.map(({ name }, index) => {
    const properties = { type: 'button', role: 'tab', id: `tab-${index}`, 'aria-controls': 'snippet' };
    return make('button', properties, name);
  });
  const code = make('pre', { tabindex: 0 });
  const copy = button('copy', { label: say('copy') }, icon('copy'));
  const panel = make('div', { class: 'snippet', id: 'snippet', role: 'tabpanel' }, code, copy);
  const choose = (/** @type {number} */ index) => {
    chosen = (index + allSnippets.length) % allSnippets.length;
    tabs.forEach((tab, at) => {
      tab.setAttribute('aria-selected', String(at === chosen));
      tab.tabIndex = at === chosen ? 0 : -1;
    });
    const text = fill(allSnippets[chosen]?.code ?? '', connect);
    code.textContent = text;
    copy.dataset.text = text;
    panel.setAttribute('aria-labelledby', `tab-${chosen}`);
  };
  tabs.forEach((tab, index) => tab.addEventListener('click', () => choose(index)));
  const list = make('div', { class: 'tabs', role: 'tablist', 'aria-label': say('snippets') }, ...tabs);
  list.addEventListener('keydown', ({ key }) => {
    if (key !== 'ArrowRight' && key !== 'ArrowLeft') return;
    choose(chosen + (key === 'ArrowRight' ? 1 : -1));
    tabs[chosen]?.focus();
  });
  choose(chosen);
  return [list, panel];
}

/** @param {string} code @param {ConnectInfo} connect */
function fill(code, connect) {
  const values = { host: location.hostname, ...connect };
  return code.replace(/\{(host|port|dc|fingerprint)\}/g, (_, name) => {
    return String(values[/** @type {keyof typeof values} */ (name)]);
  });
}

/** @param {string} href @param {string} words */
function jsonLink(href, words) {
  return make('a', { href, target: '_blank', rel: 'noopener' }, words);
}

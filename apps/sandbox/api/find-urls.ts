/** Web and e-mail addresses in a text, by the rules that TDLib documents for Telegram's server (MessageEntity.cpp). */

/** Where an address stands, in UTF-16 units. */
export interface FoundAddress {
  from: number;
  to: number;
  isEmail: boolean;
}

const tableSize = 0xc0;
const protocolPattern = /(?:^|[^a-z0-9+-])(https?:\/\/|ftp:\/\/|tonsite:\/\/)$/i;
const longestProtocol = 11;
const portPattern = /:(\d{1,5})(?!\d)/y;
const badPathEnd = /[.:;,('?!`]+$/;
const emailPattern =
  /^(?:[\w-]{0,26}[.+]){0,10}[\w-]{1,35}@(?:(?:[a-z0-9][\w-]{0,28})?[a-z0-9]\.){1,6}[a-z]{2,8}$/i;
const mailProtocol = 'mailto:';
const longestEmail = 320;
const wordEnd = /[\p{L}\p{N}_/#@]$/u;

/** The addresses of a text, in their order. */
export function findAddresses(text: string): FoundAddress[] {
  const found: FoundAddress[] = [];
  let start = 0;
  for (let dot = text.indexOf('.'); dot >= 0; dot = text.indexOf('.', Math.max(dot + 1, start))) {
    const next = text.charCodeAt(dot + 1);
    if (next === 32 || next === 10 || Number.isNaN(next)) continue;
    const from = startOf(isDomainSymbol, text, dot, start);
    const to = endOf(isDomainSymbol, text, dot);
    const address = addressIn(text, start, from, to);
    if (typeof address !== 'number') found.push(address);
    start = typeof address === 'number' ? address : address.to;
  }
  return found;
}

/** The address whose domain, or the part of it before an `@`, is between two places; it begins at `start` at the earliest. Where it is none, how far it was looked at. */
function addressIn(text: string, start: number, from: number, to: number): FoundAddress | number {
  let [nameFrom, domainFrom, end] = [from, from, to];
  if (text[to] === '@') {
    while (text[end] === '@') end = endOf(isDomainSymbol, text, (domainFrom = end + 1));
    nameFrom = startOf(isUserSymbol, text, from, start);
  } else if (from > start && text[from - 1] === '@') {
    nameFrom = startOf(isUserSymbol, text, from - 1, start);
    if (nameFrom === from - 1) return to;
  }
  end = trimDots(text, end);
  portPattern.lastIndex = end;
  const port = portPattern.exec(text)?.[1];
  const pathFrom = port && Number(port) > 0 && Number(port) <= 65_535 ? end + port.length + 1 : end;
  const till = pathEnd(text, pathFrom);
  const name = domainFrom > from || nameFrom < from ? text.slice(nameFrom, till) : '';
  const email = name.startsWith(mailProtocol) ? name.slice(mailProtocol.length) : name;
  if (email.length <= longestEmail && emailPattern.test(email))
    return { from: till - email.length, to: till, isEmail: true };
  const before = text.slice(Math.max(start, nameFrom - longestProtocol), nameFrom);
  const protocol = protocolPattern.exec(before)?.[1];
  if (!protocol && (before.endsWith('://') || wordEnd.test(before))) return end;
  if (!isDomain(text.slice(domainFrom, end), protocol !== undefined)) return end;
  return { from: nameFrom - (protocol?.length ?? 0), to: till, isEmail: false };
}

/** Where a path ends: before a bracket that it did not open, and without punctuation at its end. */
function pathEnd(text: string, from: number): number {
  if (!/[/?#]/.test(text[from] ?? '')) return from;
  const path = text.slice(from, endOf(isPathSymbol, text, from));
  const open = { '(': 0, '[': 0, '{': 0 };
  const partner: Readonly<Record<string, keyof typeof open>> = { ')': '(', ']': '[', '}': '{' };
  let length = 0;
  for (const character of path) {
    if (character in open) open[character as keyof typeof open]++;
    const opener = partner[character];
    if (opener && --open[opener] < 0) break;
    length += character.length;
  }
  const kept = path.slice(0, length).replace(badPathEnd, '');
  return from + (kept === '#' || kept === '?' ? 0 : kept.length);
}

function isDomain(domain: string, hasProtocol: boolean): boolean {
  const parts = domain.split('.');
  if (parts.length < 2 || parts.some((part) => part === '' || part.length > 63 || part.endsWith('-')))
    return false;
  if (parts.every((part) => /^\d+$/.test(part))) {
    return parts.length === 4 && parts.every((part) => /^(0|[1-9]\d{0,2})$/.test(part) && Number(part) < 256);
  }
  const last = parts.at(-1)!;
  if (parts.at(-2)!.includes('_') || /[_~]/.test(last) || [...last].length < 2) return false;
  if (/^xn--[a-z0-9]+$/i.test(last)) return true;
  return !last.includes('-') && (hasProtocol || topLevel.has(last.toLowerCase()));
}

function startOf(fits: (code: number) => boolean, text: string, before: number, start: number): number {
  let from = before;
  while (from > start && fits(text.charCodeAt(from - 1))) from--;
  return from;
}

function endOf(fits: (code: number) => boolean, text: string, from: number): number {
  let to = from;
  while (to < text.length && fits(text.charCodeAt(to))) to++;
  return to;
}

function trimDots(text: string, end: number): number {
  let to = end;
  while (text[to - 1] === '.') to--;
  return to;
}

/** Separators and general punctuation end an address, save for joiners and dashes. */
function isSymbol(code: number): boolean {
  if (code >= 0x2000 && code <= 0x206f)
    return code === 0x200c || code === 0x200d || (code >= 0x2010 && code <= 0x2015);
  return code !== 0x1680 && code !== 0x3000;
}

const domainPattern = tableOf(/[\w.~-]/);
const user = tableOf(/[^\s/[\]{}()'`<>"@«»]/);
const pathPattern = tableOf(/[^\s<>"«»]/);

function isDomainSymbol(code: number): boolean {
  return code < tableSize ? domainPattern[code] === 1 : isSymbol(code);
}

function isUserSymbol(code: number): boolean {
  return code < tableSize ? user[code] === 1 : isSymbol(code);
}

function isPathSymbol(code: number): boolean {
  return code < tableSize ? pathPattern[code] === 1 : isSymbol(code);
}

/** Which of the first characters fit. */
function tableOf(fits: RegExp): Uint8Array {
  return Uint8Array.from({ length: tableSize }, (_, code) => Number(fits.test(String.fromCharCode(code))));
}

/** Top-level domains that make an address without a protocol: those of countries, and the common ones. */
const topLevel = new Set(
  `ac ad ae af ag ai al am ao aq ar as at au aw ax az ba bb bd be bf bg bh bi bj bm bn bo br bs bt bw by bz ca cc cd cf cg
  ch ci ck cl cm cn co cr cu cv cw cx cy cz de dj dk dm do dz ec ee eg er es et eu fi fj fk fm fo fr ga gd ge gf gg gh gi gl
  gm gn gp gq gr gs gt gu gw gy hk hm hn hr ht hu id ie il im in io iq ir is it je jm jo jp ke kg kh ki km kn kp kr kw ky kz
  la lb lc li lk lr ls lt lu lv ly ma mc md me mg mh mk ml mm mn mo mp mq mr ms mt mu mv mw mx my mz na nc ne nf ng ni nl no
  np nr nu nz om pa pe pf pg ph pk pl pm pn pr ps pt pw py qa re ro rs ru rw sa sb sc sd se sg sh si sk sl sm sn so sr ss st
  su sv sx sy sz tc td tf tg th tj tk tl tm tn to tr tt tv tw tz ua ug uk us uy uz va vc ve vg vi vn vu wf ws ye yt za zm zw
  com org net edu gov mil int info biz name pro aero coop museum jobs mobi travel tel cat asia post xxx
  academy agency app art bank bar blog business cafe camera center chat city cloud club codes community company consulting
  dev digital direct email energy events expert express family fashion finance foundation fun games gallery global group guru
  health help host house ink institute international land law legal life link live loan london love ltd market marketing
  media moscow network news ninja one online page partners party photo photography photos plus press productions pub pw red
  report rest reviews rocks run sale school science services shop site social software solutions space store studio style
  support systems team tech technology tips today tools top tours town training travel tube university video vip website wiki
  win work works world wtf xyz zone ton рф рус москва укр бел қаз дети онлайн сайт`.split(/\s+/),
);

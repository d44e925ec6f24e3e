/** Numbers and times as people say them, in the language of the page. */
import { language } from './language.js';

/** @param {number} value @returns {string} */
export function formatCount(value) {
  return new Intl.NumberFormat(language()).format(value);
}

/** «148 МБ». @param {number} bytes @returns {string} */
export function formatBytes(bytes) {
  const inGigabytes = bytes >= 1e9;
  return new Intl.NumberFormat(language(), {
    style: 'unit',
    unit: inGigabytes ? 'gigabyte' : 'megabyte',
    maximumFractionDigits: inGigabytes ? 1 : 0,
  }).format(bytes / (inGigabytes ? 1e9 : 1e6));
}

/** «2,4 %», of a value from 0 to 100. @param {number} percent @returns {string} */
export function formatPercent(percent) {
  return new Intl.NumberFormat(language(), { style: 'percent', maximumFractionDigits: 1 }).format(
    percent / 100,
  );
}

/** «3 ч 12 мин»: the two largest units, seconds only below a minute. @param {number} seconds @returns {string} */
export function formatDuration(seconds) {
  const whole = Math.max(0, Math.floor(seconds));
  const minutes = Math.floor(whole / 60);
  const hours = Math.floor(minutes / 60);
  const days = Math.floor(hours / 24);
  if (days > 0) return `${unit(days, 'day')} ${unit(hours % 24, 'hour')}`;
  if (hours > 0) return `${unit(hours, 'hour')} ${unit(minutes % 60, 'minute')}`;
  if (minutes > 0) return unit(minutes, 'minute');
  return unit(whole, 'second');
}

/** «12 мин назад». @param {string} iso @param {number} now milliseconds since the epoch @returns {string} */
export function formatAgo(iso, now) {
  const seconds = Math.max(0, Math.round((now - Date.parse(iso)) / 1000));
  const relative = new Intl.RelativeTimeFormat(language(), { style: 'short', numeric: 'auto' });
  if (seconds < 60) return relative.format(-seconds, 'second');
  if (seconds < 3600) return relative.format(-Math.floor(seconds / 60), 'minute');
  if (seconds < 86_400) return relative.format(-Math.floor(seconds / 3600), 'hour');
  return relative.format(-Math.floor(seconds / 86_400), 'day');
}

/** «04:12» today, else with the date. @param {string} iso @returns {string} */
export function formatClock(iso) {
  const time = new Date(iso);
  const isToday = time.toDateString() === new Date().toDateString();
  /** @type {Intl.DateTimeFormatOptions} */
  const day = isToday ? {} : { day: 'numeric', month: 'short' };
  return new Intl.DateTimeFormat(language(), {
    ...day,
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  }).format(time);
}

/** «04:12:37» today, else with the date. @param {string} iso @returns {string} */
export function formatSecond(iso) {
  const time = new Date(iso);
  const isToday = time.toDateString() === new Date().toDateString();
  return formatterOf('second', isToday ? {} : { day: 'numeric', month: 'short' }, {
    second: '2-digit',
  }).format(time);
}

/** «04:12» of a time in seconds since the epoch, for charts. @param {number} at @returns {string} */
export function formatTime(at) {
  return formatterOf('time', {}, {}).format(new Date(at * 1000));
}

/** «4:07», for what counts down. @param {number} seconds @returns {string} */
export function formatCountdown(seconds) {
  const whole = Math.max(0, Math.ceil(seconds));
  const hours = Math.floor(whole / 3600);
  const parts = [Math.floor((whole % 3600) / 60), whole % 60];
  if (hours > 0) parts.unshift(hours);
  return parts.map((part, index) => (index === 0 ? String(part) : String(part).padStart(2, '0'))).join(':');
}

/** Rows are drawn by the hundred while one scrolls: their formatter is made once. @type {Map<string, Intl.DateTimeFormat>} */
const formatters = new Map();

/**
 * @param {string} name
 * @param {Intl.DateTimeFormatOptions} day
 * @param {Intl.DateTimeFormatOptions} second
 */
function formatterOf(name, day, second) {
  const key = `${language()} ${name} ${day.day ?? ''}`;
  let formatter = formatters.get(key);
  if (!formatter) {
    const time = /** @type {const} */ ({ hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
    formatter = new Intl.DateTimeFormat(language(), { ...day, ...time, ...second });
    formatters.set(key, formatter);
  }
  return formatter;
}

/** Date and time to the second. @param {string} iso @returns {string} */
export function formatExact(iso) {
  return new Intl.DateTimeFormat(language(), {
    dateStyle: 'medium',
    timeStyle: 'medium',
    hourCycle: 'h23',
  }).format(new Date(iso));
}

/** «2026-11-23 04:12:37 +03:00», for what is read elsewhere. @param {string} iso @returns {string} */
export function formatStamp(iso) {
  const time = new Date(iso);
  const aheadMinutes = -time.getTimezoneOffset();
  const local = new Date(time.getTime() + aheadMinutes * 60_000).toISOString();
  const [hours, minutes] = [Math.floor(Math.abs(aheadMinutes) / 60), Math.abs(aheadMinutes) % 60];
  const zone = [hours, minutes].map((part) => String(part).padStart(2, '0')).join(':');
  return `${local.slice(0, 10)} ${local.slice(11, 19)} ${aheadMinutes < 0 ? '-' : '+'}${zone}`;
}

/** @param {number} value @param {'day' | 'hour' | 'minute' | 'second'} name @returns {string} */
function unit(value, name) {
  return new Intl.NumberFormat(language(), { style: 'unit', unit: name, unitDisplay: 'narrow' }).format(
    value,
  );
}

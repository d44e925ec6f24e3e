/** Numbers and times as people say them, in the language of the page. */
import { formatterOf } from '../apps/ui/formatters.js';
import { language } from './language.js';

const clock = /** @type {const} */ ({ hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
const date = /** @type {const} */ ({ day: 'numeric', month: 'short' });

/** For what a watched service calls a time and is none. */
const noTime = '—';

/** @param {number} value @returns {string} */
export function formatCount(value) {
  return formatterOf(Intl.NumberFormat, language(), {}).format(value);
}

/** «148 МБ». @param {number} bytes @returns {string} */
export function formatBytes(bytes) {
  const inGigabytes = bytes >= 1e9;
  return formatterOf(Intl.NumberFormat, language(), {
    style: 'unit',
    unit: inGigabytes ? 'gigabyte' : 'megabyte',
    maximumFractionDigits: inGigabytes ? 1 : 0,
  }).format(bytes / (inGigabytes ? 1e9 : 1e6));
}

/** «2,4 %», of a value from 0 to 100. @param {number} percent @returns {string} */
export function formatPercent(percent) {
  return formatterOf(Intl.NumberFormat, language(), { style: 'percent', maximumFractionDigits: 1 }).format(
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
  if (Number.isNaN(seconds)) return noTime;
  const relative = formatterOf(Intl.RelativeTimeFormat, language(), { style: 'short', numeric: 'auto' });
  if (seconds < 60) return relative.format(-seconds, 'second');
  if (seconds < 3600) return relative.format(-Math.floor(seconds / 60), 'minute');
  if (seconds < 86_400) return relative.format(-Math.floor(seconds / 3600), 'hour');
  return relative.format(-Math.floor(seconds / 86_400), 'day');
}

/** «04:12» today, else with the date. @param {string} iso @returns {string} */
export function formatClock(iso) {
  return formatDate(iso, { ...dateUnlessToday(iso), ...clock });
}

/** «04:12:37» today, else with the date. @param {string} iso @returns {string} */
export function formatSecond(iso) {
  return formatDate(iso, { ...dateUnlessToday(iso), ...clock, second: '2-digit' });
}

/** «04:12» of a time in seconds since the epoch, for charts. @param {number} at @returns {string} */
export function formatTime(at) {
  return formatDate(at * 1000, clock);
}

/** @param {string | number} time @param {Intl.DateTimeFormatOptions} options @returns {string} */
function formatDate(time, options) {
  const at = new Date(time);
  return Number.isNaN(at.getTime())
    ? noTime
    : formatterOf(Intl.DateTimeFormat, language(), options).format(at);
}

/** @param {string} iso */
function dateUnlessToday(iso) {
  return new Date(iso).toDateString() === new Date().toDateString() ? {} : date;
}

/** «4:07», for what counts down. @param {number} seconds @returns {string} */
export function formatCountdown(seconds) {
  const whole = Math.max(0, Math.ceil(seconds));
  const hours = Math.floor(whole / 3600);
  const parts = [Math.floor((whole % 3600) / 60), whole % 60];
  if (hours > 0) parts.unshift(hours);
  return parts.map((part, index) => (index === 0 ? String(part) : String(part).padStart(2, '0'))).join(':');
}

/** Date and time to the second. @param {string | number} time ISO 8601, or milliseconds since the epoch @returns {string} */
export function formatExact(time) {
  return formatDate(time, { dateStyle: 'medium', timeStyle: 'medium', hourCycle: 'h23' });
}

/** «2026-11-23 04:12:37 +03:00», for what is read elsewhere. @param {string} iso @returns {string} */
export function formatStamp(iso) {
  const time = new Date(iso);
  if (Number.isNaN(time.getTime())) return noTime;
  const aheadMinutes = -time.getTimezoneOffset();
  const local = new Date(time.getTime() + aheadMinutes * 60_000).toISOString();
  const [hours, minutes] = [Math.floor(Math.abs(aheadMinutes) / 60), Math.abs(aheadMinutes) % 60];
  const zone = [hours, minutes].map((part) => String(part).padStart(2, '0')).join(':');
  return `${local.slice(0, 10)} ${local.slice(11, 19)} ${aheadMinutes < 0 ? '-' : '+'}${zone}`;
}

/** @param {number} value @param {'day' | 'hour' | 'minute' | 'second'} name @returns {string} */
function unit(value, name) {
  return formatterOf(Intl.NumberFormat, language(), {
    style: 'unit',
    unit: name,
    unitDisplay: 'narrow',
  }).format(value);
}

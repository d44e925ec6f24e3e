/** Numbers, sizes and times as people write them in the language of the page. */
import { formatterOf } from '../../../ui/formatters.js';
import { language, say } from './language.js';

/**
 * @param {number} value
 * @param {number} [digits] after the point, at most
 */
export function number(value, digits = 0) {
  return formatterOf(Intl.NumberFormat, language(), { maximumFractionDigits: digits }).format(value);
}

/** @param {number} bytes */
export function fileSize(bytes) {
  const units = say('byteUnits').split(' ');
  let value = bytes;
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit++;
  }
  return `${number(value, unit > 0 && value < 100 ? 1 : 0)} ${units[unit]}`;
}

/** Minutes and seconds of a recording. @param {number} seconds */
export function playtime(seconds) {
  const whole = Math.max(0, Math.round(seconds));
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor(whole / 60) % 60;
  const padded = hours > 0 ? String(minutes).padStart(2, '0') : String(minutes);
  return `${hours > 0 ? `${hours}:` : ''}${padded}:${String(whole % 60).padStart(2, '0')}`;
}

/** A wait in words. @param {number} seconds */
export function wait(seconds) {
  if (seconds < 90) return `${number(seconds)} ${say('secondShort')}`;
  if (seconds < 5400) return `${number(seconds / 60)} ${say('minuteShort')}`;
  return `${number(seconds / 3600, 1)} ${say('hourShort')}`;
}

/** Hours and minutes. @param {number} at ms since 1970 */
export function clock(at) {
  return format({ hour: '2-digit', minute: '2-digit', hour12: false }, at);
}

/** A day in words. @param {number} at ms since 1970 */
export function day(at) {
  const days = Math.round((new Date().setHours(0, 0, 0, 0) - new Date(at).setHours(0, 0, 0, 0)) / 86_400_000);
  if (days === 0) return say('today');
  if (days === 1) return say('yesterday');
  if (days === -1) return say('tomorrow');
  return format({ day: 'numeric', month: 'long' }, at);
}

/** Time today, else the day. @param {number} at ms since 1970 */
export function shortTime(at) {
  if (new Date(at).toDateString() === new Date().toDateString()) return clock(at);
  return format({ day: 'numeric', month: 'short' }, at);
}

/** Date and time in full, for titles. @param {number} at ms since 1970 */
export function fullTime(at) {
  return format({ dateStyle: 'long', timeStyle: 'medium' }, at);
}

/**
 * @param {Intl.DateTimeFormatOptions} options
 * @param {number} at
 */
function format(options, at) {
  return formatterOf(Intl.DateTimeFormat, language(), options).format(at);
}

/** Changing faults, limits and bans by the control API, which takes each list as a whole. */
import { ask } from '../shared/api.js';

/** @import { FaultJson } from '../../http/control.ts' */
/** @import { FaultFields } from '../../http/schemas.ts' */
/** @import { LimitsDefinition } from '../../control/limits.ts' */

/** Adds a fault to those in force; they keep what is left of them. @param {FaultFields} fault */
export async function addFault(fault) {
  /** @type {FaultJson[]} */
  const faults = await ask('/faults');
  await ask('/faults', [...faults.filter(isInForce).map(asDefinition), fault]);
}

/** Takes the fault at this place out. @param {number} index */
export async function removeFault(index) {
  /** @type {FaultJson[]} */
  const faults = await ask('/faults');
  await ask(
    '/faults',
    faults.filter((fault, place) => place !== index && isInForce(fault)).map(asDefinition),
  );
}

/** @param {(limits: LimitsDefinition) => LimitsDefinition} change */
export async function changeLimits(change) {
  /** @type {LimitsDefinition} */
  const limits = await ask('/limits');
  await ask('/limits', change(limits));
}

/** Bans the account from a chat, or lets it in again. @param {string} chatId @param {boolean} isBanned */
export async function setBanned(chatId, isBanned) {
  await ask('/world', isBanned ? { banned: [chatId] } : { unbanned: [chatId] }, 'PATCH');
}

/** Whether it can still hit a call. @param {FaultJson} fault */
export function isInForce({ left, until }) {
  return left !== 0 && (until === undefined || Date.parse(until) > Date.now());
}

/** A fault as it is posted: with what is left of it instead of what it began with. @param {FaultJson} fault @returns {FaultFields} */
export function asDefinition({ left, until, from, ...fault }) {
  const now = Date.now();
  const begins = Math.max(now, Date.parse(from));
  /** @type {FaultFields & { hits?: number }} */
  const definition = { ...fault };
  delete definition.hits;
  if (left !== undefined) definition.times = left;
  if (begins > now) definition.after_seconds = (begins - now) / 1000;
  else delete definition.after_seconds;
  if (until !== undefined) definition.for_seconds = Math.max(0, (Date.parse(until) - begins) / 1000);
  return definition;
}

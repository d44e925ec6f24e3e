/** All words of the page in Russian. */
import { ruDiagnostics } from './ru-diagnostics.js';
import { ruPanels } from './ru-panels.js';
import { ruTerms } from './ru-terms.js';
import { ru } from './ru.js';

/** @type {typeof import('./english.js').words} */
export const words = { ...ru, ...ruPanels, ...ruTerms, ...ruDiagnostics };

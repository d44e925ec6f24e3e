/** All words of the page in English. */
import { enDiagnostics } from './en-diagnostics.js';
import { enPanels } from './en-panels.js';
import { enTerms } from './en-terms.js';
import { en } from './en.js';

export const words = { ...en, ...enPanels, ...enTerms, ...enDiagnostics };

/** The vocabulary in English. A browser gets it with the words written out, and without the other language. */
import { wordsIn } from './vocabulary.ts';

export const vocabulary = wordsIn('en');

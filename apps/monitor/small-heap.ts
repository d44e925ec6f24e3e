/** Keeps the heap near what is in use. A hundred thousand lines pass through it, and a few megabytes stay. */
import { flushCompileCache } from 'node:module';
import { setFlagsFromString } from 'node:v8';

/**
 * V8 would let the heap grow to four times what is in use, and gives little of that back. To be called when all modules
 * are loaded: what is compiled after it is of no use to a start that has not called it yet.
 */
export function keepHeapSmall(): void {
  flushCompileCache();
  setFlagsFromString('--optimize-for-size');
}

/** Starts the inbox. */
import { start } from './app.js';

start();

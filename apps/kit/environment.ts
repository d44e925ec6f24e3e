/** Where settings come from: the process environment, over a `.env` file in the working directory. */
import { readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';

export type Environment = Readonly<Record<string, string | undefined>>;

/** The environment with what `.env` adds to it; what is really set wins. A missing `.env` adds nothing. */
export function readEnvironment(envFile = '.env', own: Environment = process.env): Environment {
  return { ...parseEnv(readIfThere(envFile)), ...own };
}

function readIfThere(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
    throw error;
  }
}

/** Why there is no connection to Telegram, from the error that ended the attempt: one of a few causes. Pure. */

/** `address` is host:port; `error` names the error as the system or Telegram does. */
export interface Unreachable {
  readonly cause: 'refused' | 'timeout' | 'name_not_found' | 'no_route' | 'cut' | 'transport' | 'other';
  readonly error: string;
  readonly address: string;
}

const byCode: Readonly<Record<string, Unreachable['cause']>> = {
  ECONNREFUSED: 'refused',
  ETIMEDOUT: 'timeout',
  ENOTFOUND: 'name_not_found',
  EAI_AGAIN: 'name_not_found',
  ENETUNREACH: 'no_route',
  EHOSTUNREACH: 'no_route',
  ENETDOWN: 'no_route',
  EADDRNOTAVAIL: 'no_route',
  ECONNRESET: 'cut',
  EPIPE: 'cut',
};

const longestError = 120;

export function whyUnreached(error: Error, address: string): Unreachable {
  const code = codeOf(error);
  const { message } = error;
  const transport = /Telegram answered (-\d+)/.exec(message)?.[1];
  if (transport !== undefined) return { cause: 'transport', error: transport, address };
  if (code !== undefined && byCode[code]) return { cause: byCode[code], error: code, address };
  const within = /no (?:connection|answer) within \d+ ms/.exec(message)?.[0];
  if (within !== undefined) return { cause: 'timeout', error: within, address };
  if (/closed the connection|the connection was closed/.test(message))
    return { cause: 'cut', error: 'connection closed', address };
  return { cause: 'other', error: code ?? onlyWords(message), address };
}

/** The system's name for it, wherever in the chain of causes it stands. */
function codeOf(error: unknown): string | undefined {
  for (let each = error, depth = 0; each instanceof Error && depth < 5; each = each.cause, depth++) {
    const { code } = each as NodeJS.ErrnoException;
    if (typeof code === 'string') return code;
  }
  return undefined;
}

/** Without what would end a sentence or open a part of it. */
function onlyWords(message: string): string {
  return message.replace(/[;()]/g, ',').slice(0, longestError);
}

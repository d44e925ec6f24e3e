/** The secret that callbacks are signed with. */
import type { Setting } from '../../kit/config.ts';

/** What Standard Webhooks takes, in bytes. */
const length = { min: 24, max: 64 };

const secrets: Setting<readonly Buffer[]> = {
  takes:
    `whsec_ and the base64 of ${length.min} to ${length.max} random bytes, as from: ` +
    'echo whsec_$(openssl rand -base64 32); while it is changed the new one and the old, separated by a comma',
  fallback: [],
  parse: (raw) => {
    const keys = raw.split(',').map((part) => parseSecret(part.trim()));
    return keys.every((key) => key !== undefined) ? keys : undefined;
  },
  secret: true,
};

export const callbackSettings = { CALLBACK_SECRET: secrets };

function parseSecret(raw: string): Buffer | undefined {
  const [, base64] = /^whsec_([A-Za-z0-9+/]+={0,2})$/.exec(raw) ?? [];
  if (base64 === undefined) return undefined;
  const key = Buffer.from(base64, 'base64');
  return key.length >= length.min && key.length <= length.max ? key : undefined;
}

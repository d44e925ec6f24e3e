/** What once went wrong, played again before anything new is tried. */
import type { Paces } from '../../pacing/pacer.ts';
import type { GatewayName, Happening } from './simulation.ts';

const paces: Paces = { chatPerS: 1, groupPerMin: 4, accountPerS: 4 };
const walk = { does: 'walk' } as const;
const moment = { does: 'pass', ms: 0 } as const;
const accept = (gateway: GatewayName, target: string, parts = 1): Happening => ({
  does: 'accept',
  gateway,
  target,
  parts,
  expiresInS: 86_400,
});

const scripts: readonly (readonly Happening[])[] = [
  // A name that the first walk finds.
  [accept('text', '@carl'), moment, walk, walk, walk, walk],
  // A name that becomes known just before the next message for it.
  [accept('text', '@anna'), walk, accept('text', '@anna')],
  // A group that becomes a supergroup between two texts of a message.
  [accept('text', '-40', 2), moment, { does: 'migrate' }],
  // A walk that ends while nothing can be written.
  [
    accept('media', '@nobody'),
    moment,
    { does: 'fill_disk', gateway: 'media' },
    walk,
    walk,
    walk,
    walk,
    moment,
  ],
  // One that is retried, in front of one that waits for the chat to become known.
  [
    { ...accept('media', '2'), expiresInS: 2 } as Happening,
    accept('media', '2'),
    { does: 'pass', ms: 3_000 },
    { does: 'retry', pick: 1 },
  ],
];

export const incidents = scripts.map((script): [Paces, Happening[]] => [paces, [...script]]);

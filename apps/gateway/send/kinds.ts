/** All kinds of things that can be sent. A new one is a file in this folder, its test, and a line here. */
import { z } from 'zod';
import { Problem } from '../../kit/errors.ts';
import { refuseSpareParts } from '../media/prepare.ts';
import type { FormattedText } from '../model/formatted-text.ts';
import type { Outgoing, SendMethod } from '../model/account.ts';
import type { MessageContent, StoredMessage } from '../model/message.ts';
import { album } from './album.ts';
import { outgoingFile } from './file.ts';
import type { Asked, GatewayName, Kind, Reading } from './kind.ts';
import { location } from './location.ts';
import { media } from './media.ts';
import { text } from './text.ts';

/** The last one of a gateway is what a request asks for that has the field of no other. */
const kinds: readonly Kind[] = [location, album, media, text];

const ofGateway = { text: kindsOf('text'), media: kindsOf('media') };

/** The fields that a gateway takes for what it sends. */
export const fieldsOf = {
  text: allFields(ofGateway.text),
  media: allFields(ofGateway.media),
};

function kindsOf(gateway: GatewayName): readonly Kind[] {
  return kinds.filter(({ gateways }) => gateways.includes(gateway));
}

function allFields(kinds: readonly Kind[]): z.ZodRawShape {
  return Object.assign({}, ...kinds.toReversed().map(({ fields }) => fields)) as z.ZodRawShape;
}

/** The RPC methods that a gateway sends with; `main`, those of what no other gateway sends. */
export function sendMethodsOf(gateway: GatewayName): {
  all: readonly SendMethod[];
  main: readonly SendMethod[];
} {
  const main = ofGateway[gateway].filter(({ gateways }) => gateways.length === 1);
  const methods = (kinds: readonly Kind[]) => [...new Set(kinds.map(({ method }) => method))];
  return { all: methods(ofGateway[gateway]), main: methods(main) };
}

/** What checked fields ask for. @throws Problem bad_request; what the kind does */
export function askedOf(
  gateway: GatewayName,
  fields: Readonly<Record<string, unknown>>,
  reading: Reading,
): Asked {
  const possible = ofGateway[gateway];
  const asked = possible.find(({ name }) => fields[name] !== undefined) ?? possible.at(-1)!;
  for (const [name, schema] of Object.entries(fieldsOf[gateway])) {
    if (Object.hasOwn(asked.fields, name) || fields[name] === undefined) continue;
    if (fields[name] === z.safeParse(schema, undefined).data) continue; // Its default.
    throw new Problem('bad_request', `${name} stands beside ${asked.name}: ${asked.beside}`);
  }
  const read = asked.read(fields, reading);
  refuseSpareParts(read.files, reading.arrived);
  return read;
}

/** The kind of what the outbox keeps. @throws Error for one of a later version */
function kindOf(content: MessageContent): Kind {
  const found = kinds.find(({ isOf }) => isOf(content));
  if (!found) throw new Error(`a message of no known kind: ${Object.keys(content).join(', ')}`);
  return found;
}

/** The RPC method a message is sent with, which is what a flood wait for it is announced for. */
export function methodOf({ content }: Pick<StoredMessage, 'content'>): SendMethod {
  return kindOf(content).method;
}

/** How many messages Telegram makes of it. */
export function countOf(content: MessageContent): number {
  const { media = [] } = content;
  return media.length || kindOf(content).calls(content).length;
}

/** Everything a message says. */
export function textsOf(content: MessageContent): FormattedText[] {
  return kindOf(content)
    .calls(content)
    .flatMap(({ text, laterTexts = [] }) => [text, ...laterTexts]);
}

/** The calls that send a message, one after another; `pathOf` says where a spooled file is. */
export function outgoingOf(
  { content, randomIds }: Pick<StoredMessage, 'content' | 'randomIds'>,
  pathOf: (spooled: string) => string,
): Outgoing[] {
  const { method, calls } = kindOf(content);
  const { options, media = [] } = content;
  const files = media.map(({ spooled, thumbnail, ...medium }) =>
    outgoingFile(medium, pathOf(spooled), thumbnail && { ...thumbnail, file: pathOf(thumbnail.spooled) }),
  );
  return calls(content).map((call, index, { length }) => ({
    method,
    ...call,
    files,
    options,
    randomIds: length > 1 ? [randomIds[index]!] : randomIds,
  }));
}

/**
 * TDLib through the sandbox's MTProxy: for each secret it signs in and sends a text and a file, and prints a line with what
 * came of it. A process of its own, in a network namespace in which nothing but the proxy can be reached.
 */
import { join } from 'node:path';
import { loadTdlib, TdClient } from './td-client.ts';

/** From the test, as its only argument. */
export interface TdProxyOptions {
  readonly packages: string;
  readonly library: string;
  readonly logFile: string;
  /** An empty folder. */
  readonly folder: string;
  readonly photo: string;
  /** The control endpoints. */
  readonly url: string;
  readonly port: number;
  readonly secrets: Readonly<Record<string, string>>;
  readonly phone: string;
}

const options = JSON.parse(process.argv[2]!) as TdProxyOptions;
const { port, secrets, photo, phone, url } = options;
const chat_id = -1003833950795;
const tdl = loadTdlib(options.packages, options.library, options.logFile);

for (const [name, secret] of Object.entries(secrets)) {
  const client = await TdClient.open(tdl, join(options.folder, name));
  const proxy = { _: 'proxy', server: '127.0.0.1', port, type: { _: 'proxyTypeMtproto', secret } };
  await client.invoke({ _: 'addProxy', proxy, enable: true, comment: '' });
  const outcome = await use(client, name).then(
    () => 'sent',
    (error: Error) => error.message,
  );
  process.stdout.write(`${JSON.stringify({ name, outcome })}\n`);
  await client.close();
}

async function use(client: TdClient, name: string): Promise<void> {
  await client.invoke({ _: 'setAuthenticationPhoneNumber', phone_number: `+${phone}` });
  await client.authorization('authorizationStateWaitCode');
  const codes = (await (await fetch(`${url}/codes`)).json()) as { phone: string; code: string }[];
  const { code } = codes.findLast((sent) => sent.phone === phone)!;
  await client.invoke({ _: 'checkAuthenticationCode', code });
  await client.authorization('authorizationStateReady');
  await client.invoke({ _: 'loadChats', chat_list: { _: 'chatListMain' }, limit: 50 });
  const text = { _: 'inputMessageText', text: { _: 'formattedText', text: name } };
  await client.sent({ _: 'sendMessage', chat_id, input_message_content: text });
  const document = { _: 'inputDocument', document: { _: 'inputFileLocal', path: photo } };
  const file = { _: 'inputMessageDocument', document };
  await client.sent({ _: 'sendMessage', chat_id, input_message_content: file });
}

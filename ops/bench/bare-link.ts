/** The bare client library, connected to the sandbox with a key of its own: what the gateways are measured against. */
import { readFileSync } from 'node:fs';
import { AuthKey } from 'telegram/crypto/AuthKey.js';
import { Logger, LogLevel } from 'telegram/extensions/Logger.js';
import { PromisedNetSockets } from 'telegram/extensions/PromisedNetSockets.js';
import { ConnectionTCPAbridged } from 'telegram/network/connection/TCPAbridged.js';
import { MTProtoSender } from 'telegram/network/MTProtoSender.js';
import type { TelegramClient } from 'telegram/client/TelegramClient.js';
import { trustServerKey } from '../../apps/gateway/telegram/library/server-key.ts';

/** Connects to the server at `port` of this machine, whose public key is in `keyFile`. */
export async function connectBare(port: number, keyFile: string): Promise<MTProtoSender> {
  trustServerKey(readFileSync(keyFile, 'utf8'));
  const log = new Logger(LogLevel.NONE);
  const introduction = {
    deviceModel: 'bench',
    systemVersion: '',
    appVersion: '',
    langCode: 'en',
    langPack: '',
  };
  const client = { apiId: 1, _initRequest: { ...introduction, systemLangCode: 'en' }, _lastReceivedAt: 0 };
  const sender = new MTProtoSender(new AuthKey(), {
    ...MTProtoSender.DEFAULT_OPTIONS,
    logger: log,
    dcId: 2,
    client: client as unknown as TelegramClient,
    isMainSender: true,
    autoReconnect: false,
    retries: 1,
    connectTimeout: 10,
  });
  const connection = new ConnectionTCPAbridged({
    ip: '127.0.0.1',
    port,
    dcId: 2,
    loggers: log,
    socket: PromisedNetSockets,
    testServers: false,
  });
  await sender.connect(connection, false);
  return sender;
}

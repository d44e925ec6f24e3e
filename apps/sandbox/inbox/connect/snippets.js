/** How libraries are pointed at a sandbox. `{host}`, `{port}` and `{dc}` are filled in. */

/** @type {{name: string, code: string}[]} */
export const allSnippets = [
  {
    name: 'Telethon',
    code: `from telethon import TelegramClient
from telethon.crypto import rsa
from telethon.sessions import MemorySession

rsa.add_key(open('public-key.pem').read(), old=False)
session = MemorySession()
session.set_dc({dc}, '{host}', {port})

client = TelegramClient(session, 1, 'sandbox')
await client.connect()
await client.send_message('vestnik_demo', 'Hello')`,
  },
  {
    name: 'mtcute',
    code: `import { readFileSync } from 'node:fs'
import { MemoryStorage, TelegramClient } from '@mtcute/node'
import { addPublicKey, NodeCryptoProvider } from '@mtcute/node/utils.js'

const crypto = new NodeCryptoProvider()
await crypto.initialize()
addPublicKey(crypto, readFileSync('public-key.pem', 'utf8'))

const main = { id: {dc}, ipAddress: '{host}', port: {port} }
const tg = new TelegramClient({
  apiId: 1, apiHash: 'sandbox', storage: new MemoryStorage(),
  defaultDcs: { main, media: { ...main, mediaOnly: true } },
})
await tg.connect()
await tg.sendText('vestnik_demo', 'Hello')`,
  },
  {
    name: 'teleproto',
    code: `import { createPublicKey } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { TelegramClient } from 'telegram'
import { _serverKeys } from 'telegram/crypto/RSA.js'
import { returnBigInt } from 'telegram/Helpers.js'
import { MemorySession } from 'telegram/sessions/index.js'

const jwk = createPublicKey(readFileSync('public-key.pem')).export({ format: 'jwk' })
const n = BigInt('0x' + Buffer.from(jwk.n, 'base64url').toString('hex'))
_serverKeys.set('{fingerprint}', { n: returnBigInt(n), e: 65537 })

const session = new MemorySession()
session.setDC({dc}, '{host}', {port})
const client = new TelegramClient(session, 1, 'sandbox', {})
await client.connect()
await client.sendMessage('vestnik_demo', { message: 'Hello' })`,
  },
];

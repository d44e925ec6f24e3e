/** What the control side shows of the sandbox: report and world as JSON values. */
import type { Account } from '../world/accounts.ts';
import type { Delivery } from '../world/deliveries.ts';
import type { SandboxState } from '../world/state.ts';
import type { TlObject } from '../tl/values.ts';
import { cardView } from './cards.ts';

/** GET /report, with ids as strings. */
export function reportView({ report, deliveries }: SandboxState) {
  return {
    rpc: Object.fromEntries(report.rpc),
    errors: Object.fromEntries(report.errors),
    missing_methods: Object.fromEntries(report.missingMethods),
    delivered: deliveries.all().map((delivery) => ({
      account: delivery.account,
      chat_id: delivery.chatId,
      message_id: String(delivery.messageId),
      random_id: delivery.randomId,
      at: new Date(delivery.at).toISOString(),
      text: delivery.sentText ?? delivery.text,
      link_preview: delivery.noWebpage ? false : undefined,
      media: delivery.media
        ? mediaOfReport(delivery.media)
        : delivery.special && cardOfReport(delivery.special),
    })),
    delivered_total: deliveries.total,
    duplicates: deliveries.repeated,
    flood_violations: report.floodViolations,
    violations: report.violations.map(({ at, account, method, chatId, earlyMs }) => ({
      at: new Date(at).toISOString(),
      account,
      method,
      chat_id: chatId,
      early_ms: earlyMs,
    })),
    connections: report.connections().map(({ account = null, at, count }) => ({
      account,
      at: new Date(at).toISOString(),
      count,
    })),
  };
}

function mediaOfReport({ kind, name, size, sha256 }: NonNullable<Delivery['media']>) {
  return { kind, name, size, sha256 };
}

/** Media that is no file has the same fields, and what it holds. */
function cardOfReport(special: TlObject) {
  const { kind, title = '', poll, latitude, longitude, accuracy_m } = cardView(special);
  return { kind, name: title, size: 0, sha256: '', poll, latitude, longitude, accuracy_m };
}

/** GET /world. */
export function worldView({ world }: Account) {
  return {
    ...world.definition,
    chats: [...world.chats.values()].map(({ id, kind, title, inDialogs, banned, username }) => ({
      chat_id: id,
      kind,
      title,
      username,
      in_dialogs: inDialogs,
      banned,
    })),
  };
}

/** What stands below the cards: the panels and their keys. Loaded behind the rest, so that the cards need not wait for it. */
import { createAudit } from './audit.js';
import { createDiagnostics } from './diagnostics/diagnostics.js';
import { byId } from '../apps/ui/elements.js';
import { createErrors } from './errors/errors.js';
import { createHealth } from './health/health.js';
import { listenForKeys } from './keys.js';
import { createMessages } from './messages/messages.js';
import { createTabs } from './tabs.js';

/** @import { PageState } from './main.js' */
/** @import { createChecks } from './health/checks.js' */
/** @import { createNotices } from './health/notices.js' */

/**
 * @param {object} page
 * @param {ReturnType<typeof createChecks>} page.checks
 * @param {ReturnType<typeof createNotices>} page.notices
 * @param {() => void} page.onOpen a panel was opened that wants to be brought up to date
 * @returns {{ update: (state: PageState) => void }}
 */
export function createPanels({ checks, notices, onOpen }) {
  const diagnostics = createDiagnostics();
  const tabs = createTabs(
    byId('tabs'),
    byId('panels'),
    [
      { name: 'errors', word: 'tab.errors', create: createErrors },
      { name: 'health', word: 'tab.health', create: () => createHealth(checks, notices) },
      { name: 'diagnostics', word: 'tab.diagnostics', create: () => diagnostics },
      { name: 'messages', word: 'tab.messages', create: createMessages },
      { name: 'audit', word: 'tab.audit', create: createAudit },
    ],
    () => queueMicrotask(onOpen),
  );
  listenForKeys({
    '/': () => tabs.current().search?.(),
    r: () => tabs.current().refresh?.(),
    d: () => {
      tabs.open('diagnostics');
      void diagnostics.run();
    },
    1: () => tabs.open('errors'),
    2: () => tabs.open('health'),
    3: () => tabs.open('diagnostics'),
    4: () => tabs.open('messages'),
    5: () => tabs.open('audit'),
  });
  return { update: (state) => tabs.current().update(state) };
}

/** Which way the house depends on itself. Tests are left out: they start whatever they need. */

const onlyInTests = '(\\.test\\.ts$|/testing/|/bench/)';

/** @type {(name: string, from: string, to: string, comment: string, fromNot?: string) => object} */
const forbid = (name, from, to, comment, pathNot) => ({
  ...{ name, comment, severity: 'error' },
  from: pathNot ? { path: from, pathNot } : { path: from },
  to: { path: to },
});

/** What an app may import beside itself. @type {(app: string, allowed: string) => object} */
const only = (app, allowed) => ({
  name: `${app}-imports`,
  comment: `${app} imports itself and ${allowed}.`,
  severity: 'error',
  from: { path: `^${app}/` },
  to: { path: '^(apps|dashboard|ops)/', pathNot: `^(${app}|${allowed})(/|$)` },
});

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    { name: 'no-circle-of-files', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'no-circle-of-folders',
      severity: 'error',
      scope: 'folder',
      from: { path: '^apps/' },
      to: { circular: true },
    },
    only('apps/kit', 'apps/kit'),
    only('apps/gateway', 'apps/kit'),
    only('apps/send-(text|media)', 'apps/gateway|apps/kit'),
    only('apps/monitor', 'apps/kit|dashboard'),
    only('apps/launcher', 'apps/kit'),
    only('apps/sandbox', 'apps/kit|apps/ui'),
    only('apps/account', 'apps/gateway|apps/kit'),
    only('apps/backup', 'apps/gateway|apps/kit'),
    only('apps/check-setup', 'apps/(account|gateway|kit|monitor)'),
    only('apps/scenario', 'apps/kit|apps/launcher/child.ts|apps/sandbox'),
    only('apps/testkit', 'apps/(kit|gateway|sandbox|send-text|send-media)'),
    only('dashboard', 'apps/ui|apps/kit/vocabulary'),
    only('apps/ui', 'apps/ui'),
    only('ops/cutover', 'apps/(account|gateway|kit)|apps/monitor/diagnostics/clock-offset.ts'),
    forbid(
      'library-in-its-room',
      '^(apps|ops)/',
      '^node_modules/telegram/',
      'Only apps/gateway/telegram and verify-account speak to the client library; the sandbox reads its schema.',
      '^apps/(gateway/telegram|account/verify|sandbox/tl|testkit)/',
    ),
    forbid(
      'database-in-its-room',
      '^apps/gateway/',
      '^(node:)?sqlite$',
      'Only apps/gateway/storage knows the database.',
      '^apps/gateway/storage/',
    ),
    forbid(
      'sqlite-behind-its-ports',
      '^apps/gateway/',
      '^apps/gateway/storage/sqlite/',
      'The gateway knows the ports of storage/ledger.ts and storage/tables.ts; storage.ts opens what stands behind them.',
      '^apps/gateway/(storage/|storage\\.ts$|settings\\.ts$)',
    ),
    forbid(
      'testkit-in-tests',
      '^apps/',
      '^apps/testkit/',
      'apps/testkit is for tests and benchmarks.',
      '^apps/testkit/',
    ),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: onlyInTests },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { extensions: ['.ts', '.js', '.json'] },
  },
};

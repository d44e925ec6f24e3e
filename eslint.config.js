import js from '@eslint/js';
import globals from 'globals';
import tseslint from 'typescript-eslint';

/** Tests and benchmarks, and what only they are made of. */
const tests = ['**/*.test.ts', '**/testing/**', '**/bench/**', 'apps/testkit/**'];
const onlyInTests = {
  regex: '/testkit/',
  message: 'apps/testkit is for tests alone.',
};

/** Which imports would break the one direction in which the house depends on itself. */
const forbid = (files, patterns, ignores = []) => [
  { files, ignores, rules: { 'no-restricted-imports': ['error', { patterns }] } },
  {
    files,
    ignores: [...ignores, ...tests],
    rules: { 'no-restricted-imports': ['error', { patterns: [...patterns, onlyInTests] }] },
  },
];
const telegramOnlyInItsRoom = {
  regex: '^telegram(/|$)',
  message: 'Only apps/gateway/telegram speaks to the client library.',
};
const databaseOnlyInItsRoom = {
  regex: '^node:sqlite$',
  message: 'Only storage/sqlite knows the database.',
};
const notTheGateway = {
  regex: '/(gateway|send-text|send-media|sandbox|launcher)/',
  message: 'The monitor builds on apps/kit alone.',
};
const onlyProcesses = {
  regex: '/(gateway|send-text|send-media|monitor)/',
  message: 'A scenario knows the services as processes, over HTTP.',
};
const notTheJudged = {
  regex: '\\.\\./(\\.\\./)*(gateway|monitor|send-text|send-media|launcher)/',
  message: 'The sandbox builds on apps/kit, and knows nothing of those it judges.',
};
const onlyWhatItStarts = {
  regex: '/(monitor|launcher|account|backup|scenario|ops)/',
  message: 'The testkit starts sandboxes and gateways, and builds on apps/kit.',
};

export default tseslint.config(
  { ignores: ['node_modules/', 'data/', 'coverage/', 'screenshots/'] },
  js.configs.recommended,
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.recommendedTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      '@typescript-eslint/restrict-template-expressions': 'off',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      eqeqeq: ['error', 'always', { null: 'ignore' }],
    },
  },
  {
    // expect.any() and friends are typed any; a method of a test's own helper needs no `this`.
    files: ['**/*.test.ts', '**/testing/*.ts', 'apps/testkit/*.ts'],
    rules: {
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/unbound-method': 'off',
    },
  },
  { files: ['*.js', '*.ts', 'ops/**/*.js'], languageOptions: { globals: globals.node } },
  {
    files: ['dashboard/**/*.js', 'apps/sandbox/inbox/**/*.js'],
    languageOptions: { globals: globals.browser },
    rules: { eqeqeq: ['error', 'always', { null: 'ignore' }] },
  },
  forbid(['apps/**/*.ts', 'ops/cutover/**/*.ts'], []),
  forbid(['apps/testkit/**/*.ts'], [onlyWhatItStarts]),
  forbid(
    ['apps/gateway/**/*.ts', 'apps/send-text/**/*.ts', 'apps/send-media/**/*.ts'],
    [telegramOnlyInItsRoom, databaseOnlyInItsRoom],
    ['apps/gateway/telegram/**', 'apps/gateway/storage/**', '**/*.test.ts'],
  ),
  forbid(['apps/gateway/storage/**/*.ts'], [telegramOnlyInItsRoom]),
  forbid(['apps/kit/**/*.ts'], [telegramOnlyInItsRoom, notTheGateway]),
  forbid(['apps/monitor/**/*.ts'], [telegramOnlyInItsRoom, notTheGateway], ['**/*.test.ts']),
  forbid(['apps/scenario/**/*.ts'], [telegramOnlyInItsRoom, databaseOnlyInItsRoom, onlyProcesses]),
  forbid(['apps/sandbox/**/*.ts'], [notTheJudged]),
);

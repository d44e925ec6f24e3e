import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { gatewaySettings } from '../apps/gateway/settings.ts';
import type { Setting } from '../apps/kit/config.ts';
import { monitorSettings } from '../apps/monitor/settings.ts';

const example = readFileSync(join(import.meta.dirname, '../.env.example'), 'utf8');
const shown = new Map(
  [...example.matchAll(/^# ([A-Z][A-Z_]+)=(.*)$/gm)].map(([, name, value]) => [name!, value!] as const),
);

/** The settings whose names in .env.example carry the prefix of their process, as both gateways have them. */
const prefixed: Readonly<Record<string, string>> = { PORT: 'SEND_TEXT_PORT' };

describe.each([
  ['a gateway', gatewaySettings(5022)],
  ['the monitor', monitorSettings],
])('.env.example', (process, settings: Record<string, Setting<unknown>>) => {
  it.each(Object.entries(settings))(`has %s of ${process} with its default`, (name, { fallback }) => {
    const value = Array.isArray(fallback)
      ? fallback.join(',')
      : (fallback as string | number | boolean | undefined);
    if (name === 'SERVICES')
      return expect(monitorSettings.SERVICES.parse(shown.get(name)!.slice(1, -1))).toEqual(fallback);
    expect(shown.get(prefixed[name] ?? name)).toBe(`${value ?? ''}`);
  });
});

describe('.env.example', () => {
  it('sets nothing by itself', () => {
    expect(example.split('\n').filter((line) => line !== '' && !line.startsWith('#'))).toEqual([]);
  });
});

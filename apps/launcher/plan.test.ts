import { describe, expect, it } from 'vitest';
import { telegramIsConfigured } from './credentials.ts';
import { createPlan } from './plan.ts';
import { checkPorts } from './ports.ts';

const plan = (env: Record<string, string>) => createPlan(env, new URL('file:///apps/'), '/socket');

describe('the plan', () => {
  it.each([
    'TELEGRAM_API_ID',
    'TELEGRAM_API_HASH',
    'TELEGRAM_API_HASH_FILE',
    'SEND_TEXT_TELEGRAM_API_ID',
    'SEND_MEDIA_TELEGRAM_SESSION_FILE',
    'TELEGRAM_DC',
  ])('takes Telegram as configured by %s alone', (name) => {
    expect(telegramIsConfigured({ [name]: 'x' })).toBe(true);
    expect(plan({ [name]: 'x' }).services.map((service) => service.name)).not.toContain('sandbox');
  });

  it('takes an empty setting as not there', () => {
    expect(telegramIsConfigured({ TELEGRAM_API_ID: '' })).toBe(false);
  });

  it('starts the gateways after the sandbox, on a data folder that was chosen', () => {
    const { services } = plan({ DATA_DIR: '/var/lib/vestnik' });
    const media = services.find((service) => service.name === 'send-media')!;
    expect(media.after).toEqual(['sandbox']);
    expect(media.env.DATA_DIR).toBe('/var/lib/vestnik');
    expect(media.env.TELEGRAM_DC_PUBLIC_KEY_FILE).toBe('/var/lib/vestnik/sandbox/public-key.pem');
  });

  it('tells the monitor where the gateways are', () => {
    const { services } = plan({ SEND_TEXT_PORT: '6022', SEND_MEDIA_HOST: '0.0.0.0' });
    const monitor = services.find((service) => service.name === 'monitor')!;
    expect(JSON.parse(monitor.env.SERVICES!)).toEqual([
      { name: 'send-text', label: 'text', url: 'http://127.0.0.1:6022' },
      { name: 'send-media', label: 'media', url: 'http://127.0.0.1:5023' },
    ]);
  });

  it.each(['SERVICES', 'SERVICES_FILE'])('leaves the list of services to %s where it is set', (setting) => {
    const monitor = plan({ [setting]: 'mine' }).services.find(({ name }) => name === 'monitor')!;
    expect(monitor.env.SERVICES).toBeUndefined();
  });

  it('keeps what was compiled with the data, unless told where', () => {
    const caches = (env: Record<string, string>) =>
      new Set(plan(env).services.map((service) => service.env.NODE_COMPILE_CACHE));
    expect(caches({ DATA_DIR: '/var/lib/vestnik' })).toEqual(new Set(['/var/lib/vestnik/compiled']));
    expect(caches({ NODE_COMPILE_CACHE: '/cache' })).toEqual(new Set(['/cache']));
  });

  it('names the ports of the other data centres and of the proxy where they are set', () => {
    const listens = (env: Record<string, string>) =>
      plan(env)
        .services.find(({ name }) => name === 'sandbox')!
        .listens.map(({ port, setting }) => `${setting}=${port}`);
    const open = ['SANDBOX_PORT=4430', 'SANDBOX_HTTP_PORT=4431'];
    expect(listens({})).toEqual(open);
    const named = ['SANDBOX_PORT=4430', 'SANDBOX_DC1_PORT=15435', 'SANDBOX_HTTP_PORT=4431'];
    expect(listens({ SANDBOX_DC1_PORT: '15435' })).toEqual(named);
    expect(listens({ SANDBOX_PROXY_PORT: '15434' })).toContain('SANDBOX_PROXY_PORT=15434');
  });

  it('refuses one port for two services', async () => {
    const { services } = plan({ PORT: '15022', TELEGRAM_API_ID: '1' });
    const addresses = services.flatMap(({ listens }) => listens);
    await expect(checkPorts(addresses)).rejects.toThrow(
      'port 15022 is set twice: by SEND_TEXT_PORT and SEND_MEDIA_PORT',
    );
  });
});

/** What stands in the monitor's way, on the page: each with its reason in both languages, and all else goes on. */
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { describeDashboard, says } from './testing/dashboard-suite.ts';

/** First on PATH before the monitor looks at it: a test puts its systemctl and journalctl there. */
const bin = await vi.hoisted(async () => {
  const { mkdtempSync } = await import('node:fs');
  const { tmpdir: folder } = await import('node:os');
  const dir = mkdtempSync(`${folder()}/vestnik-troubles-bin-`);
  process.env.PATH = `${dir}:${process.env.PATH}`;
  return dir;
});

const unit = 'vestnik-send-text.service';
const active = 'LoadState=loaded\nActiveState=active\nSubState=running\nNRestarts=0\n';

describeDashboard('the page in trouble', {}, (dashboard) => {
  let dir: string;
  let docker: Server | undefined;
  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'vestnik-troubles-'));
    await mkdir(bin, { recursive: true });
    await program('systemctl', `printf '${active.replaceAll('\n', '\\n')}'`);
    await program('journalctl', 'exec sleep 60');
  });
  afterEach(async () => {
    await new Promise<void>((resolve) => (docker ? docker.close(() => resolve()) : resolve()));
    docker = undefined;
    await Promise.all([dir, bin].map((path) => rm(path, { recursive: true })));
  });

  /** What a name on PATH does, by a script of the shell. */
  async function program(name: string, script: string): Promise<void> {
    await writeFile(join(bin, name), `#!/bin/sh\n${script}\n`);
    await chmod(join(bin, name), 0o755);
  }

  /** An engine, or what stands before it, that answers everything so; its address for DOCKER_HOST. */
  async function answering(status: number, body: string): Promise<string> {
    docker = createServer((_, response) => response.writeHead(status, { connection: 'close' }).end(body));
    const path = join(dir, 'docker.sock');
    await new Promise<void>((resolve) => docker!.listen(path, resolve));
    return `unix://${path}`;
  }

  /** The monitor again, with the services under another supervisor. */
  async function under(settings: Record<string, string>): Promise<void> {
    const { stand } = dashboard;
    const services = (['text', 'media'] as const).map((label) => ({
      name: `send-${label}`,
      label,
      url: stand[label].url,
      unit: `vestnik-send-${label}.service`,
      container: `vestnik-send-${label}-1`,
    }));
    await stand.stopMonitor();
    await stand.startMonitor({ SERVICES: JSON.stringify(services), ...settings });
  }

  /** The page says both, and shows all that the service itself tells. */
  async function expectBoth(where: string, russian: string, english: string): Promise<void> {
    const page = await dashboard.open();
    await says(page, where, russian);
    await expectTheRest(page);
    await page.locator('[data-language=en]').click();
    await says(page, where, english);
  }

  async function expectTheRest(page: Page): Promise<void> {
    const shown = await page.locator('[data-service=send-text]').innerText();
    for (const words of ['работает', '148 МБ', 'flood_wait 3']) expect(shown).toContain(words);
  }

  const outcome = '[data-service=send-text] .outcome';

  it('says that the socket of Docker is not there', async () => {
    const path = join(dir, 'none.sock');
    await under({ SUPERVISOR: 'docker', DOCKER_HOST: `unix://${path}` });
    await expectBoth(
      outcome,
      `Docker не отвечает: сокета ${path} нет`,
      `Docker does not answer: there is no socket ${path}`,
    );
  });

  it('says that the proxy before Docker is gone', async () => {
    await under({ SUPERVISOR: 'docker', DOCKER_HOST: 'tcp://127.0.0.1:1' });
    await expectBoth(outcome, 'на 127.0.0.1:1 никто не слушает', 'nothing listens at 127.0.0.1:1');
  });

  it('says that the proxy does not reach Docker, and nothing of the page that it answers with', async () => {
    const DOCKER_HOST = await answering(503, '<html><h1>503 Service Unavailable</h1></html>');
    await under({ SUPERVISOR: 'docker', DOCKER_HOST });
    await expectBoth(
      outcome,
      'Docker не отвечает: прокси перед ним не может до него достучаться (503)',
      'Docker does not answer: the proxy before it does not reach it (503)',
    );
  });

  it('says that the proxy keeps a container from it', async () => {
    const DOCKER_HOST = await answering(403, '<html>403</html>');
    await under({ SUPERVISOR: 'docker', DOCKER_HOST });
    await expectBoth(
      outcome,
      'прокси перед Docker не пропускает запросы о vestnik-send-text-1: его нет в списке',
      'Docker may not be asked that of vestnik-send-text-1: the proxy before it has it on no list',
    );
  });

  it('says that a container has gone by its name', async () => {
    const DOCKER_HOST = await answering(404, '{"message":"No such container"}');
    await under({ SUPERVISOR: 'docker', DOCKER_HOST });
    await expectBoth(
      outcome,
      'у Docker нет контейнера vestnik-send-text-1',
      'Docker has no container named vestnik-send-text-1',
    );
  });

  it('says that a unit is missing', async () => {
    await program('systemctl', "printf 'LoadState=not-found\\nActiveState=inactive\\n'");
    await under({ SUPERVISOR: 'systemd' });
    await expectBoth(outcome, `у systemd нет юнита ${unit}`, `systemd has no unit named ${unit}`);
  });

  it('says that systemctl hangs', async () => {
    await program('systemctl', 'exec sleep 60');
    await under({ SUPERVISOR: 'systemd' });
    await expectBoth(outcome, 'systemctl не ответил за', 'systemctl gave no answer in');
  });

  it('says that the journal cannot be read, above the lines that are known', async () => {
    const hint = 'Hint: You are currently not seeing messages from other users and the system.';
    await program('journalctl', `echo '${hint}' >&2; exec sleep 60`);
    await under({ SUPERVISOR: 'systemd' });
    await expectBoth(
      '.errors',
      'Новые строки не поступают (text, media): пользователю монитора нельзя читать журнал',
      "New lines of text, media do not come in: the journal may not be read by the monitor's user",
    );
  });

  it('says that some metrics cannot be read, and shows the others', async () => {
    dashboard.stand.text.metrics += 'telegram_gateway_queue_depth{ twelve\n';
    const line = dashboard.stand.text.metrics.trimEnd().split('\n').length;
    await expectBoth(
      '[data-service=send-text] .reason',
      `/metrics читается не полностью: строка ${line} не в текстовом формате Prometheus`,
      `/metrics: line ${line} is not in the text format of Prometheus`,
    );
  });

  it('says that there is nothing of metrics where another page is in their place', async () => {
    dashboard.stand.text.metrics = '<html>It works!</html>';
    const page = await dashboard.open();
    await says(page, '[data-service=send-text] .reason', 'не предоставляет: /metrics');
    expect(await page.locator('[data-service=send-text]').innerText()).toContain('12');
  });
});

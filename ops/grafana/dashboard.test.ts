/** The dashboard's file, as far as it can be judged without Grafana. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { queriesOf, readDashboard, variableQueries, type Panel } from './dashboard.ts';

const here = import.meta.dirname;
const dashboard = readDashboard();
const panels = dashboard.panels.filter(({ type }) => type !== 'row');
const named = panels.map((panel) => [panel.title, panel] as const);
const rules = readFileSync(join(here, '../prometheus/rules/recording.yml'), 'utf8');
const provisioned = (file: string) => readFileSync(join(here, 'provisioning', file, 'vestnik.yml'), 'utf8');

describe('the dashboard', () => {
  it('has an id of its own for each panel', () => {
    const ids = dashboard.panels.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('has a place of its own for each panel, within the width of 24', () => {
    const cells = new Map<string, string>();
    for (const { title, gridPos } of dashboard.panels) {
      expect(gridPos.x + gridPos.w, title).toBeLessThanOrEqual(24);
      for (const cell of cellsOf(gridPos)) {
        expect(cells.get(cell), `${title} lies over another`).toBeUndefined();
        cells.set(cell, title);
      }
    }
  });

  it.each(named)('tells at "%s" what is shown, in which unit, and asks for it', (_, panel) => {
    expect(['timeseries', 'stat']).toContain(panel.type);
    expect(panel.description).toMatch(/^[A-Z].+\.$/);
    expect(panel.fieldConfig?.defaults.unit).toBeTruthy();
    expect(panel.targets?.length).toBeGreaterThan(0);
    const refs = panel.targets!.map(({ refId }) => refId);
    expect(new Set(refs).size).toBe(refs.length);
    for (const { legendFormat } of panel.targets!) expect(legendFormat).toContain('{{');
  });

  it('has no title twice, and each in English and Russian', () => {
    const titles = dashboard.panels.map(({ title }) => title);
    expect(new Set(titles).size).toBe(titles.length);
    for (const title of titles) expect(title).toMatch(/^[A-Z].* · .*[А-Яа-яT]/);
  });

  it('asks the chosen Prometheus everywhere, which is at first the provisioned one', () => {
    const sources = [
      ...panels.map(({ datasource }) => datasource),
      ...panels.flatMap(({ targets = [] }) => targets.map(({ datasource }) => datasource)),
      ...dashboard.annotations.list.map(({ datasource }) => datasource),
      ...dashboard.templating.list.filter(({ type }) => type === 'query').map(({ datasource }) => datasource),
    ];
    for (const source of sources) expect(source).toEqual({ type: 'prometheus', uid: '${datasource}' });
    const chosen = dashboard.templating.list.find(({ type }) => type === 'datasource')!;
    expect(chosen).toMatchObject({ name: 'datasource', query: 'prometheus' });
    expect(provisioned('datasources')).toContain(`uid: ${(chosen.current as { value: string }).value}\n`);
  });

  it('lets services and accounts be chosen, and asks with no other variable', () => {
    expect(variableQueries(dashboard).map(({ label }) => label)).toEqual(['account', 'service']);
    for (const { expr } of queriesOf(dashboard, '10s')) expect(expr).not.toContain('$');
  });

  it('asks for no recorded series that no rule makes', () => {
    const asked = JSON.stringify(dashboard).match(/service:\w+:\w+/g)!;
    expect(asked.length).toBeGreaterThan(3);
    for (const name of new Set(asked)) expect(rules).toContain(`- record: ${name}\n`);
  });

  it('is found where the provider looks, by a datasource that scrapes as often as Prometheus says', () => {
    expect(provisioned('dashboards')).toContain('path: /etc/grafana/dashboards');
    const config = readFileSync(join(here, '../prometheus/prometheus.yml'), 'utf8');
    const [, interval] = /scrape_interval: (\w+)/.exec(config)!;
    expect(provisioned('datasources')).toContain(`timeInterval: ${interval} `);
  });
});

function* cellsOf({ x, y, w, h }: Panel['gridPos']): Generator<string> {
  for (let column = x; column < x + w; column++)
    for (let row = y; row < y + h; row++) yield `${column},${row}`;
}

/** The dashboard as its file has it, and what it asks of Prometheus. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export const dashboardFile = join(import.meta.dirname, 'dashboards/vestnik.json');

export interface Source {
  readonly type: string;
  readonly uid: string;
}

export interface Panel {
  readonly id: number;
  readonly type: string;
  readonly title: string;
  readonly description?: string;
  readonly datasource?: Source;
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  readonly fieldConfig?: { readonly defaults: { readonly unit?: string } };
  readonly targets?: readonly {
    readonly refId: string;
    readonly datasource: Source;
    readonly expr: string;
    readonly legendFormat: string;
  }[];
}

export interface Dashboard {
  readonly uid: string;
  readonly title: string;
  readonly panels: readonly Panel[];
  readonly templating: {
    readonly list: readonly {
      readonly name: string;
      readonly type: string;
      readonly query: string | { readonly query: string };
      readonly current: { readonly value: unknown };
      readonly datasource?: Source;
    }[];
  };
  readonly annotations: { readonly list: readonly { readonly datasource: Source; readonly expr: string }[] };
}

export function readDashboard(): Dashboard {
  return JSON.parse(readFileSync(dashboardFile, 'utf8')) as Dashboard;
}

/** A question of the dashboard, with the panel that asks it. */
export interface Query {
  readonly panel: string;
  readonly expr: string;
}

/** Every query, with all services and accounts chosen, and `interval` such as `10s` in place of Grafana's own. */
export function queriesOf(dashboard: Dashboard, interval: string): Query[] {
  const asked = [
    ...dashboard.panels.flatMap(({ title, targets = [] }) =>
      targets.map(({ expr }) => ({ panel: title, expr })),
    ),
    ...dashboard.annotations.list.map(({ expr }) => ({ panel: 'annotations', expr })),
  ];
  const values: Readonly<Record<string, string>> = {
    account: '.+',
    service: '.+',
    __rate_interval: interval,
    __range: interval,
  };
  const filled = (expr: string) =>
    expr.replaceAll(/\$(\w+)/g, (whole, name: string) => {
      const value = values[name];
      if (value === undefined) throw new Error(`the dashboard has no variable ${whole}`);
      return value;
    });
  return asked.map(({ panel, expr }) => ({ panel, expr: filled(expr) }));
}

/** What fills the lists of the variables: `label_values(selector, label)`. */
export function variableQueries({ templating }: Dashboard): { selector: string; label: string }[] {
  return templating.list
    .filter(({ type }) => type === 'query')
    .map(({ name, query }) => {
      const text = typeof query === 'string' ? query : query.query;
      const [, selector, label] = /^label_values\((.+), (\w+)\)$/.exec(text) ?? [];
      if (!selector || !label) throw new Error(`the variable ${name} asks ${text}`);
      return { selector: selector.replaceAll(/\$\w+/g, '.+'), label };
    });
}

import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { listScenarios, loadScenario, parseScenario } from './data-file.ts';
import { scaled, secondsOf } from './scale.ts';

const smallest = {
  title: 'small',
  world: { dialogs: 10 },
  phases: [{ name: 'only', seconds: 1, traffic: { per_second: 1 } }],
};
const problemsOf = (change: object) => () => parseScenario(JSON.stringify({ ...smallest, ...change }));

describe('the data files', () => {
  it('can all be read', () => {
    const files = readdirSync(join(import.meta.dirname, '../../ops/scenarios'));
    expect(listScenarios().map(({ name }) => `${name}.json`)).toEqual(files.sort());
  });

  it('that have another name are asked for in vain, and those there are get named', () => {
    expect(() => loadScenario('outrage')).toThrow(/no scenario outrage: there are .*outage-2026-02-20/);
    expect(() => loadScenario('no-such-file.json')).toThrow(/no-such-file\.json: ENOENT/);
  });
});

describe('a broken data file', () => {
  it('is told every problem with its place', () => {
    const phases = [{ name: 'Only', seconds: -1, traffic: {}, timeline: [{ do: 'cut' }], sed: 1 }];
    const problems = problemsOf({ phases });
    expect(problems).toThrow(/phases\.0\.name: takes a word/);
    expect(problems).toThrow(/phases\.0\.seconds: /);
    expect(problems).toThrow(/phases\.0\.traffic: takes either per_second or messages/);
    expect(problems).toThrow(/phases\.0\.timeline\.0: takes either at or every/);
    expect(problems).toThrow(/phases\.0: .*sed/);
  });

  it('may not expect what is not measured', () => {
    expect(problemsOf({ expect: { lots: 0, 'took_s.other': 1 } })).toThrow(
      /expect\.lots: is not measured; there are .*; expect\.took_s\.other: is not measured/,
    );
    expect(problemsOf({ expect: { lost: { about: 3 } } })).toThrow(
      /expect\.lost: takes a number, \{"at_most": n\}/,
    );
  });

  it('may not ask of the sandbox what that does not take', () => {
    const faults = [{ error: 'FLOOD_WAIT_1', chance: 0.5 }];
    expect(problemsOf({ begin: [{ do: 'faults', faults }] })).toThrow(
      /begin\.0\.faults\.faults\.0: .*chance/,
    );
    expect(problemsOf({ begin: [{ do: 'limits', limits: { account: {} } }] })).toThrow(
      /begin\.0\.limits\.account\.per_second/,
    );
    expect(problemsOf({ begin: [{ do: 'explode' }] })).toThrow(/begin\.0\.do: /);
  });
});

describe('a shorter form', () => {
  it('shrinks every duration and keeps every rate', () => {
    const outage = loadScenario('outage-2026-02-20');
    const short = scaled(outage, 0.1);
    expect(secondsOf(short)).toBeCloseTo(secondsOf(outage) / 10);
    expect(short.begin).toEqual([
      {
        do: 'limits',
        limits: { methods: { 'messages.getDialogs': { count: 2, per_seconds: 6, wait_seconds: 3 } } },
      },
    ]);
    expect(short.phases[0]!.traffic).toEqual(outage.phases[0]!.traffic);
    expect(short.phases[0]!.timeline[0]).toEqual({ do: 'cut', every: 2 });
  });
});

/** Reads the Prometheus text format, as far as a gateway writes it: names, labels, values. */
export interface Sample {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** Samples by the name of their metric. */
export type Samples = ReadonlyMap<string, readonly Sample[]>;

const line = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})?\s+(\S+)(?:\s+-?\d+)?$/;
const label = /([a-zA-Z_]\w*)="((?:[^"\\]|\\.)*)"/g;

/** The samples of an exposition; a line that is not one is passed over. */
export function parseSamples(text: string): Samples {
  const samples = new Map<string, Sample[]>();
  for (const raw of text.split('\n')) {
    const match = raw.startsWith('#') ? null : line.exec(raw.trim());
    if (!match) continue;
    const [, name, labels = '', value] = match;
    const list = samples.get(name!) ?? [];
    list.push({ labels: parseLabels(labels), value: parseValue(value!) });
    samples.set(name!, list);
  }
  return samples;
}

/** The number of the first line that is none of the format, from 1; null where each is one. */
export function firstBrokenLine(text: string): number | null {
  const index = text.split('\n').findIndex((raw) => {
    if (raw.startsWith('#') || raw.trim() === '') return false;
    const value = line.exec(raw.trim())?.[3];
    return value === undefined || (value !== 'NaN' && Number.isNaN(parseValue(value)));
  });
  return index === -1 ? null : index + 1;
}

/** The value of a metric without labels; null when it is not there or not a number. */
export function valueOf(samples: Samples | null, name: string): number | null {
  const value = samples?.get(name)?.[0]?.value;
  return value === undefined || Number.isNaN(value) ? null : value;
}

function parseLabels(text: string): Record<string, string> {
  const labels: Record<string, string> = {};
  for (const [, name, value] of text.matchAll(label)) {
    labels[name!] = value!.replace(/\\(.)/g, (_, escaped: string) => (escaped === 'n' ? '\n' : escaped));
  }
  return labels;
}

function parseValue(text: string): number {
  if (text === '+Inf') return Infinity;
  if (text === '-Inf') return -Infinity;
  return Number(text);
}

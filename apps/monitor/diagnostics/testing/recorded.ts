/** Recordings of logs as evidence, of a service that is well but for them. */
import { Assembler } from '../../logs/assembler.ts';
import { readEntry } from '../../logs/read-entry.ts';
import { findCauses } from '../causes.ts';
import type { ErrorLine, Evidence, ServiceEvidence } from '../evidence.ts';

export const now = Date.parse('2026-02-20T04:30:00Z');

/** What the monitor reads from a log whose lines came a second apart, the last of them `agoMs` ago. */
export function recorded(lines: readonly string[], agoMs = 1_000): ErrorLine[] {
  const assembler = new Assembler();
  const at = (n: number) => now - agoMs - (lines.length - n) * 1_000;
  const entries = lines.flatMap((text, n) =>
    assembler.push({ service: 'send-media', at: at(n), text, level: 'INFO', cursor: String(n) }),
  );
  return [...entries, ...assembler.flush()].flatMap((entry) => {
    const facts = readEntry(entry);
    return facts ? [{ ...facts, at: new Date(entry.at).toISOString() }] : [];
  });
}

/** A gateway of ours that is well. */
export const well: ServiceEvidence = {
  name: 'send-media',
  label: 'media',
  state: 'running',
  stateDetail: null,
  restarts: 0,
  port: { port: 5023, isListening: true, owner: null },
  answers: true,
  telegram: { ok: true, detail: 'Telegram answers' },
  authorized: { ok: true, detail: 'signed in' },
  accountState: null,
  cacheSize: 300,
  gates: [],
  lines: [],
};
/** An old service: it runs, and tells nothing but its lines. */
export const old: ServiceEvidence = {
  ...well,
  telegram: null,
  authorized: null,
  cacheSize: null,
  gates: null,
};

export const evidenceOf = (service: ServiceEvidence, more: Partial<Evidence> = {}): Evidence => ({
  now,
  services: [service],
  disk: { freeBytes: 50e9, totalBytes: 100e9 },
  clockOffsetMs: 300,
  ...more,
});
export const causes = (service: ServiceEvidence, more?: Partial<Evidence>) =>
  findCauses(evidenceOf(service, more)).map(({ id }) => id);

/**
 * What the monitor sends, for the type check alone; see the monitor's health/service-view.ts.
 *
 * @typedef {'running' | 'stopped' | 'restarting' | 'failed' | 'unknown'} State
 *
 * @typedef {object} Service
 * @property {string} name
 * @property {string} label
 * @property {number} port
 * @property {State} state
 * @property {string | null} since
 * @property {string | null} state_detail
 * @property {number | null} restarts
 * @property {number | null} uptime_s
 * @property {number | null} memory_bytes
 * @property {number | null} cpu_percent
 * @property {string | null} last_request_at
 * @property {string | null} last_sent_at
 * @property {number | null} cache_size
 * @property {Record<string, number> | null} errors_by_class
 * @property {boolean} answers
 * @property {{ status: string, reasons: string[] } | null} health
 * @property {{ depth: number, oldest_s: number | null, paused: boolean } | null} queue
 * @property {{ scope: string, until: string | null, seconds: number }[] | null} floods
 * @property {boolean | null} sandbox
 * @property {string | null} account
 * @property {{ available: boolean, reason: string | null }} control
 *
 * @typedef {object} Update One event of the stream.
 * @property {string} at
 * @property {Service[]} services
 * @property {string} inbox_url
 * @property {string} version
 *
 * @typedef {'start' | 'stop' | 'restart' | 'reload-cache' | 'pause' | 'resume'} Action
 *
 * @typedef {'ok' | 'warning' | 'error' | 'unknown'} Level
 */
export {};

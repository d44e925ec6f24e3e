/**
 * What the monitor sends, for the type check alone; see the monitor's health/service-view.ts, logs/log-line.ts,
 * health/check.ts, procedures/record.ts.
 *
 * @typedef {'running' | 'stopped' | 'restarting' | 'failed' | 'unknown'} State
 *
 * @typedef {object} Flood A gate that Telegram has closed.
 * @property {string} scope
 * @property {string | null} until
 * @property {number} seconds
 * @property {boolean} holds whether it holds back what this service sends
 *
 * @typedef {object} Alert
 * @property {string} since
 * @property {string} began_at
 * @property {string} reason
 * @property {string | null} [cause] as diagnostics name it
 * @property {number} misses
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
 * @property {string | null} [cache_warmed_at]
 * @property {Record<string, number> | null} errors_by_class
 * @property {Alert | null} alert
 * @property {{ action: 'start' | 'restart', at: string } | null} delayed
 * @property {boolean} answers
 * @property {string[]} faults what of its answers cannot be read
 * @property {string | null} unread_lines why its lines are not read now
 * @property {('/health' | '/stats' | '/metrics')[]} lacks what it does not have, though it answers
 * @property {{ status: string, reasons: string[] } | null} health
 * @property {{ depth: number, oldest_s: number | null, paused: boolean } | null} queue
 * @property {Flood[] | null} floods
 * @property {boolean | null} sandbox
 * @property {string | null} account
 * @property {string | null} account_state how the account stands with Telegram, as a gateway names it
 * @property {{ available: boolean, reason: string | null }} control
 * @property {boolean} watched_only whether it is never started and stopped from here
 *
 * @typedef {object} Update One event of the stream.
 * @property {string} at
 * @property {Service[]} services
 * @property {string | null} acted_at when the audit last had something added
 * @property {string} inbox_url
 * @property {string} version
 *
 * @typedef {object} PageState What every panel is brought up to date with.
 * @property {Service[]} services
 * @property {number} now milliseconds since the epoch by the monitor's clock
 * @property {boolean} isLost whether the monitor is out of reach
 * @property {string | null} actedAt when the audit last had something added
 *
 * @typedef {object} Panel
 * @property {HTMLElement} element
 * @property {(state: PageState) => void} update called every second and whenever something came in
 * @property {(isOpen: boolean) => void} [toggle] called when it comes into view and when it leaves it
 * @property {() => void} [refresh]
 * @property {() => void} [search] puts the cursor where one filters
 *
 * @typedef {object} LogLine
 * @property {number} seq
 * @property {string} at
 * @property {string} service
 * @property {'ERROR' | 'WARNING' | 'INFO'} level
 * @property {string} class
 * @property {string} group
 * @property {string} message
 * @property {string | null} id
 * @property {string | null} chat
 * @property {string | null} request_id
 *
 * @typedef {object} Check
 * @property {string} service
 * @property {string} at
 * @property {boolean} ok
 * @property {number | null} latency_ms
 * @property {string | null} status
 * @property {string | null} reason
 * @property {boolean} planned whether it was a miss because Clear flood wait keeps the service stopped
 *
 * @typedef {object} UsageSample
 * @property {string} service
 * @property {string} at
 * @property {number | null} memory_bytes
 * @property {number | null} cpu_percent
 *
 * @typedef {object} Message As a gateway answers it.
 * @property {string} id
 * @property {'queued' | 'sending' | 'sent' | 'scheduled' | 'failed' | 'expired' | 'cancelled'} status
 * @property {string} service added here
 * @property {number | string | null} chat_id
 * @property {number} attempts
 * @property {string} [class]
 * @property {string} [detail]
 * @property {string} [accepted_at]
 * @property {string | null} [not_before]
 * @property {{ code: string, values: Record<string, string | number>, text: string, since: string, until: string | null } | null} [reason] why it waits
 * @property {string[]} [notes]
 * @property {number} [date]
 * @property {number[]} [message_ids]
 * @property {string | null} [request_id]
 *
 * @typedef {'start' | 'stop' | 'restart' | 'reload-cache' | 'pause' | 'resume'} Action
 *
 * @typedef {'ok' | 'warning' | 'error' | 'unknown'} Level
 */
export {};

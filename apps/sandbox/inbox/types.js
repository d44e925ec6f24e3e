/**
 * What the sandbox answers, for the type check alone; see http/inbox-views.ts.
 *
 * @typedef {object} Chat
 * @property {string} chat_id
 * @property {'self' | 'user' | 'chat' | 'supergroup' | 'channel'} kind
 * @property {string} title
 * @property {string} [username]
 * @property {boolean} banned
 * @property {boolean} pinned
 * @property {boolean} archived
 * @property {number} members
 * @property {number} count messages since the last reset
 * @property {{at: number, text: string, media?: MediaKind | CardKind, own: boolean}} last
 *
 * @typedef {'contact' | 'geo' | 'venue' | 'dice' | 'webpage' | 'poll'} CardKind
 * @typedef {'photo' | 'document' | 'video' | 'audio' | 'voice' | 'video_note' | 'animation'} MediaKind
 *
 * @typedef {object} Media
 * @property {MediaKind} kind
 * @property {string} name
 * @property {string} mime_type
 * @property {number} size
 * @property {string} sha256
 * @property {number} [width]
 * @property {number} [height]
 * @property {number} [seconds]
 * @property {string} [performer]
 * @property {string} [title]
 * @property {number[]} [waveform] bars from 0 to 31
 * @property {boolean} [spoiler]
 * @property {string} [url] absent once the file made room
 * @property {string} [poster] the picture that was sent to stand for it
 *
 * @typedef {object} Entity
 * @property {string} type
 * @property {number} offset
 * @property {number} length
 * @property {string} [url]
 * @property {string} [language]
 * @property {boolean} [collapsed]
 * @property {string} [user_id]
 *
 * @typedef {{message_id: number, key?: string, from?: string, text?: string, media?: MediaKind | CardKind}} Reply
 *
 * @typedef {object} Message
 * @property {number} number
 * @property {string} account
 * @property {string} chat_id
 * @property {number} message_id
 * @property {number} at
 * @property {string} text
 * @property {Entity[]} [entities]
 * @property {boolean} silent
 * @property {Reply} [reply]
 * @property {string} [album]
 * @property {string} [topic]
 * @property {number} [scheduled_for]
 * @property {Media} [media]
 * @property {Card} [card]
 * @property {number} [edited_at]
 * @property {boolean} [deleted]
 * @property {string} key what names it in this page and in questions to the sandbox
 * @property {string} [from] who wrote it, where that is not the account
 *
 * @typedef {object} Card
 * @property {CardKind} kind
 * @property {string} [title]
 * @property {string | number} [text]
 * @property {string} [url]
 * @property {number} [latitude]
 * @property {number} [longitude]
 * @property {Poll} [poll]
 *
 * @typedef {object} Poll
 * @property {string} question
 * @property {Entity[]} entities
 * @property {{text: string, entities: Entity[], voters: number, correct: boolean}[]} answers
 * @property {boolean} quiz
 * @property {boolean} multiple
 * @property {boolean} public
 * @property {boolean} closed
 * @property {number} [closes_at]
 * @property {number} total_voters
 * @property {string} [solution]
 * @property {Entity[]} [solution_entities]
 *
 * @typedef {{number: number, at: number, method: string, chat_id?: string, text: string}} Line
 *
 * @typedef {object} Counters
 * @property {number} delivered
 * @property {number} duplicates
 * @property {number} calls
 * @property {number} errors
 * @property {number} flood_violations
 * @property {Record<string, number>} rpc
 * @property {Record<string, number>} errors_by_name
 * @property {number} faults
 * @property {number} limits
 * @property {number[]} rates
 * @property {Code[]} codes sign-in codes that still hold
 *
 * @typedef {{port: number, dc: number, fingerprint: string, data_centres: {id: number, port: number}[], proxy: {port: number, secrets: {plain: string, padded: string, tls: string}}}} Connect
 *
 * @typedef {object} Update One event of the stream.
 * @property {string} epoch
 * @property {({type: 'delivery', message: Message} | {type: 'service', line: Line} | {type: 'chat', chat_id: string} | {type: 'world' | 'reset'})[]} events
 * @property {boolean} many
 * @property {Chat[]} chats
 * @property {Counters} counters
 *
 * @typedef {object} Fault
 * @property {string} [method]
 * @property {string} [peer]
 * @property {string} [error]
 * @property {number} [times]
 * @property {number} [probability]
 * @property {number} [for_seconds]
 * @property {number} [delay_ms]
 * @property {'before' | 'after'} [drop]
 * @property {number} [after_seconds]
 * @property {number} [error_code]
 * @property {true} [carry_out]
 * @property {'before' | 'after'} [forget_session]
 * @property {'push' | 'result'} [unknown_constructor]
 * @property {true} [forget_init]
 * @property {number} [move_to]
 * @property {number} [omit_item]
 * @property {true} [lose_part]
 * @property {true} [forget_random_ids]
 * @property {number} [transport_error]
 * @property {true} [clock_drifts_back]
 * @property {'slow' | 'silent' | 'half_open' | 'refuse' | 'drain'} [connection]
 * @property {number} [bytes_per_second]
 * @property {number} [clock_skew_seconds]
 * @property {string} [from]
 * @property {number} [hits]
 * @property {number} [left]
 * @property {string} [until]
 *
 * @typedef {object} Step A step of the schedule.
 * @property {string} at
 * @property {'waiting' | 'done' | 'failed'} state
 * @property {string} [error]
 * @property {object} [limits]
 * @property {object} [faults]
 * @property {object} [world]
 * @property {true} [cut]
 * @property {object} [revoke]
 *
 * @typedef {{id: string, phone: string, first_name: string, dc: number, has_password: boolean, frozen: boolean}} Account
 * @typedef {{phone: string, code: string, sent_at: number}} Code
 *
 * @typedef {{per_second: number, burst: number}} Rate
 * @typedef {{count: number, per_seconds: number, wait_seconds: number}} MethodLimit
 * @typedef {{count: number, per_seconds: number}} StrangersLimit
 * @typedef {{account?: Rate, chat?: Rate, methods?: Record<string, MethodLimit>, strangers?: StrangersLimit}} Limits
 */
export {};

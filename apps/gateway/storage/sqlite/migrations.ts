/** The schema, one numbered step after another. A step that was released is never changed; a new one follows it. */

/** Times are milliseconds since the epoch; ids of Telegram are decimal strings; every key begins with the account. */
export const migrations: readonly string[] = [
  `
  CREATE TABLE origin (
    account TEXT NOT NULL PRIMARY KEY,
    realm   TEXT NOT NULL,
    user_id TEXT
  );

  CREATE TABLE messages (
    account         TEXT    NOT NULL,
    gateway         TEXT    NOT NULL,
    seq             INTEGER NOT NULL,
    id              TEXT    NOT NULL,
    chat            TEXT    NOT NULL,
    status          TEXT    NOT NULL,
    content         TEXT    NOT NULL,
    random_ids      TEXT    NOT NULL,
    idempotency_key TEXT,
    fingerprint     TEXT    NOT NULL,
    accepted_at     INTEGER NOT NULL,
    expires_at      INTEGER NOT NULL,
    not_before      INTEGER NOT NULL DEFAULT 0,
    attempts        INTEGER NOT NULL DEFAULT 0,
    maybe_sent      INTEGER NOT NULL DEFAULT 0,
    message_ids     TEXT,
    sent_at         INTEGER,
    settled_at      INTEGER,
    error_class     TEXT,
    error_detail    TEXT,
    PRIMARY KEY (account, gateway, seq)
  );
  CREATE UNIQUE INDEX messages_id ON messages (account, id);
  CREATE UNIQUE INDEX messages_idempotency ON messages (account, gateway, idempotency_key)
    WHERE idempotency_key IS NOT NULL;
  CREATE INDEX messages_open ON messages (account, gateway, chat, seq) WHERE status IN ('queued', 'sending');
  CREATE INDEX messages_expiring ON messages (account, gateway, expires_at)
    WHERE status = 'queued' AND maybe_sent = 0;

  CREATE TABLE lanes (
    account TEXT    NOT NULL,
    gateway TEXT    NOT NULL,
    chat    TEXT    NOT NULL,
    due_at  INTEGER NOT NULL,
    head    INTEGER NOT NULL,
    PRIMARY KEY (account, gateway, chat)
  );
  CREATE INDEX lanes_due ON lanes (account, gateway, due_at, head);

  CREATE TABLE gates (
    account TEXT    NOT NULL,
    scope   TEXT    NOT NULL,
    until   INTEGER NOT NULL,
    reason  TEXT    NOT NULL,
    PRIMARY KEY (account, scope)
  );

  CREATE TABLE peers (
    account     TEXT    NOT NULL,
    chat_id     TEXT    NOT NULL,
    kind        TEXT    NOT NULL,
    access_hash TEXT    NOT NULL,
    title       TEXT    NOT NULL,
    username    TEXT,
    phone       TEXT,
    writable    INTEGER NOT NULL,
    seen_at     INTEGER NOT NULL,
    PRIMARY KEY (account, chat_id)
  );
  CREATE INDEX peers_self ON peers (account) WHERE kind = 'self';
  CREATE INDEX peers_username ON peers (account, username) WHERE username IS NOT NULL;

  CREATE TABLE walks (
    account      TEXT    NOT NULL PRIMARY KEY,
    cursor       TEXT,
    pages        INTEGER NOT NULL DEFAULT 0,
    started_at   INTEGER,
    finished_at  INTEGER,
    requested_at INTEGER,
    holder       TEXT,
    held_until   INTEGER NOT NULL DEFAULT 0
  );
  `,
  `
  CREATE INDEX messages_chat ON messages (account, gateway, chat, seq);
  CREATE INDEX messages_unsent ON messages (account, gateway, seq)
    WHERE status IN ('failed', 'expired', 'cancelled');
  CREATE INDEX messages_unsent_chat ON messages (account, gateway, chat, seq)
    WHERE status IN ('failed', 'expired', 'cancelled');
  `,
  `
  CREATE TABLE names (
    account     TEXT    NOT NULL,
    name        TEXT    NOT NULL,
    chat_id     TEXT,
    asked_at    INTEGER NOT NULL,
    answered_at INTEGER,
    PRIMARY KEY (account, name)
  );
  CREATE INDEX names_asked ON names (account, asked_at);
  ALTER TABLE peers ADD COLUMN migrated_to TEXT;
  CREATE INDEX peers_phone ON peers (account, phone) WHERE phone IS NOT NULL;
  `,
  'ALTER TABLE messages ADD COLUMN request_id TEXT',
  `
  ALTER TABLE messages ADD COLUMN callback_state TEXT;
  ALTER TABLE messages ADD COLUMN callback_id TEXT;
  ALTER TABLE messages ADD COLUMN callback_host TEXT;
  ALTER TABLE messages ADD COLUMN callback_due_at INTEGER;
  ALTER TABLE messages ADD COLUMN callback_attempts INTEGER;
  ALTER TABLE messages ADD COLUMN callback_error TEXT;
  CREATE INDEX messages_callback ON messages (account, gateway, callback_host, callback_due_at)
    WHERE callback_state = 'pending';
  `,
  `
  CREATE TABLE turns (
    account TEXT    NOT NULL,
    chat    TEXT    NOT NULL,
    at      INTEGER NOT NULL
  );
  CREATE INDEX turns_chat ON turns (account, chat, at);
  CREATE INDEX turns_at ON turns (account, at);

  CREATE TABLE rates (
    account TEXT NOT NULL PRIMARY KEY,
    next_at REAL NOT NULL,
    ceiling REAL,
    since   INTEGER
  );
  `,
  'ALTER TABLE walks ADD COLUMN imported_at INTEGER',
  'CREATE INDEX peers_migrated ON peers (account, migrated_to) WHERE migrated_to IS NOT NULL',
  `
  ALTER TABLE messages ADD COLUMN troubles TEXT;
  ALTER TABLE gates ADD COLUMN since INTEGER;
  `,
  `
  ALTER TABLE messages ADD COLUMN name TEXT;
  ALTER TABLE messages ADD COLUMN owner_age_ms INTEGER;
  UPDATE messages SET name = chat WHERE chat BETWEEN '@' AND '@~' OR chat BETWEEN '+' AND '+~';
  INSERT INTO names (account, name, chat_id, asked_at, answered_at)
    SELECT account, '@' || username, chat_id, 0, max(seen_at) FROM peers
    WHERE username IS NOT NULL GROUP BY account, username
    ON CONFLICT (account, name) DO UPDATE SET chat_id = excluded.chat_id, answered_at = excluded.answered_at
      WHERE coalesce(names.answered_at, 0) < excluded.answered_at;
  INSERT INTO names (account, name, chat_id, asked_at, answered_at)
    SELECT account, '+' || phone, chat_id, 0, max(seen_at) FROM peers
    WHERE phone IS NOT NULL GROUP BY account, phone
    ON CONFLICT (account, name) DO UPDATE SET chat_id = excluded.chat_id, answered_at = excluded.answered_at
      WHERE coalesce(names.answered_at, 0) < excluded.answered_at;
  UPDATE names SET chat_id = NULL WHERE answered_at IS NULL;
  CREATE INDEX names_owner ON names (account, chat_id) WHERE chat_id IS NOT NULL;
  DROP INDEX peers_phone;
  `,
  // Who is in the dialogs is not known of the chats that were seen before: a walk tells, as soon as one may begin.
  `
  ALTER TABLE peers ADD COLUMN contact INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE peers ADD COLUMN met INTEGER NOT NULL DEFAULT 0;
  UPDATE peers SET met = 1
    WHERE (account, chat_id) IN (SELECT account, chat FROM messages WHERE status = 'sent');
  UPDATE walks SET requested_at = unixepoch() * 1000 WHERE finished_at IS NOT NULL;
  UPDATE gates SET scope = 'strangers' WHERE scope = 'account';
  CREATE TABLE first_messages (
    account TEXT    NOT NULL,
    chat    TEXT    NOT NULL,
    at      INTEGER NOT NULL,
    PRIMARY KEY (account, chat)
  );
  CREATE INDEX first_messages_at ON first_messages (account, at);
  `,
  // A unique index takes each NULL for another value: messages of nobody share the empty name.
  `
  ALTER TABLE messages ADD COLUMN caller TEXT;
  DROP INDEX messages_idempotency;
  CREATE UNIQUE INDEX messages_idempotency ON messages (account, gateway, idempotency_key, coalesce(caller, ''))
    WHERE idempotency_key IS NOT NULL;
  CREATE INDEX messages_caller ON messages (account, gateway, caller, seq) WHERE caller IS NOT NULL;
  `,
  'ALTER TABLE gates ADD COLUMN wait_ms INTEGER',
  'ALTER TABLE messages ADD COLUMN error_reason TEXT',
];

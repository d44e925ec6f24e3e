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
  error_detail    TEXT, request_id TEXT, callback_state TEXT, callback_id TEXT, callback_host TEXT, callback_due_at INTEGER, callback_attempts INTEGER, callback_error TEXT, troubles TEXT, name TEXT, owner_age_ms INTEGER, caller TEXT,
  PRIMARY KEY (account, gateway, seq)
  );
CREATE UNIQUE INDEX messages_id ON messages (account, id);
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
  reason  TEXT    NOT NULL, since INTEGER, wait_ms INTEGER,
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
  seen_at     INTEGER NOT NULL, migrated_to TEXT, contact INTEGER NOT NULL DEFAULT 0, met INTEGER NOT NULL DEFAULT 0,
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
  , imported_at INTEGER);
CREATE INDEX messages_chat ON messages (account, gateway, chat, seq);
CREATE INDEX messages_unsent ON messages (account, gateway, seq)
  WHERE status IN ('failed', 'expired', 'cancelled');
CREATE INDEX messages_unsent_chat ON messages (account, gateway, chat, seq)
  WHERE status IN ('failed', 'expired', 'cancelled');
CREATE TABLE names (
  account     TEXT    NOT NULL,
  name        TEXT    NOT NULL,
  chat_id     TEXT,
  asked_at    INTEGER NOT NULL,
  answered_at INTEGER,
  PRIMARY KEY (account, name)
  );
CREATE INDEX names_asked ON names (account, asked_at);
CREATE INDEX messages_callback ON messages (account, gateway, callback_host, callback_due_at)
  WHERE callback_state = 'pending';
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
CREATE INDEX peers_migrated ON peers (account, migrated_to) WHERE migrated_to IS NOT NULL;
CREATE INDEX names_owner ON names (account, chat_id) WHERE chat_id IS NOT NULL;
CREATE TABLE first_messages (
  account TEXT    NOT NULL,
  chat    TEXT    NOT NULL,
  at      INTEGER NOT NULL,
  PRIMARY KEY (account, chat)
  );
CREATE INDEX first_messages_at ON first_messages (account, at);
CREATE UNIQUE INDEX messages_idempotency ON messages (account, gateway, idempotency_key, coalesce(caller, ''))
  WHERE idempotency_key IS NOT NULL;
CREATE INDEX messages_caller ON messages (account, gateway, caller, seq) WHERE caller IS NOT NULL;
INSERT INTO origin VALUES ('main', 'sandbox', '6200000001');
INSERT INTO messages VALUES ('main', 'text', 1, '01a22f5a-c5dc-7e99-8c36-18bb13e7f44b', '-1003833950795', 'sent', '{"texts":[{"text":"sent with a key","entities":[]}],"options":{}}', '["3506469684174151867"]', 'order-1', '19cbbf678fc7881b085c87eb542ac210140d2a65198bf5ca58cbbb5b93956858', 1796090807772, 1796094407772, 0, 1, 0, '[46]', 1796090807000, 1796090807780, NULL, NULL, 'd97e7fa2-bfb2-496a-92ce-e6ab2abbb2e1', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL);
INSERT INTO messages VALUES ('main', 'text', 2, '01a22f5a-c5ed-7433-b36f-d008a9e821b3', '-4021', 'sent', '{"texts":[{"text":"sent with a callback","entities":[]}],"options":{"callbackUrl":"http://callbacks.example/called"}}', '["3986662124693150542"]', NULL, '7398422bec161ab91113c4e1025c846eab4ecb885986c81f60af89ab721d65cd', 1796090807788, 1796094407788, 0, 1, 0, '[100001]', 1796090807000, 1796090807829, NULL, NULL, '853705df-57a1-49d8-a191-c46454df7651', 'pending', 'msg_c8113468-5cc1-4586-af52-1668a7d57292', 'callbacks.example', 1796090813043, 1, 'callbacks.example answered 500', NULL, NULL, NULL, NULL);
INSERT INTO messages VALUES ('main', 'text', 3, '01a22f5a-c662-7412-8042-0e6c151cb873', '6200000777', 'sent', '{"texts":[{"text":"sent to a stranger","entities":[]}],"options":{}}', '["4669444896347007352"]', NULL, 'f2de82b8c2c8a77c04f6baaf91822d2eb4438db8d0a6f22a136f5da5ab9a0cca', 1796090807905, 1796094407905, 0, 1, 0, '[100002]', 1796090807000, 1796090807920, NULL, NULL, '370594ea-d08d-4324-a0b6-c4d12e51f7b3', NULL, NULL, NULL, NULL, NULL, NULL, NULL, '@vestnik_stranger', NULL, NULL);
INSERT INTO messages VALUES ('main', 'text', 4, '01a22f5a-c6d5-7674-a133-a72eb886b083', '-1002200000012', 'sent', '{"texts":[{"text":"scheduled","entities":[]}],"options":{"scheduleAt":1798682808}}', '["2418309117501816102"]', NULL, '7a1c6aa2a59ddc332b936d627ed9c573e03e0435c4868b075150828a96c17acd', 1796090808020, 1796094408020, 0, 1, 0, '[1]', 1798682808000, 1796090808024, NULL, NULL, 'ada988ef-5394-4df0-a9ea-bc002a776e4d', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL);
INSERT INTO messages VALUES ('main', 'text', 5, '01a22f5a-c6fa-7a1e-9304-fb08c3c09e39', '-1002200000021', 'failed', '{"texts":[{"text":"refused","entities":[]}],"options":{}}', '["1001877451069848446"]', NULL, '407f59d17f4aa4c45ddee711b8df17a149db9a08bfa83eb580e98ee4e74ecc81', 1796090808058, 1796094408058, 0, 1, 0, NULL, NULL, 1796090808074, 'banned', 'Telegram answered USER_BANNED_IN_CHANNEL to messages.sendMessage, for message 01a22f5a-c6fa-7a1e-9304-fb08c3c09e39 to chat -1002200000021', '69ba3def-ec24-4c78-a5fb-6cfd9a2e6967', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL);
INSERT INTO messages VALUES ('main', 'media', 1, '01a22f5a-c7a2-7562-b19e-97b73d93e808', '-1002200000021', 'failed', '{"media":[{"spooled":"2bb7c274-bd55-4e38-81a3-a540f1cc32f1","sizeBytes":24,"kind":"document","mimeType":"text/plain","name":"refused.txt"}],"caption":{"text":"","entities":[]},"options":{}}', '["3168951891896607279"]', NULL, '630d95ef84b6554a88bcb98fe291ecec6463ed21111299c184f38f1143f2f1ef', 1796090808225, 1796094408225, 0, 1, 0, NULL, NULL, 1796090809077, 'banned', 'Telegram answered USER_BANNED_IN_CHANNEL to messages.sendMedia, for message 01a22f5a-c7a2-7562-b19e-97b73d93e808 to chat -1002200000021', 'd4093294-da00-4967-ae2f-6ccb55cf72ee', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL);
INSERT INTO messages VALUES ('main', 'media', 2, '01a22f5a-cb5a-7520-823d-852ac7900a6e', '-1003833950795', 'sent', '{"media":[{"spooled":"dcf66610-9516-4fca-acfe-93bd0a6c7543","sizeBytes":21,"kind":"document","mimeType":"text/plain","name":"sent.txt"}],"caption":{"text":"","entities":[]},"options":{}}', '["1444291150607933117"]', NULL, '449086250829e4f0ea00337f81b480df5eefbae12ed6f9f8682bb30f02edfbd8', 1796090809177, 1796094409177, 0, 1, 0, '[47]', 1796090809000, 1796090809185, NULL, NULL, 'f3b70d86-ba1e-4951-8fc7-e59097e8e9e1', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL);
INSERT INTO messages VALUES ('main', 'text', 6, '01a22f5a-cbcf-7190-92b0-60af6dac0a1b', '-1002200000031', 'queued', '{"texts":[{"text":"behind the gate","entities":[]}],"options":{}}', '["4412844503527653375"]', NULL, 'd4e909c06035b8d9e471501a68f6b5c7c9d629323b2609231a13e97c8f4043a8', 1796090809295, 1796094409295, 1796091409298, 1, 0, NULL, NULL, NULL, 'slow_mode', 'Telegram answered SLOWMODE_WAIT_600 to messages.sendMessage, for message 01a22f5a-cbcf-7190-92b0-60af6dac0a1b to chat -1002200000031', '2872f1de-3cde-4a11-b4ad-907a5080498f', NULL, NULL, NULL, NULL, NULL, NULL, '{"failures":0,"reason":{"code":"telegram_error","values":{"name":"SLOWMODE_WAIT_600","method":"messages.sendMessage","class":"slow_mode"},"since":1796090809298}}', NULL, NULL, NULL);
INSERT INTO messages VALUES ('main', 'text', 7, '01a22f5a-cbd5-7fea-97bb-50097b96e27a', '-1002200000031', 'expired', '{"texts":[{"text":"expired","entities":[]}],"options":{}}', '["564685532692512770"]', NULL, '63d70328b96fece120b63f39778b4b99e14e539c6b51b2b67d848ed3b4ec1c2b', 1796090809301, 1796090810301, 0, 0, 0, NULL, NULL, 1796090810330, 'expired', 'it could not be sent in time', 'baaf00c6-d0f6-4e2a-b157-afe394e83bad', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL);
INSERT INTO messages VALUES ('main', 'text', 8, '01a22f5a-cbd9-76d4-8836-ed4a9c9102d8', '-1002200000011', 'sending', '{"texts":[{"text":"in flight","entities":[]}],"options":{}}', '["4949395963401262680"]', NULL, 'c8ad4773c3fad6e961ad61dd7b652574fba8be83497a4da050b4c04ccf1a668d', 1796090809304, 1796094409304, 0, 1, 0, NULL, NULL, NULL, NULL, NULL, '40081186-33b3-4bfd-9854-ae7f1d05b733', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL);
INSERT INTO messages VALUES ('main', 'text', 9, '01a22f5a-cbdc-7fc7-99ad-332cbd4f177c', '-1002200000011', 'queued', '{"texts":[{"text":"queued 1","entities":[]}],"options":{}}', '["7086153165554436818"]', NULL, '4500f4bcf84b33a19ffc641323f46036ebfd362f350230eca09ff57fea825272', 1796090809308, 1796094409308, 0, 0, 0, NULL, NULL, NULL, NULL, NULL, '67df53f9-a6d6-45be-b2ae-cd29d9a3089e', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL);
INSERT INTO messages VALUES ('main', 'text', 10, '01a22f5a-cbe1-700d-8d07-2641e06e4067', '-1002200000011', 'queued', '{"texts":[{"text":"queued 2","entities":[]}],"options":{}}', '["1203871995620701523"]', NULL, '0582be2d69e1c3bff0d7b2c036fa05de3f3342d3d52f9a4e8f281652a4902504', 1796090809313, 1796094409313, 0, 0, 0, NULL, NULL, NULL, NULL, NULL, '50aebf83-eb74-4ce4-8cd9-fdf2bbbe93f0', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL);
INSERT INTO messages VALUES ('main', 'text', 11, '01a22f5a-cbe5-7ae9-a1f1-ebb1733e7281', '-1002200000011', 'queued', '{"texts":[{"text":"queued 3","entities":[]}],"options":{}}', '["6779715430631757056"]', NULL, '4f0a650b3d99e80ac4391701f97e4f50bc3209418d8d3e8deb22335c2fa8a6da', 1796090809317, 1796094409317, 0, 0, 0, NULL, NULL, NULL, NULL, NULL, 'cb6731e2-d58e-4fb1-aafe-b8641cc064a1', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL);
INSERT INTO messages VALUES ('main', 'media', 3, '01a22f5a-cbf2-7efb-979a-ec01cfed049c', '-1002200000011', 'sending', '{"media":[{"spooled":"7e18352c-8f1c-41a1-9974-2d52394e312d","sizeBytes":26,"kind":"document","mimeType":"text/plain","name":"in-flight.txt"}],"caption":{"text":"","entities":[]},"options":{}}', '["1357793319543577139"]', NULL, 'e221f8b17acff7c6b3c6f5a98b75e00912cc2301da8976ccd68092752a36bb30', 1796090809329, 1796094409329, 0, 1, 0, NULL, NULL, NULL, NULL, NULL, '4cfd9a7d-0697-455e-ac4a-2aa889a599f4', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL);
INSERT INTO messages VALUES ('main', 'media', 4, '01a22f5a-cc06-7cce-96d1-f84faa2183f0', '-1002200000011', 'queued', '{"media":[{"spooled":"8a02b1e6-443d-4c99-ad69-919de05e2eb4","sizeBytes":25,"kind":"document","mimeType":"text/plain","name":"queued-1.txt"}],"caption":{"text":"queued","entities":[]},"options":{}}', '["5364872557187542628"]', NULL, 'b92d55736f6711970585fa29adfd7a75bbe5331fa538195017a46f0c5babec74', 1796090809349, 1796094409349, 0, 0, 0, NULL, NULL, NULL, NULL, NULL, '7c2acf3a-0b8f-4c6f-8d51-521ca092c128', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL);
INSERT INTO messages VALUES ('main', 'media', 5, '01a22f5a-cc12-73e3-984a-72aced2dbbba', '-1002200000011', 'queued', '{"media":[{"spooled":"a2ab6772-b503-4120-9b5b-1fe633836340","sizeBytes":25,"kind":"document","mimeType":"text/plain","name":"queued-2.txt"}],"caption":{"text":"queued","entities":[]},"options":{}}', '["8822401143290421352"]', NULL, '5e9e22b9b4cd4ba78bc1acb160b48f201ecae6c99255bf3478cfdeaa3bb9f679', 1796090809361, 1796094409361, 0, 0, 0, NULL, NULL, NULL, NULL, NULL, '3bab69bf-9a3a-4310-bc55-8311c2d69afb', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL);
INSERT INTO lanes VALUES ('main', 'text', '-1002200000031', 1796091409298, 6);
INSERT INTO lanes VALUES ('main', 'text', '-1002200000011', 0, 8);
INSERT INTO lanes VALUES ('main', 'media', '-1002200000011', 1796090810345, 4);
INSERT INTO gates VALUES ('main', 'chat:-1002200000031', 1796091409297, 'SLOWMODE_WAIT_600', 1796090809297, 600000);
INSERT INTO peers VALUES ('main', '6200000001', 'self', '-5242939244442732541', 'Vestnik', NULL, '9996620001', 1, 1796090807665, NULL, 0, 1);
INSERT INTO peers VALUES ('main', '777000', 'user', '-7137531467216810799', 'Telegram', 'telegram', NULL, 1, 1796090806537, NULL, 0, 1);
INSERT INTO peers VALUES ('main', '2997682573', 'user', '3967098145235211983', 'Бариста Север', NULL, '999672301382', 1, 1796090806537, NULL, 1, 1);
INSERT INTO peers VALUES ('main', '6257210686', 'user', '6382111997198190881', 'Night Shift', NULL, '999670479481', 1, 1796090806537, NULL, 1, 1);
INSERT INTO peers VALUES ('main', '-1002200000012', 'channel', '2336574612739213116', 'Harbour crew', NULL, NULL, 1, 1796090806537, NULL, 0, 1);
INSERT INTO peers VALUES ('main', '-1003833950795', 'channel', '1378974148440735722', 'Vestnik demo', 'vestnik_demo', NULL, 1, 1796090806537, NULL, 0, 1);
INSERT INTO peers VALUES ('main', '-4021', 'chat', '0', 'Night duty', NULL, NULL, 1, 1796090806537, NULL, 0, 1);
INSERT INTO peers VALUES ('main', '-1002200000011', 'channel', '-3523863866210779727', 'Vestnik topics', NULL, NULL, 1, 1796090806537, NULL, 0, 1);
INSERT INTO peers VALUES ('main', '-4077', 'chat', '0', 'Harbour crew', NULL, NULL, 0, 1796090806537, '-1002200000012', 0, 1);
INSERT INTO peers VALUES ('main', '-1006373071394', 'channel', '1200885232938800990', 'Пекарня «Колос» · смены', NULL, NULL, 1, 1796090806537, NULL, 0, 1);
INSERT INTO peers VALUES ('main', '-1003964563891', 'channel', '9154678604357004236', 'Orchard Status', NULL, NULL, 1, 1796090806537, NULL, 0, 1);
INSERT INTO peers VALUES ('main', '-916862379', 'chat', '0', 'Обеды', NULL, NULL, 1, 1796090806537, NULL, 0, 1);
INSERT INTO peers VALUES ('main', '-1002200000021', 'channel', '1183911034664558207', 'Кофейня «Север» · команда 54', NULL, NULL, 0, 1796090806537, NULL, 0, 1);
INSERT INTO peers VALUES ('main', '-1002200000031', 'channel', '325236262128785678', 'Маршруты и водители 81', NULL, NULL, 1, 1796090806537, NULL, 0, 1);
INSERT INTO peers VALUES ('main', '6200000777', 'user', '1570995513263272176', 'Мастерская Окно 19', 'vestnik_stranger', NULL, 1, 1796090807912, NULL, 0, 1);
INSERT INTO walks VALUES ('main', NULL, 2, 1796090806520, 1796090807545, NULL, 'send-text', 0, NULL);
INSERT INTO names VALUES ('main', '+9996620001', '6200000001', 0, 1796090807665);
INSERT INTO names VALUES ('main', '@telegram', '777000', 0, 1796090806537);
INSERT INTO names VALUES ('main', '+999672301382', '2997682573', 0, 1796090806537);
INSERT INTO names VALUES ('main', '+999670479481', '6257210686', 0, 1796090806537);
INSERT INTO names VALUES ('main', '@vestnik_demo', '-1003833950795', 0, 1796090806537);
INSERT INTO names VALUES ('main', '@vestnik_stranger', '6200000777', 1796090807907, 1796090807913);
INSERT INTO turns VALUES ('main', '-1003833950795', 1796090807772);
INSERT INTO turns VALUES ('main', '-4021', 1796090807824);
INSERT INTO turns VALUES ('main', '6200000777', 1796090807916);
INSERT INTO turns VALUES ('main', '-1002200000012', 1796090808020);
INSERT INTO turns VALUES ('main', '-1002200000021', 1796090808070);
INSERT INTO turns VALUES ('main', '-1002200000021', 1796090809071);
INSERT INTO turns VALUES ('main', '-1003833950795', 1796090809180);
INSERT INTO turns VALUES ('main', '-1002200000031', 1796090809295);
INSERT INTO turns VALUES ('main', '-1002200000011', 1796090809345);
INSERT INTO turns VALUES ('main', '-1002200000011', 1796090810345);
INSERT INTO rates VALUES ('main', 1796090810395.0, NULL, NULL);
INSERT INTO first_messages VALUES ('main', '6200000777', 1796090807916);
PRAGMA user_version = 13;

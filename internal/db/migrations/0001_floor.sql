-- +goose Up

-- The floor: what every room stands on. An initiative_id of '' is the server's own row.

-- One row for each transaction that altered what public pages show; nobody updates it.
-- A page's version is the newest id with the number of rows of the last hour.
create table change (
  initiative_id text not null,
  id            text not null,
  changed_at    text not null,
  primary key (initiative_id, id)
);
create index change_changed on change (initiative_id, changed_at);

create table setting (
  initiative_id text not null,
  name          text not null,
  value         text not null,
  set_at        text not null,
  primary key (initiative_id, name)
);

-- The journal of erasures: ids and dates only, replayed after every restore.
create table erasure (
  initiative_id text not null,
  id            text not null,
  subject       text not null, -- what kind of thing was erased: person, conversation
  subject_id    text not null,
  erased_at     text not null,
  primary key (initiative_id, id)
);
create index erasure_subject on erasure (initiative_id, subject, subject_id);

-- Who did what, inserted unchained in the transaction that it describes. Ids, never names.
create table audit (
  initiative_id   text not null,
  id              text not null,
  noted_at        text not null,
  account_id      text not null, -- '' when the server acted by itself
  person_id       text not null,
  organization_id text not null, -- whom they spoke for, or ''
  act             text not null,
  object_id       text not null,
  primary key (initiative_id, id)
);
create index audit_object on audit (initiative_id, object_id, noted_at);
create index audit_noted on audit (initiative_id, noted_at);

-- Rows of audit that wait for their seal; a row leaves when its seal is inserted.
create table audit_wait (
  initiative_id text not null,
  audit_id      text not null,
  primary key (initiative_id, audit_id),
  foreign key (initiative_id, audit_id) references audit (initiative_id, id)
);

-- The chain: each seal's hash covers its row of audit and the hash before it.
-- No foreign key, so that a deleted row of audit is found by the chain rather than forbidden by a key
-- that a thief would drop first.
create table audit_seal (
  initiative_id text not null,
  seq           bigint not null check (seq > 0),
  audit_id      text not null,
  hash          text not null, -- SHA-256, hex
  sealed_at     text not null,
  primary key (initiative_id, seq),
  unique (initiative_id, audit_id)
);

-- Work still to be done; a finished job's row is deleted, so the table stays small.
create table job (
  initiative_id text not null,
  id            text not null,
  kind          text not null,
  payload       text not null,                         -- JSON
  unique_key    text not null,                         -- its own id where nothing was asked
  run_at        text not null,
  set_at        text not null,                         -- the clock when run_at was written
  every_seconds bigint not null check (every_seconds >= 0), -- 0, or a tick that comes again
  attempts      bigint not null check (attempts >= 0),
  again         boolean not null,                      -- asked for once more while it ran
  stuck         boolean not null,                      -- gave up; waits for a steward
  lease         text not null,                         -- who holds it, or ''
  leased_until  text,
  error         text not null,                         -- of the last attempt; ids only
  added_at      text not null,
  primary key (initiative_id, id),
  unique (initiative_id, kind, unique_key)
);

-- Requests already carried out. Both hashes are made with the key, and the answer is
-- encrypted with it, so that this table tells nothing to whoever hasn't the key.
create table once (
  initiative_id text not null,
  key_hash      text not null,
  request_hash  text not null,
  answer        text not null,
  done_at       text not null,
  primary key (initiative_id, key_hash)
);

-- One-time and revocable links, and codes that people can say aloud. Only hashes; a row that
-- was used, revoked or has expired is deleted, so that no clock brings it back.
-- A link is found by its token before an initiative is known, so the key is the server's.
create table link (
  hash          text primary key,
  initiative_id text not null,
  kind          text not null,
  subject_id    text not null,
  reusable      boolean not null,
  made_at       text not null,
  expires_at    text -- null: until revoked
);
create index link_subject on link (initiative_id, kind, subject_id);

-- Files by the SHA-256 of their bytes; no name that a person gave them.
create table file (
  initiative_id text not null,
  sha256        text not null,
  media_type    text not null,
  size          bigint not null check (size >= 0),
  data          bytea not null,
  put_at        text not null,
  primary key (initiative_id, sha256)
);

-- Mail that went out, or waits to. The text goes when it was delivered, the row later.
create table message (
  initiative_id text not null,
  id            text not null,
  person_id     text not null, -- whom it is to, by the id under which it is exported and erased, or ''
  to_address    text not null,
  lang          text not null,
  subject       text not null,
  body          text not null,
  status        text not null check (status in ('queued', 'sent', 'local', 'failed', 'handed')),
  problem       text not null, -- why it failed: a code, never an address
  unique_key    text not null, -- its own id where nothing was asked
  written_at    text not null,
  settled_at    text,          -- sent, kept in the local outbox, or given up
  primary key (initiative_id, id),
  unique (initiative_id, unique_key)
);
create index message_written on message (initiative_id, written_at);
create index message_person on message (initiative_id, person_id);

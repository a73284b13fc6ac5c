-- +goose Up

-- Who signs in to this server, and what they may do in each initiative.
-- The tables account, account_email, account_email_wish, account_person,
-- session, passkey, passkey_challenge and sign_in_ask are the server's: sign-in
-- is per server, persons are per initiative.

create table account (
  id         text primary key,
  lang       text not null,
  operator   boolean not null, -- makes initiatives and networks; reads none
  created_at text not null,
  ended_at   text              -- ended accounts stay as empty rows, so that who did what still holds
);

-- Addresses that sign-in links go to. The key is the SHA-256 of the folded
-- address, so that asking for a link never has to keep an unknown address.
create table account_email (
  address_hash text primary key,
  account_id   text not null references account (id),
  address      text not null,
  confirmed_at text not null
);
create index account_email_account on account_email (account_id);

-- An address that an account wants to be reached at, until a link that was sent
-- there is followed.
create table account_email_wish (
  id         text primary key,
  account_id text not null references account (id),
  address    text not null,
  asked_at   text not null
);
create index account_email_wish_account on account_email_wish (account_id);

-- Who an account is in an initiative: one person, and one account a person.
-- The person is in a later migration's table; erased people stay as tombstones.
create table account_person (
  initiative_id text not null,
  person_id     text not null,
  account_id    text not null references account (id),
  claimed_at    text not null,
  primary key (initiative_id, person_id),
  unique (initiative_id, account_id)
);
-- Sign-in begins at the account, before an initiative is known.
create index account_person_account on account_person (account_id);

create table session (
  id         text primary key,     -- what "my devices" and the audit log name
  token_hash text not null unique, -- SHA-256; the token itself is in one cookie only
  account_id text not null references account (id),
  device     text not null,
  created_at text not null,
  seen_at    text not null,
  proved_at  text not null,        -- when they last showed who they are
  expires_at text not null
);
create index session_account on session (account_id);
create index session_expires on session (expires_at);

create table passkey (
  credential_id text primary key, -- base64url
  account_id    text not null references account (id),
  credential    text not null,    -- JSON: public key, sign count, flags
  name          text not null,
  created_at    text not null,
  used_at       text
);
create index passkey_account on passkey (account_id);

-- What a passkey was asked to sign, from the question to its only answer.
create table passkey_challenge (
  token_hash text primary key,
  account_id text not null, -- '' when anybody may answer
  data       text not null, -- JSON
  made_at    text not null,
  expires_at text not null
);
create index passkey_challenge_expires on passkey_challenge (expires_at);

-- Sign-in links asked for, known address or not: what the limit counts.
create table sign_in_ask (
  id           text primary key,
  address_hash text not null,
  asked_at     text not null
);
create index sign_in_ask_address on sign_in_ask (address_hash, asked_at);
create index sign_in_ask_asked on sign_in_ask (asked_at);

-- A person of an initiative who may take up an account, by a link or a code
-- that somebody gave them, and what they may do then.
create table invitation (
  initiative_id text not null,
  id            text not null,
  person_id     text not null,
  kind          text not null,
  given_by      text not null, -- account
  given_at      text not null,
  claimed_at    text,
  primary key (initiative_id, id)
);
create index invitation_person on invitation (initiative_id, person_id);

-- Permissions in an initiative. Rows are ended, never deleted: the history is kept.
create table membership (
  initiative_id text not null,
  id            text not null,
  person_id     text not null,
  kind          text not null,
  given_by      text not null, -- account, or '' for the set-up
  given_at      text not null,
  ended_by      text not null,
  ended_at      text,
  primary key (initiative_id, id)
);
create index membership_person on membership (initiative_id, person_id, kind);
create index membership_kind on membership (initiative_id, kind, person_id);

-- Rights on one object each, such as "author" of a course.
create table access_grant (
  initiative_id text not null,
  id            text not null,
  person_id     text not null,
  object        text not null,
  right_name    text not null,
  given_by      text not null,
  given_at      text not null,
  ended_by      text not null,
  ended_at      text,
  primary key (initiative_id, id)
);
create index access_grant_person on access_grant (initiative_id, person_id);
create index access_grant_object on access_grant (initiative_id, object, right_name);

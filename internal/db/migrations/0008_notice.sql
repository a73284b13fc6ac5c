-- Notices: what somebody should hear, once, by the channel they have.

-- +goose Up

-- What a line says is a key with arguments, put into words when it is shown.
create table notice (
    initiative_id text not null,
    id            text not null,
    person_id     text not null,
    matter        text not null, -- what kind of thing it is about
    matter_id     text not null, -- and which
    line          text not null, -- the sentence's key
    args          text not null, -- its arguments, JSON
    path          text not null, -- where to read more, below the initiative
    lang          text not null, -- in which the matter began
    unique_key    text not null, -- told under the same key again, it isn't told
    told_at       text not null,
    settled_at    text,          -- null: they haven't heard
    way           text not null check (way in ('', 'mail', 'hand', 'muted', 'none', 'restored')),
    primary key (initiative_id, id),
    unique (initiative_id, person_id, unique_key),
    foreign key (initiative_id, person_id) references person (initiative_id, id)
);
create index notice_of on notice (initiative_id, person_id, matter, matter_id);
create index notice_waiting on notice (initiative_id, settled_at, person_id);

-- How somebody wants to hear; without a row as most do.
create table notice_choice (
    initiative_id text not null,
    person_id     text not null,
    channel       text not null check (channel in ('', 'mail', 'connector', 'paper', 'none')),
    rhythm        text not null check (rhythm in ('daily', 'weekly')),
    chosen_at     text not null,
    primary key (initiative_id, person_id),
    foreign key (initiative_id, person_id) references person (initiative_id, id)
);

-- Matters of which somebody wants to hear no more.
create table notice_mute (
    initiative_id text not null,
    person_id     text not null,
    matter        text not null,
    matter_id     text not null,
    muted_at      text not null,
    primary key (initiative_id, person_id, matter, matter_id),
    foreign key (initiative_id, person_id) references person (initiative_id, id)
);

-- A digest that went out, so that there is one on a day.
create table notice_digest (
    initiative_id text not null,
    person_id     text not null,
    on_date       text not null, -- where the initiative's people live
    made_at       text not null,
    primary key (initiative_id, person_id, on_date),
    foreign key (initiative_id, person_id) references person (initiative_id, id)
);

-- Where one press ends such messages (RFC 8058), or ''. It goes with the text.
alter table message add column stop_url text not null default '';

-- The community: initiatives and networks, places, people.
--
-- Text that somebody must be found by stands twice: as written, and folded
-- (lower case, no accents), which is what searches compare and lists sort by.

-- +goose Up

-- An initiative is the unit of ownership: every other table hangs from its id.
create table initiative (
    id          text    not null primary key,
    name        text    not null,
    purpose     text    not null, -- in the first of its languages
    purposes    text    not null, -- in its other languages: JSON, by ISO 639 code
    about       text    not null,
    langs       text    not null, -- ISO 639 codes with a space between them, the first is the fallback
    zone        text    not null, -- IANA name
    help_phone  text    not null,
    emergency   text    not null,
    answer_days bigint  not null check (answer_days between 1 and 365),
    started_on  text    not null,
    invented    boolean not null, -- made by `demo`; says so on every page
    created_at  text    not null
);

-- Global: addresses on this server. The ones not current redirect.
create table initiative_slug (
    slug          text    not null primary key,
    initiative_id text    not null references initiative (id),
    is_current    boolean not null
);
create index initiative_slug_of on initiative_slug (initiative_id, is_current);

-- Global: a network groups initiatives; it owns no data of theirs.
create table network (
    id         text not null primary key,
    name       text not null,
    about      text not null,
    created_at text not null
);

create table network_member (
    initiative_id text not null references initiative (id),
    network_id    text not null references network (id),
    joined_at     text not null,
    primary key (initiative_id, network_id)
);

-- parent_id and the connector_ids below carry no foreign key: they point into
-- their own table, or in a circle, and rows must load in any order. What they
-- point at is never deleted.
create table area (
    initiative_id text   not null references initiative (id),
    id            text   not null,
    parent_id     text,
    name          text   not null,
    name_folded   text   not null,
    kind          text   not null check (kind in ('area', 'block', 'venue')),
    homes         bigint check (homes between 0 and 10000000), -- null: nobody has counted
    homes_source  text   not null,
    homes_on      text,
    boundary      text   not null, -- a GeoJSON geometry, or nothing
    created_at    text   not null,
    primary key (initiative_id, id)
);
create index area_under on area (initiative_id, parent_id, name_folded);

create table happening (
    initiative_id text not null references initiative (id),
    id            text not null,
    area_id       text not null,
    title         text not null,
    spot          text not null, -- where, in words
    on_date       text not null,
    at_time       text not null, -- HH:MM on the initiative's clock, or nothing
    lang          text not null,
    created_at    text not null,
    primary key (initiative_id, id),
    foreign key (initiative_id, area_id) references area (initiative_id, id)
);
create index happening_next on happening (initiative_id, on_date, at_time, id);

-- A household has a code that its connector made up, and no address.
create table household (
    initiative_id text not null references initiative (id),
    id            text not null,
    code          text not null,
    code_folded   text not null,
    area_id       text,
    connector_id  text, -- a person
    note          text not null,
    created_at    text not null,
    erased_at     text,
    primary key (initiative_id, id),
    foreign key (initiative_id, area_id) references area (initiative_id, id)
);
create index household_of on household (initiative_id, connector_id, code_folded, id);
create index household_by_code on household (initiative_id, code_folded, id);

-- A person needs a name and nothing else. An erased one stays as an empty row,
-- so that counts and keys hold.
create table person (
    initiative_id text not null references initiative (id),
    id            text not null,
    name          text not null,
    name_folded   text not null,
    area_id       text,
    household_id  text,
    connector_id  text, -- a person
    langs         text not null, -- ISO 639 codes with a space between them
    met_on        text,
    age           text not null check (age in ('adult', 'under18', 'notasked')),
    paused_at     text,
    created_at    text not null,
    erased_at     text,
    primary key (initiative_id, id),
    foreign key (initiative_id, area_id) references area (initiative_id, id),
    foreign key (initiative_id, household_id) references household (initiative_id, id)
);
create index person_by_name on person (initiative_id, name_folded, id);
create index person_of on person (initiative_id, connector_id, name_folded, id);
create index person_home on person (initiative_id, household_id, id);
create index person_near on person (initiative_id, area_id, id);

create table contact (
    initiative_id text not null,
    id            text not null,
    person_id     text not null,
    kind          text not null check (kind in ('phone', 'email', 'other')),
    value         text not null,
    safe          text not null, -- "safe to use?", in words: who else sees it, when to call
    created_at    text not null,
    primary key (initiative_id, id),
    foreign key (initiative_id, person_id) references person (initiative_id, id)
);
create index contact_of on contact (initiative_id, person_id, id);

create table consent (
    initiative_id text not null,
    id            text not null,
    person_id     text not null,
    purpose       text not null,
    wording       text not null, -- version of the words that were read out or shown
    given_on      text not null,
    given_by      text not null check (given_by in ('self', 'parent')),
    giver         text not null, -- the parent's name, as they gave it
    channel       text not null,
    recorded_by   text, -- the account, or null when the person did it alone
    recorded_at   text not null,
    withdrawn_at  text,
    primary key (initiative_id, id),
    foreign key (initiative_id, person_id) references person (initiative_id, id)
);
create index consent_of on consent (initiative_id, person_id, id);

-- Organizations: associations and institutions, what each can bring, who speaks
-- for it, and the services near by.
--
-- Rows that came from elsewhere keep where from (source), what they are called
-- there (source_id), what they point at there (…_ref), and what we have no
-- column for (extra). A reference that leads nowhere is kept as it was given.

-- +goose Up

-- parent_id carries no foreign key, so that rows load in any order.
create table organization (
    initiative_id text   not null references initiative (id),
    id            text   not null,
    kind          text   not null check (kind in ('association', 'institution')),
    parent_id     text,
    name          text   not null,
    name_folded   text   not null,
    about         text   not null,
    lang          text   not null, -- of name and about
    email         text   not null, -- public, as the website
    website       text   not null,
    area_id       text,
    langs         text   not null, -- ISO 639 codes with a space between them
    members       bigint check (members >= 0), -- null: nobody has said
    status        text   not null check (status in ('draft', 'proposed', 'shown', 'hidden')),
    review_on     text   not null, -- from this day we ask whether it still holds
    reminders     bigint not null check (reminders between 0 and 3),
    reminded_on   text,
    source        text   not null,
    source_id     text   not null,
    extra         text   not null,
    created_at    text   not null,
    changed_at    text   not null,
    primary key (initiative_id, id),
    foreign key (initiative_id, area_id) references area (initiative_id, id)
);
create index organization_by_name on organization (initiative_id, name_folded, id);
create index organization_near on organization (initiative_id, area_id, id);
create index organization_under on organization (initiative_id, parent_id, id);
create index organization_review on organization (initiative_id, review_on, id);
create unique index organization_source on organization (initiative_id, source, source_id) where source_id <> '';

-- What an association can bring; what an institution supports others with.
create table organization_offer (
    initiative_id   text not null,
    id              text not null,
    organization_id text not null,
    kind            text not null check (kind in ('members', 'room', 'habits', 'reach', 'function')),
    text            text not null,
    lang            text not null,
    created_at      text not null,
    primary key (initiative_id, id),
    foreign key (initiative_id, organization_id) references organization (initiative_id, id)
);
create index organization_offer_of on organization_offer (initiative_id, organization_id, id);

-- Who speaks for an organization. A row stays when somebody leaves.
create table spokesperson (
    initiative_id   text not null,
    id              text not null,
    organization_id text not null,
    person_id       text not null,
    job             text not null, -- what they are there, in words
    since_at        text not null,
    until_at        text,
    given_by        text not null, -- account, or nothing
    ended_by        text not null,
    primary key (initiative_id, id),
    foreign key (initiative_id, organization_id) references organization (initiative_id, id),
    foreign key (initiative_id, person_id) references person (initiative_id, id)
);
create index spokesperson_of on spokesperson (initiative_id, organization_id, until_at, id);
create index spokesperson_is on spokesperson (initiative_id, person_id, id);

-- Where services are given. A place of an institution, never of a person.
create table location (
    initiative_id    text not null references initiative (id),
    id               text not null,
    organization_id  text,
    kind             text not null check (kind in ('physical', 'postal', 'virtual')),
    name             text not null,
    about            text not null,
    area_id          text,
    lat              double precision,
    lon              double precision,
    source           text not null,
    source_id        text not null,
    organization_ref text not null,
    extra            text not null,
    created_at       text not null,
    changed_at       text not null,
    primary key (initiative_id, id),
    foreign key (initiative_id, organization_id) references organization (initiative_id, id),
    foreign key (initiative_id, area_id) references area (initiative_id, id)
);
create index location_of on location (initiative_id, organization_id, id);
create index location_near on location (initiative_id, area_id, id);
create unique index location_source on location (initiative_id, source, source_id) where source_id <> '';

create table service (
    initiative_id    text   not null references initiative (id),
    id               text   not null,
    organization_id  text,
    name             text   not null,
    name_folded      text   not null,
    about            text   not null,
    lang             text   not null,
    status           text   not null check (status in ('active', 'inactive', 'defunct', 'temporarily closed')),
    eligibility      text   not null, -- who it is for: shown, never judged
    fees             text   not null,
    apply            text   not null, -- how one comes to it
    email            text   not null,
    url              text   not null,
    langs            text   not null,
    words            text   not null, -- what else it is found by, such as terms of a taxonomy
    review_on        text   not null,
    reminders        bigint not null check (reminders between 0 and 3),
    reminded_on      text,
    hidden_at        text,
    source           text   not null,
    source_id        text   not null,
    organization_ref text   not null,
    extra            text   not null,
    created_at       text   not null,
    changed_at       text   not null,
    primary key (initiative_id, id),
    foreign key (initiative_id, organization_id) references organization (initiative_id, id)
);
create index service_of on service (initiative_id, organization_id, name_folded, id);
create index service_by_name on service (initiative_id, name_folded, id);
create index service_review on service (initiative_id, review_on, id);
create unique index service_source on service (initiative_id, source, source_id) where source_id <> '';

-- Where a service is given: service_at_location, as the standard calls it.
create table service_place (
    initiative_id text not null references initiative (id),
    id            text not null,
    service_id    text,
    location_id   text,
    source        text not null,
    source_id     text not null,
    service_ref   text not null,
    location_ref  text not null,
    extra         text not null,
    created_at    text not null,
    changed_at    text not null,
    primary key (initiative_id, id),
    foreign key (initiative_id, service_id) references service (initiative_id, id),
    foreign key (initiative_id, location_id) references location (initiative_id, id)
);
create index service_place_of on service_place (initiative_id, service_id, id);
create index service_place_at on service_place (initiative_id, location_id, id);
create unique index service_place_source on service_place (initiative_id, source, source_id) where source_id <> '';

-- By which words a service is found, in each area it is given in. It follows
-- from the tables above and is made anew from them.
create table service_word (
    initiative_id text   not null,
    word          text   not null, -- folded, or a term of our own list after '#'
    area_id       text   not null, -- '' for none
    place         bigint not null, -- 0: in the name; 1: elsewhere
    service_id    text   not null,
    primary key (initiative_id, word, area_id, place, service_id),
    foreign key (initiative_id, service_id) references service (initiative_id, id)
);
create index service_word_of on service_word (initiative_id, service_id);

-- Whatever else is known of an organization, a service or a place: phones,
-- addresses, hours, languages, costs. entity and fields are the standard's.
create table detail (
    initiative_id text not null references initiative (id),
    id            text not null,
    entity        text not null,
    owner_entity  text not null,
    owner_id      text, -- null: it belongs to nothing, or to nothing that is here
    source        text not null,
    source_id     text not null,
    fields        text not null,
    created_at    text not null,
    changed_at    text not null,
    primary key (initiative_id, id)
);
create index detail_of on detail (initiative_id, owner_id, entity, id);
create index detail_kind on detail (initiative_id, entity, id);
create unique index detail_source on detail (initiative_id, source, entity, source_id) where source_id <> '';

-- Rooms: where neighbours plan something, first among themselves.

-- +goose Up

create table room (
    initiative_id text not null references initiative (id),
    id            text not null,
    title         text not null,
    about         text not null,
    lang          text not null,
    made_by       text,          -- a person; null: erased
    made_at       text not null,
    opened_at     text,          -- null: residents only
    opening       text not null, -- what residents want institutions to know first
    closed_at     text,
    primary key (initiative_id, id),
    foreign key (initiative_id, made_by) references person (initiative_id, id)
);
create index room_latest on room (initiative_id, made_at, id);
create index room_made on room (initiative_id, made_by, id);

-- Who sits in a room, and as what. Leaving keeps the row: counts of the past hold.
create table room_seat (
    initiative_id   text not null,
    room_id         text not null,
    person_id       text not null,
    side            text not null check (side in ('resident', 'professional')),
    organization_id text,          -- for whom they sit there, if for anybody
    duty            text not null, -- what they are there for, in their words
    sat_at          text not null,
    left_at         text,
    primary key (initiative_id, room_id, person_id),
    foreign key (initiative_id, room_id) references room (initiative_id, id),
    foreign key (initiative_id, person_id) references person (initiative_id, id),
    foreign key (initiative_id, organization_id) references organization (initiative_id, id)
);
create index room_seat_of on room_seat (initiative_id, person_id, room_id);
create index room_seat_for on room_seat (initiative_id, organization_id, room_id);

create table room_entry (
    initiative_id   text not null,
    id              text not null,
    room_id         text not null,
    person_id       text,          -- null: erased
    organization_id text,
    side            text not null check (side in ('resident', 'professional')),
    text            text not null,
    lang            text not null,
    said_at         text not null,
    erased_at       text,
    primary key (initiative_id, id),
    foreign key (initiative_id, room_id) references room (initiative_id, id),
    foreign key (initiative_id, person_id) references person (initiative_id, id),
    foreign key (initiative_id, organization_id) references organization (initiative_id, id)
);
create index room_entry_in on room_entry (initiative_id, room_id, said_at, id);
create index room_entry_by on room_entry (initiative_id, person_id, id);

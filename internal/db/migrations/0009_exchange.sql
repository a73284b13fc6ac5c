-- What is brought in from files: how far each file has come, what became of
-- each row, and what was there before it.

-- +goose Up

create table import_batch (
    initiative_id text not null references initiative (id),
    id            text not null,
    name          text not null, -- of the file, as its owner calls it
    made_by       text,          -- a person; null: whoever runs the server
    status        text not null check (status in ('open', 'going', 'in', 'undoing', 'undone')),
    sheets        text not null, -- JSON: the tables, their columns, what was answered
    receipt       text not null, -- JSON: how many rows did what
    problem       text not null, -- JSON: why the last try came to nothing
    made_at       text not null,
    in_at         text,
    undone_at     text,
    primary key (initiative_id, id)
);
create index import_batch_made on import_batch (initiative_id, made_at, id);
create index import_batch_waits on import_batch (initiative_id, status, made_at);

-- The cells of a file that waits: gone when it was brought in, or after a day.
create table import_cells (
    initiative_id text   not null,
    batch_id      text   not null,
    sheet         bigint not null,
    part          bigint not null,
    cells         text   not null, -- JSON: some hundreds of rows
    primary key (initiative_id, batch_id, sheet, part),
    foreign key (initiative_id, batch_id) references import_batch (initiative_id, id)
);

-- What somebody decided about a row that is like another.
create table import_choice (
    initiative_id text   not null,
    batch_id      text   not null,
    sheet         bigint not null,
    n             bigint not null,
    choice        text   not null check (choice in ('same', 'new', 'skip')),
    primary key (initiative_id, batch_id, sheet, n),
    foreign key (initiative_id, batch_id) references import_batch (initiative_id, id)
);

-- What a row became. object_id is of the kind's own table and carries no
-- foreign key: the row may be gone again.
create table import_row (
    initiative_id text   not null,
    batch_id      text   not null,
    seq           bigint not null,
    sheet         bigint not null,
    n             bigint not null, -- as the person's own program counts rows
    kind          text   not null, -- of the object: person, household, …
    object_id     text   not null,
    person_id     text,            -- whom it tells about, if anybody
    act           text   not null check (act in ('add', 'change', 'same')),
    print         text   not null, -- a hash of what the row said, or nothing
    before        text   not null, -- JSON: the object before a change, or nothing
    after         text   not null, -- a digest of the object after it, or nothing
    extra         text   not null, -- JSON: what the unmatched columns said, or nothing
    kept          text   not null, -- why it stayed when the batch was taken back, or nothing
    primary key (initiative_id, batch_id, seq),
    foreign key (initiative_id, batch_id) references import_batch (initiative_id, id)
);
create index import_row_of on import_row (initiative_id, object_id, batch_id);
create index import_row_print on import_row (initiative_id, print);
create index import_row_about on import_row (initiative_id, person_id);

-- Which column went where, by the headings of a table.
create table import_mapping (
    initiative_id text not null references initiative (id),
    print         text not null, -- a hash of the headings
    target        text not null,
    fields        text not null, -- JSON: a field for each heading
    used_at       text not null,
    primary key (initiative_id, print)
);

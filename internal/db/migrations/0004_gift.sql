-- Gifts: what people can do, have lived through, know and care about, and the
-- plain words by which a gift is found.

-- +goose Up

-- The words of an initiative begin as a copy of our own list and are edited by
-- its group. A term that was merged stays, and says into which.
-- parent_id and merged_into point into this table and carry no foreign key, so
-- that rows load in any order; a term is never deleted.
create table gift_term (
    initiative_id text not null references initiative (id),
    id            text not null, -- of our own list a word such as reading-aloud, so that lists can be compared
    kind          text not null check (kind in ('skill', 'experience', 'knowledge', 'passion')),
    parent_id     text,
    merged_into   text,
    created_at    text not null,
    primary key (initiative_id, id)
);

create table gift_word (
    initiative_id text not null,
    term_id       text not null,
    lang          text not null,
    label         text not null,
    synonyms      text not null, -- one a line
    primary key (initiative_id, term_id, lang),
    foreign key (initiative_id, term_id) references gift_term (initiative_id, id)
);

-- One row for each edit, never altered: what a word was before, and, by their
-- number, the version of the list.
create table gift_term_edit (
    initiative_id text not null,
    id            text not null,
    term_id       text not null,
    act           text not null check (act in ('copy', 'add', 'rename', 'synonyms', 'merge')),
    lang          text not null,
    was           text not null,
    becomes       text not null,
    edited_at     text not null,
    primary key (initiative_id, id)
);

-- conversation_id has no foreign key: conversations are in a later migration.
create table gift (
    initiative_id   text    not null references initiative (id),
    id              text    not null,
    person_id       text,             -- null: said without a name, or erased
    conversation_id text,             -- null: written on one's own page
    term_id         text,             -- null: only in their own words
    text            text    not null, -- their own words, always kept
    text_folded     text    not null, -- its words with a blank around each
    lang            text    not null,
    kind            text    not null check (kind in ('skill', 'experience', 'knowledge', 'passion')),
    would_teach     boolean not null,
    want_to_learn   boolean not null,
    reach           text    not null, -- how far they would go, in words, if asked
    times           text    not null, -- when they could, in words, if asked
    langs           text    not null, -- in which languages, in words, if asked
    named_at        text    not null,
    review_on       text    not null, -- from this day we ask whether it is still so
    reminders       bigint  not null check (reminders between 0 and 3),
    reminded_on     text,
    last_asked_at   text,
    first_used_at   text,
    hidden_at       text,
    erased_at       text,             -- the words are gone, the count is kept
    primary key (initiative_id, id),
    foreign key (initiative_id, person_id) references person (initiative_id, id),
    foreign key (initiative_id, term_id) references gift_term (initiative_id, id)
);
create index gift_by_term on gift (initiative_id, term_id, person_id);
create index gift_of on gift (initiative_id, person_id, id);
create index gift_said_in on gift (initiative_id, conversation_id, id);
create index gift_review on gift (initiative_id, review_on, id);

-- People who share a gift, brought together by a connector.
create table gift_gathering (
    initiative_id text not null,
    id            text not null,
    term_id       text not null,
    by_person_id  text,
    title         text not null,
    text          text not null,
    lang          text not null,
    people        bigint not null, -- how many they were, whoever was erased since
    made_at       text not null,
    primary key (initiative_id, id),
    foreign key (initiative_id, term_id) references gift_term (initiative_id, id),
    foreign key (initiative_id, by_person_id) references person (initiative_id, id)
);
create index gift_gathering_of on gift_gathering (initiative_id, term_id, id);
create index gift_gathering_by on gift_gathering (initiative_id, by_person_id, id);

create table gift_gathering_person (
    initiative_id text not null,
    gathering_id  text not null,
    person_id     text not null,
    primary key (initiative_id, gathering_id, person_id),
    foreign key (initiative_id, gathering_id) references gift_gathering (initiative_id, id),
    foreign key (initiative_id, person_id) references person (initiative_id, id)
);
create index gift_gathering_with on gift_gathering_person (initiative_id, person_id, gathering_id);

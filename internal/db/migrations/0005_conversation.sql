-- Conversations: who asked whom, when, with what consent; and what was said,
-- each answer as a record of its own.

-- +goose Up

-- Whoever said "without my name" has no person and no household here.
create table conversation (
    initiative_id text    not null references initiative (id),
    id            text    not null,
    asker_id      text,             -- the connector; null: they wrote it alone
    person_id     text,             -- null: without a name, or erased
    household_id  text,
    area_id       text,
    reader_id     text,             -- the connector who reads and answers; null: the stewards
    channel       text    not null check (channel in ('web', 'doorstep', 'paper', 'phone')),
    lang          text    not null,
    held_on       text    not null,
    recorded_at   text    not null,
    consent       text    not null check (consent in ('name', 'anon')),
    wording       text    not null, -- version of the words of the consent
    care          text    not null, -- what they care about enough to act on
    next_help     boolean not null, -- help me with this
    next_advise   boolean not null, -- ask me before you decide
    next_do       boolean not null, -- invite me to do something
    answer_by     text    not null,
    erased_at     text,
    primary key (initiative_id, id),
    foreign key (initiative_id, asker_id) references person (initiative_id, id),
    foreign key (initiative_id, person_id) references person (initiative_id, id),
    foreign key (initiative_id, reader_id) references person (initiative_id, id),
    foreign key (initiative_id, household_id) references household (initiative_id, id),
    foreign key (initiative_id, area_id) references area (initiative_id, id)
);
create index conversation_with on conversation (initiative_id, person_id, held_on);
create index conversation_by on conversation (initiative_id, asker_id, held_on);
create index conversation_at on conversation (initiative_id, household_id, held_on);
create index conversation_near on conversation (initiative_id, area_id, held_on);
create index conversation_for on conversation (initiative_id, reader_id, answer_by);

create table need (
    initiative_id   text    not null,
    id              text    not null,
    conversation_id text    not null,
    text            text    not null,
    delivery        text    not null, -- how they would like to get it
    urgent          boolean not null,
    visibility      text    not null check (visibility in ('me', 'connector', 'initiative', 'public')),
    step            text    not null check (step in ('', 'neighbour', 'service', 'advice', 'cannot')),
    step_text       text    not null,
    gift_id         text,             -- with the step neighbour: whose gift, when one was found
    service_id      text,             -- with the step service; no foreign key: services are in a later migration
    answered_by     text,
    answered_at     text,
    thanked_at      text,
    erased_at       text,
    primary key (initiative_id, id),
    foreign key (initiative_id, conversation_id) references conversation (initiative_id, id),
    foreign key (initiative_id, gift_id) references gift (initiative_id, id),
    foreign key (initiative_id, answered_by) references person (initiative_id, id)
);
create index need_said_in on need (initiative_id, conversation_id, id);
create index need_step on need (initiative_id, step, conversation_id);

create table support (
    initiative_id   text not null,
    id              text not null,
    conversation_id text not null,
    kind            text not null check (kind in ('company', 'childcare', 'ride', 'place', 'interpreting', 'something')),
    text            text not null,
    step            text not null check (step in ('', 'neighbour', 'cannot')),
    step_text       text not null,
    gift_id         text, -- whose gift meets it
    answered_by     text,
    answered_at     text,
    erased_at       text,
    primary key (initiative_id, id),
    foreign key (initiative_id, conversation_id) references conversation (initiative_id, id),
    foreign key (initiative_id, gift_id) references gift (initiative_id, id),
    foreign key (initiative_id, answered_by) references person (initiative_id, id)
);
create index support_said_in on support (initiative_id, conversation_id, id);
create index support_step on support (initiative_id, step, conversation_id);

create table advice (
    initiative_id   text    not null,
    id              text    not null,
    conversation_id text    not null,
    need_id         text,             -- when it was said as a need
    text            text    not null,
    to_whom         text    not null, -- an organization or an action, in words
    answer          text    not null, -- what it answered
    answered_by     text,
    answered_at     text,
    changed         text    not null, -- what changed
    changed_at      text,
    would_help      boolean not null, -- "would you like to help do it?": yes
    erased_at       text,
    primary key (initiative_id, id),
    foreign key (initiative_id, conversation_id) references conversation (initiative_id, id),
    foreign key (initiative_id, need_id) references need (initiative_id, id),
    foreign key (initiative_id, answered_by) references person (initiative_id, id)
);
create index advice_said_in on advice (initiative_id, conversation_id, id);
create index advice_of_need on advice (initiative_id, need_id);

-- An e-mail address left without a name: for the answer and nothing else.
-- Nobody is shown it. It goes when everything was answered, or after 90 days.
create table conversation_reply (
    initiative_id   text not null,
    conversation_id text not null,
    address         text not null,
    expires_on      text not null,
    primary key (initiative_id, conversation_id),
    foreign key (initiative_id, conversation_id) references conversation (initiative_id, id)
);
create index conversation_reply_ends on conversation_reply (initiative_id, expires_on);

-- "Who else should we talk to?": a reminder for one connector, gone after 30
-- days unless that neighbour says yes.
create table referral (
    initiative_id   text not null,
    id              text not null,
    conversation_id text not null,
    connector_id    text, -- null: the stewards
    name            text not null,
    note            text not null,
    expires_on      text not null,
    primary key (initiative_id, id),
    foreign key (initiative_id, conversation_id) references conversation (initiative_id, id),
    foreign key (initiative_id, connector_id) references person (initiative_id, id)
);
create index referral_of on referral (initiative_id, connector_id, expires_on);
create index referral_said_in on referral (initiative_id, conversation_id);
create index referral_ends on referral (initiative_id, expires_on);

-- "No. Just talk": that there was a talk, and nothing of it.
create table talk_count (
    initiative_id text not null references initiative (id),
    id            text not null, -- random: it must not tell the hour
    on_day        text not null,
    connector_id  text,
    primary key (initiative_id, id),
    foreign key (initiative_id, connector_id) references person (initiative_id, id)
);
create index talk_count_by on talk_count (initiative_id, connector_id, on_day);

-- Somebody's yes to being called by one service about one need. No contact is
-- copied: those who speak for the service read it where it stands, as long as
-- the consent does.
create table handover (
    initiative_id   text not null,
    id              text not null,
    need_id         text not null,
    person_id       text not null,
    consent_id      text not null,
    service_id      text not null,
    organization_id text not null,
    handed_at       text not null,
    done_at         text, -- they were called
    primary key (initiative_id, id),
    foreign key (initiative_id, need_id) references need (initiative_id, id),
    foreign key (initiative_id, person_id) references person (initiative_id, id)
);
create index handover_for on handover (initiative_id, organization_id, handed_at, id);
create index handover_of on handover (initiative_id, person_id, id);
create index handover_about on handover (initiative_id, need_id, service_id);

-- +goose Up
-- What the public was told: counts of people, once a day, after suppression.
create table release (
  initiative_id text not null references initiative (id),
  id            text not null,
  made_at       text not null,
  on_date       text not null,
  primary key (initiative_id, id)
);

create table release_count (
  initiative_id text not null,
  release_id    text not null,
  subject       text not null,
  item          text not null,
  n             bigint not null,
  hidden        boolean not null,
  primary key (initiative_id, release_id, subject, item),
  foreign key (initiative_id, release_id) references release (initiative_id, id)
);

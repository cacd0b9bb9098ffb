-- Users, articles, tags, favourites and follows.

create table users (
  id integer generated always as identity primary key,
  email text not null,
  username text not null,
  password_hash text not null,
  bio text not null default '',
  image text not null default '',
  created_at timestamptz(3) not null default now()
);

create unique index users_email_key on users (lower(email));
create unique index users_username_key on users (lower(username));

create table follows (
  follower_id integer not null references users (id) on delete cascade,
  followed_id integer not null references users (id) on delete cascade,
  primary key (follower_id, followed_id),
  constraint follows_not_oneself check (follower_id <> followed_id)
);

create index follows_followed_id_index on follows (followed_id);

create table articles (
  id integer generated always as identity primary key,
  slug text not null constraint articles_slug_key unique,
  title text not null,
  description text not null,
  body text not null,
  author_id integer not null references users (id) on delete cascade,
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now()
);

create index articles_recent_index on articles (created_at desc, id desc);
create index articles_author_index on articles (author_id, created_at desc, id desc);

create table tags (
  id integer generated always as identity primary key,
  name text not null constraint tags_name_key unique
);

create table article_tags (
  article_id integer not null references articles (id) on delete cascade,
  tag_id integer not null references tags (id),
  position smallint not null,
  primary key (article_id, tag_id)
);

create index article_tags_tag_id_index on article_tags (tag_id);

create table favorites (
  user_id integer not null references users (id) on delete cascade,
  article_id integer not null references articles (id) on delete cascade,
  primary key (user_id, article_id)
);

create index favorites_article_id_index on favorites (article_id);

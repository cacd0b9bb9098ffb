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
--> next
create unique index users_email_key on users (lower(email));
--> next
create unique index users_username_key on users (lower(username));
--> next
create table follows (
  follower_id integer constraint follows_follower_id_users_id_fkey references users (id) on delete cascade,
  followed_id integer constraint follows_followed_id_users_id_fkey references users (id) on delete cascade,
  primary key (follower_id, followed_id),
  constraint follows_not_oneself check (follower_id <> followed_id)
);
--> next
create index follows_followed_id_index on follows (followed_id);
--> next
create table articles (
  id integer generated always as identity primary key,
  slug text not null constraint articles_slug_key unique,
  title text not null,
  description text not null,
  body text not null,
  author_id integer not null
    constraint articles_author_id_users_id_fkey references users (id) on delete cascade,
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now()
);
--> next
create index articles_recent_index on articles (created_at, id);
--> next
create index articles_author_index on articles (author_id, created_at, id);
--> next
create table tags (
  id integer generated always as identity primary key,
  name text not null constraint tags_name_key unique
);
--> next
create table article_tags (
  article_id integer constraint article_tags_article_id_articles_id_fkey references articles (id) on delete cascade,
  tag_id integer constraint article_tags_tag_id_tags_id_fkey references tags (id),
  position smallint not null,
  primary key (article_id, tag_id)
);
--> next
create index article_tags_tag_index on article_tags (tag_id, article_id);
--> next
create table favorites (
  user_id integer constraint favorites_user_id_users_id_fkey references users (id) on delete cascade,
  article_id integer constraint favorites_article_id_articles_id_fkey references articles (id) on delete cascade,
  primary key (user_id, article_id)
);
--> next
create index favorites_article_id_index on favorites (article_id);

-- Comments on articles.

create table comments (
  id integer generated always as identity primary key,
  article_id integer not null
    constraint comments_article_id_articles_id_fkey references articles (id) on delete cascade,
  author_id integer not null
    constraint comments_author_id_users_id_fkey references users (id) on delete cascade,
  body text not null,
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now()
);
--> next
create index comments_article_index on comments (article_id, created_at, id);
--> next
create index comments_author_id_index on comments (author_id);

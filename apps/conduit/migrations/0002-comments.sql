-- Comments, and an index that a list by tag is read from alone.

create table comments (
  id integer generated always as identity primary key,
  article_id integer not null references articles (id) on delete cascade,
  author_id integer not null references users (id) on delete cascade,
  body text not null,
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now()
);

create index comments_article_index on comments (article_id, created_at desc, id desc);
create index comments_author_id_index on comments (author_id);

drop index article_tags_tag_id_index;
create index article_tags_tag_index on article_tags (tag_id, article_id);

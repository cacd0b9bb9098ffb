drop table favorites;
--> next
drop table article_tags;
--> next
drop table tags;
--> next
drop table articles;
--> next
drop table follows;
--> next
drop table users;

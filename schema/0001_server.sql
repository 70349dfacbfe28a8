-- SPDX-License-Identifier: Apache-2.0
-- What a server must find again that belongs to no user.

-- One row: how often a server was started on this database, and what it signs its tokens with.
CREATE TABLE server (
  only_one boolean PRIMARY KEY DEFAULT true CHECK (only_one),
  run      bigint NOT NULL,
  secret   text   NOT NULL
);

-- One row a journal. Each batch that a journal commits writes its number here, in the same
-- transaction, and only where run and link are still its own. So a journal that lost its connection
-- in the middle of a commit can find out what became of it, and a server that was replaced by a
-- newer run cannot write any more.
CREATE TABLE journal (
  number integer PRIMARY KEY,
  run    bigint NOT NULL,
  link   bigint NOT NULL,
  batch  bigint NOT NULL
) WITH (fillfactor = 10);

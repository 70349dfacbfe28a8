-- SPDX-License-Identifier: Apache-2.0
-- XML documents that users keep, and watchers that wait for a decision.

-- The owner "" is the global tree. The services are the URIs of the lists that a document defines.
CREATE TABLE documents (
  owner    text COLLATE "C" NOT NULL,
  path     text COLLATE "C" NOT NULL,
  etag     text   NOT NULL,
  body     text   NOT NULL,
  updated  timestamptz NOT NULL,
  services text[] NOT NULL,
  PRIMARY KEY (owner, path)
) WITH (fillfactor = 70);
CREATE INDEX documents_by_service ON documents USING gin (services);

CREATE TABLE waiting_watchers (
  presentity text COLLATE "C" NOT NULL,
  watcher    text COLLATE "C" NOT NULL,
  event      text COLLATE "C" NOT NULL,
  since      timestamptz NOT NULL,
  expires    timestamptz NOT NULL,
  PRIMARY KEY (presentity, watcher, event)
) WITH (fillfactor = 70);

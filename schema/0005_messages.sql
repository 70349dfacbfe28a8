-- SPDX-License-Identifier: Apache-2.0
-- Messages that wait, each with the devices that have not had it. Ids sort by time of storing.

CREATE TABLE messages (
  receiver     text COLLATE "C" NOT NULL,
  id           text COLLATE "C" NOT NULL,
  sender       text  NOT NULL,
  recipient    text  NOT NULL,
  content_type text  NOT NULL,
  headers      text  NOT NULL,
  body         bytea NOT NULL,
  fingerprint  text  NOT NULL,
  stored       timestamptz NOT NULL,
  expires      timestamptz NOT NULL,
  devices      text[] NOT NULL,
  PRIMARY KEY (receiver, id)
) WITH (fillfactor = 90);

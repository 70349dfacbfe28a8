-- SPDX-License-Identifier: Apache-2.0
-- Where users are. No index on what a refresh changes (expires), and room in each page: then a
-- refresh writes no index at all.

CREATE TABLE bindings (
  aor        text COLLATE "C" NOT NULL,
  id         bigint NOT NULL,
  contact    text   NOT NULL,
  parameters text   NOT NULL,
  instance   text   NOT NULL,
  reg_id     bigint NOT NULL,
  call_id    text   NOT NULL,
  cseq       bigint NOT NULL,
  q          integer NOT NULL,
  path       text[] NOT NULL,
  flow       text   NOT NULL,
  behind_nat boolean NOT NULL,
  user_agent text   NOT NULL,
  allow      text   NOT NULL,
  accept     text   NOT NULL,
  updated    timestamptz NOT NULL,
  expires    timestamptz NOT NULL,
  PRIMARY KEY (aor, id)
) WITH (fillfactor = 70);

CREATE TABLE devices (
  aor    text COLLATE "C" NOT NULL,
  device text COLLATE "C" NOT NULL,
  seen   timestamptz NOT NULL,
  PRIMARY KEY (aor, device)
) WITH (fillfactor = 70);

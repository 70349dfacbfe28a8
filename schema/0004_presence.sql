-- SPDX-License-Identifier: Apache-2.0
-- Publications and subscriptions. The id of a subscription's row is ours, its dialog's names are
-- the peers' and stand in it.

CREATE TABLE publications (
  aor          text COLLATE "C" NOT NULL,
  id           bigint NOT NULL,
  event        text   NOT NULL,
  entity_tag   text   NOT NULL,
  device       text   NOT NULL,
  content_type text   NOT NULL,
  body         bytea  NOT NULL,
  published    timestamptz NOT NULL,
  expires      timestamptz NOT NULL,
  PRIMARY KEY (aor, id)
) WITH (fillfactor = 70);

CREATE TABLE subscriptions (
  presentity    text COLLATE "C" NOT NULL,
  id            bigint NOT NULL,
  event         text   NOT NULL,
  event_id      text   NOT NULL,
  state         text   NOT NULL CHECK (state IN ('pending', 'active')),
  watcher       text   NOT NULL,
  call_id       text   NOT NULL,
  local_tag     text   NOT NULL,
  remote_tag    text   NOT NULL,
  local_uri     text   NOT NULL,
  remote_uri    text   NOT NULL,
  remote_target text   NOT NULL,
  route_set     text[] NOT NULL,
  local_cseq    bigint NOT NULL,
  remote_cseq   bigint NOT NULL,
  flow          text   NOT NULL,
  behind_nat    boolean NOT NULL,
  accept        text   NOT NULL,
  user_agent    text   NOT NULL,
  instance      text   NOT NULL,
  list          text   NOT NULL,
  resources     text   NOT NULL,
  run           bigint NOT NULL,
  created       timestamptz NOT NULL,
  expires       timestamptz NOT NULL,
  PRIMARY KEY (presentity, id)
) WITH (fillfactor = 70);

-- SPDX-License-Identifier: Apache-2.0
-- Domains and users. A user's key is always "user@domain" in the column that leads the
-- primary key. Texts hold UTF-8; a byte that is none stands as U+10FF00 plus the byte.

CREATE TABLE domains (
  name    text COLLATE "C" PRIMARY KEY,
  created timestamptz NOT NULL
);

CREATE TABLE users (
  aor          text COLLATE "C" PRIMARY KEY,
  domain       text COLLATE "C" NOT NULL GENERATED ALWAYS AS (regexp_replace(aor, '^.*@', '')) STORED,
  display_name text    NOT NULL,
  ha1_md5      bytea   NOT NULL,
  ha1_sha256   bytea   NOT NULL,
  enabled      boolean NOT NULL,
  created      timestamptz NOT NULL,
  updated      timestamptz NOT NULL
);
CREATE INDEX users_by_domain ON users (domain, aor);

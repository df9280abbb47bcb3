-- SPDX-License-Identifier: Apache-2.0
-- Outlines, one per document and revision. Nothing is ever searched by their content, so it stays serialized.

CREATE TABLE outlines (
  document uuid NOT NULL,
  revision integer NOT NULL CHECK (revision >= 1),
  -- duban.v1.Outline
  payload bytea COMPRESSION lz4 NOT NULL,
  PRIMARY KEY (document, revision)
);

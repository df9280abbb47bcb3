-- SPDX-License-Identifier: Apache-2.0
-- What people say about plan items. Keyed by the item's place in a document's analysis and without a foreign key, so that it outlives
-- the rows of plan_items and trackings, which every analysis writes anew.
-- Writers hold the advisory lock of the item's agency to the end of their transaction.

-- For the filters of the lists; rows of the release before have neither.
ALTER TABLE plan_items
  -- YYYY-MM-DD, empty where the report gives none.
  ADD COLUMN due text COLLATE "C" NOT NULL DEFAULT '',
  -- As written, empty where the report names none.
  ADD COLUMN unit text NOT NULL DEFAULT '';

-- How people left an item: the last assignment and the last review.
CREATE TABLE plan_workflows (
  document uuid NOT NULL,
  item text NOT NULL,
  -- Counts assignments and reviews.
  version integer NOT NULL,
  -- duban.v1.Assignment, null if there was none; due and unit are its fields.
  assignment bytea,
  due text COLLATE "C" NOT NULL,
  unit text NOT NULL,
  -- duban.v1.Review, null if there was none; status and machine_status are its fields.
  review bytea,
  status smallint,
  machine_status smallint,
  PRIMARY KEY (document, item)
);

-- Everything that people did, never changed.
CREATE TABLE plan_history (
  document uuid NOT NULL,
  item text NOT NULL,
  sequence integer NOT NULL CHECK (sequence >= 1),
  -- Of the request, empty if it had none, and what else it said.
  request_id text NOT NULL,
  request_digest text NOT NULL,
  -- duban.v1.HistoryEntry
  payload bytea COMPRESSION lz4 NOT NULL,
  PRIMARY KEY (document, item, sequence)
);
CREATE UNIQUE INDEX plan_history_of_request ON plan_history (document, item, request_id) WHERE request_id <> '';

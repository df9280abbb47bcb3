-- SPDX-License-Identifier: Apache-2.0
-- The log of changes that watchers read. postgres_change_store.cc tells why its order is that of transactions.

CREATE TABLE plan_changes (
  -- The transaction that made the change.
  transaction xid8 NOT NULL DEFAULT pg_current_xact_id(),
  -- Rises within a transaction.
  sequence bigint GENERATED ALWAYS AS IDENTITY,
  time timestamptz NOT NULL DEFAULT now(),
  -- PlanItemChange.Kind: STORED 1, TRACKED 2, ASSIGNED 3, PROGRESS 4, REVIEWED 5, REMOVED 6.
  kind smallint NOT NULL,
  agency text NOT NULL,
  document uuid NOT NULL,
  item text NOT NULL,
  -- The only index: every change is written once and read soon after, by watchers that are close to the end, whichever agency they
  -- watch.
  PRIMARY KEY (transaction, sequence)
);

-- One row: the last place up to which the log was trimmed.
CREATE TABLE plan_changes_trimmed (
  one boolean PRIMARY KEY DEFAULT true CHECK (one),
  transaction xid8 NOT NULL,
  sequence bigint NOT NULL
);
INSERT INTO plan_changes_trimmed (transaction, sequence) VALUES ('0', 0);

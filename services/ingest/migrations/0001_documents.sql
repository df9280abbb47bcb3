-- SPDX-License-Identifier: Apache-2.0
-- Documents and how far each has come.
--
-- The row that changes with every stage (documents) is apart from what never changes (document_contents), so that a change of state
-- rewrites some hundred bytes and not the report. Ids are SHA-256 prefixes of 128 bits, which is a uuid's size.

CREATE TABLE documents (
  id uuid PRIMARY KEY,
  -- 16 hexadecimal digits; empty if the report does not tell its agency.
  agency text NOT NULL,
  report_year integer NOT NULL,
  plan_year integer NOT NULL,
  source_uri text NOT NULL,
  traceparent text NOT NULL,
  -- duban.v1.Document without text and without what has a column that may change.
  metadata bytea NOT NULL,
  revision integer NOT NULL DEFAULT 1,
  -- The last stage that is done (Task.Stage): 0 none, 1 SEGMENT, 2 EXTRACT, 3 TRACK. Only rises within a revision.
  progress smallint NOT NULL DEFAULT 0 CHECK (progress BETWEEN 0 AND 3),
  -- The stage that gave up, 0 if none did or a retry got past it.
  failed_stage smallint NOT NULL DEFAULT 0 CHECK (failed_stage = 0 OR failed_stage > progress),
  failure text NOT NULL DEFAULT '',
  -- Document.State: ACCEPTED 1, SEGMENTED 2, EXTRACTED 3, FINISHED 4, FAILED 5.
  state smallint NOT NULL GENERATED ALWAYS AS (CASE WHEN failed_stage > 0 THEN 5 ELSE progress + 1 END) STORED,
  create_time timestamptz NOT NULL DEFAULT now(),
  update_time timestamptz NOT NULL DEFAULT now(),
  enqueued_at timestamptz,
  -- The last sign of life: insertion, change of state, enqueueing.
  touched_at timestamptz NOT NULL DEFAULT now()
);

-- Lists, newest first. A list of finished documents, nearly all there are, walks the first; the others are few.
CREATE INDEX documents_newest ON documents (create_time, id);
CREATE INDEX documents_of_agency ON documents (agency, create_time, id);
CREATE INDEX documents_in_state ON documents (state, create_time, id) WHERE state <> 4;
-- What the reconciler looks for.
CREATE INDEX documents_unfinished ON documents (touched_at, id) WHERE state < 4;

CREATE TABLE document_contents (
  id uuid PRIMARY KEY REFERENCES documents ON DELETE CASCADE,
  body text COMPRESSION lz4 NOT NULL,
  original bytea COMPRESSION lz4 NOT NULL
);

-- Documents per state, as a sum of changes: every statement appends its own, so that writers never wait for each other; a reader
-- adds them up and now and then folds them into one row per state.
CREATE TABLE document_counts (
  state smallint NOT NULL,
  documents bigint NOT NULL
);

CREATE FUNCTION count_documents() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    INSERT INTO document_counts SELECT state, count(*) FROM new_rows GROUP BY state;
  ELSIF TG_OP = 'DELETE' THEN
    INSERT INTO document_counts SELECT state, -count(*) FROM old_rows GROUP BY state;
  ELSE
    INSERT INTO document_counts
      SELECT state, sum(change) FROM (SELECT state, 1 AS change FROM new_rows UNION ALL SELECT state, -1 FROM old_rows) AS changes
      GROUP BY state HAVING sum(change) <> 0;
  END IF;
  RETURN NULL;
END $$;

CREATE TRIGGER count_inserted AFTER INSERT ON documents REFERENCING NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION count_documents();
CREATE TRIGGER count_updated AFTER UPDATE ON documents REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION count_documents();
CREATE TRIGGER count_deleted AFTER DELETE ON documents REFERENCING OLD TABLE AS old_rows
  FOR EACH STATEMENT EXECUTE FUNCTION count_documents();

-- The token of the Redis instance that holds the queued tasks: one row.
CREATE TABLE queue_epoch (
  singleton boolean PRIMARY KEY DEFAULT true CHECK (singleton),
  token text NOT NULL
);
INSERT INTO queue_epoch (token) VALUES ('');

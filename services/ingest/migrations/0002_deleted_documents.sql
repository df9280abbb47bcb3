-- SPDX-License-Identifier: Apache-2.0
-- Deleted documents. The row stays as a tombstone: its revision, which goes on rising if the same bytes are given again, is what tells
-- late tasks and events of the time before from those of now. Text and original go with the row of document_contents.

-- The expression of a generated column cannot be altered, and what indexes it goes with it.
DROP INDEX documents_newest, documents_of_agency, documents_in_state, documents_unfinished;
ALTER TABLE documents DROP COLUMN state;
ALTER TABLE documents
  -- Whether the document is deleted; progress and failed_stage are those of its removal then.
  ADD COLUMN removed boolean NOT NULL DEFAULT false,
  -- Document.State: ACCEPTED 1, SEGMENTED 2, EXTRACTED 3, FINISHED 4, FAILED 5, DELETING 6, DELETED 7.
  ADD COLUMN state smallint NOT NULL GENERATED ALWAYS AS (
    CASE WHEN failed_stage > 0 THEN 5 WHEN NOT removed THEN progress + 1 WHEN progress < 3 THEN 6 ELSE 7 END) STORED;

-- As before, without deleted documents where lists do not show them.
CREATE INDEX documents_newest ON documents (create_time, id) WHERE NOT removed;
CREATE INDEX documents_of_agency ON documents (agency, create_time, id) WHERE NOT removed;
CREATE INDEX documents_in_state ON documents (state, create_time, id) WHERE state <> 4;
CREATE INDEX documents_unfinished ON documents (touched_at, id) WHERE state < 4 OR state = 6;

-- SPDX-License-Identifier: Apache-2.0
-- One row per document: nothing reads the outline of an earlier revision, and a single row is what keeps a late task from bringing
-- back a document that was removed.

DELETE FROM outlines o USING outlines newer WHERE newer.document = o.document AND newer.revision > o.revision;
ALTER TABLE outlines
  DROP CONSTRAINT outlines_pkey,
  ADD PRIMARY KEY (document),
  -- duban.v1.Outline; null if the document was removed at that revision.
  ALTER COLUMN payload DROP NOT NULL;

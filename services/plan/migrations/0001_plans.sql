-- SPDX-License-Identifier: Apache-2.0
-- The ledger of what was promised, and how it stands.
--
-- Writers of one agency's rows hold the advisory lock of the agency's id (its 64 bits are the key) to the end of their transaction,
-- writers of a document that of the first 64 bits of its id before.
-- Every index ends in the order of the lists (agency, year, document, ordinal), so that a page is read off it and never sorted.

CREATE TABLE plan_documents (
  document uuid PRIMARY KEY,
  revision integer NOT NULL CHECK (revision >= 1),
  -- 16 hexadecimal digits.
  agency text NOT NULL,
  -- The agency that the document was last taken for before, if another: its trackings must be computed again too, also
  -- when the worker that moved the document dies before it has done so.
  previous_agency text NOT NULL DEFAULT '',
  report_year integer NOT NULL,
  plan_year integer NOT NULL
);
CREATE INDEX plan_documents_of_agency ON plan_documents (agency, report_year, plan_year, document) INCLUDE (revision);

CREATE TABLE plan_items (
  document uuid NOT NULL REFERENCES plan_documents ON DELETE CASCADE,
  -- Place in the plan, from 1.
  ordinal integer NOT NULL CHECK (ordinal >= 1),
  agency text NOT NULL,
  -- The year promised for; 0 if the report does not tell.
  year integer NOT NULL,
  -- The item's id in its document: p1, p2 …
  item text NOT NULL,
  -- duban.v1.PlanItem
  payload bytea COMPRESSION lz4 NOT NULL,
  PRIMARY KEY (document, ordinal),
  UNIQUE (document, item)
);
CREATE INDEX plan_items_of_agency ON plan_items (agency, year, document, ordinal);
CREATE INDEX plan_items_of_year ON plan_items (year, agency, document, ordinal);

CREATE TABLE trackings (
  document uuid NOT NULL,
  ordinal integer NOT NULL,
  agency text NOT NULL,
  year integer NOT NULL,
  -- Tracking.Status: PENDING 1, DELIVERED 2, PARTIAL 3, MISSED 4, CARRIED_OVER 5, NOT_REPORTED 6.
  status smallint NOT NULL,
  score double precision NOT NULL,
  -- duban.v1.Tracking
  payload bytea COMPRESSION lz4 NOT NULL,
  PRIMARY KEY (document, ordinal),
  FOREIGN KEY (document, ordinal) REFERENCES plan_items ON DELETE CASCADE
);
CREATE INDEX trackings_of_agency ON trackings (agency, year, document, ordinal);
CREATE INDEX trackings_of_year ON trackings (year, agency, document, ordinal);
CREATE INDEX trackings_of_status ON trackings (status, agency, year, document, ordinal);

-- SPDX-License-Identifier: Apache-2.0
-- Problems that reports admit, with the plan items of the same report that answer them. Rows are written with their document's plan
-- items; documents of the release before have none until they are analysed anew.

CREATE TABLE plan_problems (
  document uuid NOT NULL REFERENCES plan_documents ON DELETE CASCADE,
  -- Place in the report, from 1.
  ordinal integer NOT NULL CHECK (ordinal >= 1),
  agency text NOT NULL,
  report_year integer NOT NULL,
  answered boolean NOT NULL,
  -- duban.v1.AdmittedProblem
  payload bytea COMPRESSION lz4 NOT NULL,
  PRIMARY KEY (document, ordinal)
);
-- In the order of the list, so that a page is read off it and never sorted.
CREATE INDEX plan_problems_of_agency ON plan_problems (agency, report_year, document, ordinal);

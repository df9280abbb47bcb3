-- SPDX-License-Identifier: Apache-2.0
-- Plans whose trackings must be computed again because of a document that came, changed or went, written in the transaction that stores
-- or removes it and dropped by the one that commits the trackings: a worker that dies in between finds them when its task is given again.
-- plan_documents.previous_agency, which told of an agency that a document had left, is written by the release before alone.

CREATE TABLE plan_concerned (
  document uuid NOT NULL,
  agency text NOT NULL,
  -- That the plans are for.
  year integer NOT NULL,
  PRIMARY KEY (document, agency, year)
);
CREATE INDEX plan_concerned_of_agency ON plan_concerned (agency, year);

INSERT INTO plan_concerned (document, agency, year)
SELECT DISTINCT d.document, d.previous_agency, p.plan_year FROM plan_documents d JOIN plan_documents p ON p.agency = d.previous_agency
WHERE d.previous_agency <> '' AND p.plan_year <> 0;

-- The plans of an agency for a year; its reports on a year are found with plan_documents_of_agency.
CREATE INDEX plan_documents_of_plan ON plan_documents (agency, plan_year, report_year) WHERE NOT removed;

-- SPDX-License-Identifier: Apache-2.0
-- Documents that were removed at the row's revision. Their items and trackings are gone; the row keeps late tasks from bringing them
-- back, and its agencies are those whose trackings must be computed again, also when the worker that removed the document dies before
-- it has done so. The agency is empty if the document was removed before it came.

ALTER TABLE plan_documents ADD COLUMN removed boolean NOT NULL DEFAULT false;
DROP INDEX plan_documents_of_agency;
CREATE INDEX plan_documents_of_agency ON plan_documents (agency, report_year, plan_year, document) INCLUDE (revision) WHERE NOT removed;

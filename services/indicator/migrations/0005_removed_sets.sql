-- SPDX-License-Identifier: Apache-2.0
-- Documents that were removed at the set's revision. Nothing else is stored of them; the row keeps late tasks from bringing them back.

ALTER TABLE indicator_sets ADD COLUMN removed boolean NOT NULL DEFAULT false;

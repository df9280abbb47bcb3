-- SPDX-License-Identifier: Apache-2.0
-- What an item said when people last changed it, so that what they said finds it again when its document is analysed anew
-- (carry_over.h). Empty in rows of the release before; the stored item tells then.

ALTER TABLE plan_workflows
  ADD COLUMN title text NOT NULL DEFAULT '',
  -- Of title and text.
  ADD COLUMN digest text NOT NULL DEFAULT '';

-- SPDX-License-Identifier: Apache-2.0
-- What decides whether a figure is held against the agency's figures of other years. Documents stored before are taken for whole
-- years until they are analysed anew.

ALTER TABLE metric_figures
  -- No running total, average or figure of a part of the year.
  ADD COLUMN of_year boolean NOT NULL DEFAULT true,
  -- Its report tells that it is a tenth or ten times of what it was.
  ADD COLUMN tells_of_jump boolean NOT NULL DEFAULT false;

COMMENT ON COLUMN findings.ordinal IS
  'Place in the document''s set, from 1; HISTORY_MISMATCH: 1000000 + the growth''s ordinal; IMPLAUSIBLE_JUMP: 2000000 + the figure''s';

-- SPDX-License-Identifier: Apache-2.0
-- Findings, comparisons of a metric, and labels without a metric. What stands here follows from the indicators and is written with
-- them; documents stored before appear once they are analysed anew.

-- The label of an indicator whose metric is unknown, up to 240 bytes (longer ones are not counted).
ALTER TABLE indicators ADD COLUMN unmapped_label text COLLATE "C";
CREATE INDEX indicators_unmapped ON indicators (unmapped_label, document, ordinal) WHERE unmapped_label IS NOT NULL;

-- How often each such label is there.
CREATE TABLE unmapped_labels (
  label text COLLATE "C" PRIMARY KEY,
  indicators bigint NOT NULL,
  documents bigint NOT NULL
);
CREATE INDEX unmapped_labels_by_count ON unmapped_labels ((-indicators), label);

-- ACTUAL figures with a metric, a year, an agency and a single value, of reports on a whole year.
CREATE TABLE metric_figures (
  document uuid NOT NULL,
  ordinal integer NOT NULL,
  metric text NOT NULL,
  -- The unit that stands for all that mean the same.
  unit text NOT NULL,
  agency text NOT NULL,
  year integer NOT NULL,
  value numeric NOT NULL,
  region_code text NOT NULL,
  -- Whether it is its document's figure of (metric, unit, year) in comparisons.
  headline boolean NOT NULL,
  PRIMARY KEY (document, ordinal)
);
-- Read alone for the ranks of a comparison.
CREATE INDEX metric_figures_compared ON metric_figures (metric, unit, agency, year) INCLUDE (value, document, ordinal, region_code)
  WHERE headline;
CREATE INDEX metric_figures_of_agency ON metric_figures (agency, metric, year);

-- Growths over the year before that another report of the agency may contradict: indicator `ordinal` says how `of_ordinal` grew.
CREATE TABLE growth_claims (
  document uuid NOT NULL,
  ordinal integer NOT NULL,
  of_ordinal integer NOT NULL,
  -- Those of the figure that grew.
  agency text NOT NULL,
  metric text NOT NULL,
  year integer NOT NULL,
  PRIMARY KEY (document, ordinal)
);
CREATE INDEX growth_claims_of_agency ON growth_claims (agency, metric, year);

CREATE TABLE findings (
  document uuid NOT NULL,
  -- Place in the document's set, from 1; HISTORY_MISMATCH: 1000000 + the growth's ordinal.
  ordinal integer NOT NULL,
  -- Finding.Type
  type smallint NOT NULL,
  year integer NOT NULL,
  -- duban.v1.Finding without what stands in other columns and tables.
  payload bytea COMPRESSION lz4 NOT NULL,
  PRIMARY KEY (document, ordinal)
);
CREATE INDEX findings_of_type ON findings (type, document, ordinal);
CREATE INDEX findings_of_year ON findings (year, document, ordinal);

-- The indicators that a finding speaks of, in its order.
CREATE TABLE finding_members (
  document uuid NOT NULL,
  finding integer NOT NULL,
  place integer NOT NULL,
  of_document uuid NOT NULL,
  of_ordinal integer NOT NULL,
  PRIMARY KEY (document, finding, place)
);
CREATE INDEX finding_members_of_indicator ON finding_members (of_document, of_ordinal);

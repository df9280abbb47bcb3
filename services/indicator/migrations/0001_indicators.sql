-- SPDX-License-Identifier: Apache-2.0
-- The ledger of what was measured.
--
-- What holds for a whole document (agency, region) stands once in its set and is indexed there: fifty times fewer index entries to
-- write than with the indicators. Every index ends in the order of the lists (document, ordinal), so that a page is read off it and
-- never sorted.

CREATE TABLE indicator_sets (
  document uuid PRIMARY KEY,
  revision integer NOT NULL CHECK (revision >= 1),
  -- 16 hexadecimal digits; empty if unknown or if the set has no indicators.
  agency text NOT NULL,
  -- GB/T 2260, six digits; empty as above.
  region_code text NOT NULL,
  -- duban.v1.IndicatorSet without its indicators.
  payload bytea COMPRESSION lz4 NOT NULL
);
CREATE INDEX indicator_sets_of_agency ON indicator_sets (agency, document);
-- Province, city, county: the levels of the code.
CREATE INDEX indicator_sets_of_province ON indicator_sets (left(region_code, 2), document);
CREATE INDEX indicator_sets_of_city ON indicator_sets (left(region_code, 4), document);
CREATE INDEX indicator_sets_of_county ON indicator_sets (region_code, document);

CREATE TABLE indicators (
  document uuid NOT NULL,
  -- Place in the document, from 1.
  ordinal integer NOT NULL CHECK (ordinal >= 1),
  -- Id in the catalog; empty if none is known.
  metric text NOT NULL,
  year integer NOT NULL,
  -- Indicator.Aspect: ACTUAL 1, CHANGE 2, TARGET 3, BASELINE 4.
  aspect smallint NOT NULL,
  -- In base units. NULL if the quantity has no exact value.
  value numeric,
  unit text NOT NULL,
  -- duban.v1.Indicator
  payload bytea COMPRESSION lz4 NOT NULL,
  PRIMARY KEY (document, ordinal)
);
CREATE INDEX indicators_of_metric ON indicators (metric, document, ordinal) WHERE metric <> '';
CREATE INDEX indicators_of_year ON indicators (year, document, ordinal);
-- Most indicators are ACTUAL: the primary key finds those soon enough.
CREATE INDEX indicators_of_aspect ON indicators (aspect, document, ordinal) WHERE aspect <> 1;

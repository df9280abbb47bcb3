-- SPDX-License-Identifier: Apache-2.0
-- Pages of a ledger of millions of figures without reading more of it than they show.

-- Whether the figure is its agency's of (metric, unit, year) in comparisons: the largest headline of that year's documents. One row
-- for each cell, so that ranks are counted in an index and nothing is sorted.
DROP INDEX metric_figures_compared;
ALTER TABLE metric_figures ADD COLUMN cell boolean NOT NULL DEFAULT true;
-- Few are not, so that few rows are written.
UPDATE metric_figures f SET cell = false FROM (
  SELECT document, ordinal, headline AND row_number() OVER (PARTITION BY agency, metric, unit, year, headline
    ORDER BY value DESC, document) = 1 AS best FROM metric_figures) c
WHERE f.document = c.document AND f.ordinal = c.ordinal AND NOT c.best;
ALTER TABLE metric_figures ALTER COLUMN cell DROP DEFAULT;
CREATE INDEX metric_figures_compared ON metric_figures (metric, unit, agency, year) INCLUDE (value, document, ordinal, region_code)
  WHERE cell;
CREATE INDEX metric_figures_ranked ON metric_figures (metric, unit, year, value) INCLUDE (region_code, agency) WHERE cell;

CREATE INDEX indicators_of_metric_year ON indicators (metric, year, document, ordinal) WHERE metric <> '';

-- Those of the indicator, so that lists of what findings speak of are read off an index.
ALTER TABLE finding_members
  ADD COLUMN metric text NOT NULL DEFAULT '',
  ADD COLUMN year integer NOT NULL DEFAULT 0;
UPDATE finding_members m SET metric = i.metric, year = i.year FROM indicators i
WHERE i.document = m.of_document AND i.ordinal = m.of_ordinal;
CREATE INDEX finding_members_of_metric ON finding_members (metric, of_document, of_ordinal) WHERE metric <> '';
CREATE INDEX finding_members_of_year ON finding_members (year, of_document, of_ordinal);

-- SPDX-License-Identifier: Apache-2.0
-- What lists and summaries ask for: the verdict that holds, the theme, the agency's region and name.
-- Themes, regions and names are empty in rows of the release before until their documents are analysed anew.

ALTER TABLE plan_documents
  -- GB/T 2260 code, empty where it is not known.
  ADD COLUMN region text COLLATE "C" NOT NULL DEFAULT '',
  -- The agency's name for a reader.
  ADD COLUMN agency_display_name text NOT NULL DEFAULT '';
CREATE INDEX plan_documents_of_region ON plan_documents (region, document);

ALTER TABLE plan_items
  ADD COLUMN theme text NOT NULL DEFAULT '',
  -- Tracking.Status that holds: the review's, else the tracking's, else PENDING (1). Triggers keep it, below.
  ADD COLUMN status smallint NOT NULL DEFAULT 1;
UPDATE plan_items i SET status = held.status
FROM (SELECT p.document, p.ordinal, coalesce(w.status, t.status, 1) AS status FROM plan_items p
      LEFT JOIN trackings t ON t.document = p.document AND t.ordinal = p.ordinal
      LEFT JOIN plan_workflows w ON w.document = p.document AND w.item = p.item) held
WHERE held.document = i.document AND held.ordinal = i.ordinal AND held.status <> 1;
CREATE INDEX plan_items_of_status ON plan_items (status, agency, year, document, ordinal);
CREATE INDEX plan_items_of_theme ON plan_items (theme, agency, year, document, ordinal);
-- Every list by status reads plan_items_of_status.
DROP INDEX trackings_of_status;

-- Triggers rather than statements of the program, because the release before, which knows nothing of the column, writes these tables
-- too while a rolling update lasts.
CREATE FUNCTION hold_status_of_item() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.status := coalesce((SELECT w.status FROM plan_workflows w WHERE w.document = NEW.document AND w.item = NEW.item), 1);
  RETURN NEW;
END $$;
CREATE TRIGGER hold_status BEFORE INSERT ON plan_items FOR EACH ROW EXECUTE FUNCTION hold_status_of_item();

CREATE FUNCTION hold_status_of_trackings() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE plan_items i SET status = held.status
  FROM (SELECT p.document, p.ordinal, coalesce(w.status, t.status) AS status FROM written t
        JOIN plan_items p ON p.document = t.document AND p.ordinal = t.ordinal
        LEFT JOIN plan_workflows w ON w.document = p.document AND w.item = p.item) held
  WHERE held.document = i.document AND held.ordinal = i.ordinal AND held.status <> i.status;
  RETURN NULL;
END $$;
CREATE TRIGGER hold_status_inserted AFTER INSERT ON trackings REFERENCING NEW TABLE AS written
  FOR EACH STATEMENT EXECUTE FUNCTION hold_status_of_trackings();
CREATE TRIGGER hold_status_updated AFTER UPDATE ON trackings REFERENCING NEW TABLE AS written
  FOR EACH STATEMENT EXECUTE FUNCTION hold_status_of_trackings();

CREATE FUNCTION hold_status_of_workflow() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE plan_items i SET status = held.status
  FROM (SELECT p.document, p.ordinal, coalesce(NEW.status, t.status, 1) AS status FROM plan_items p
        LEFT JOIN trackings t ON t.document = p.document AND t.ordinal = p.ordinal
        WHERE p.document = NEW.document AND p.item = NEW.item) held
  WHERE held.document = i.document AND held.ordinal = i.ordinal AND held.status <> i.status;
  RETURN NULL;
END $$;
CREATE TRIGGER hold_status AFTER INSERT OR UPDATE ON plan_workflows FOR EACH ROW EXECUTE FUNCTION hold_status_of_workflow();

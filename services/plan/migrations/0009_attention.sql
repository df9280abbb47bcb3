-- SPDX-License-Identifier: Apache-2.0
-- What the lists of overdue items and of those to review ask for, kept with the item by the triggers of migration 3, within the transaction
-- of whoever writes: both depend on what the machine and people say in other tables.

ALTER TABLE plan_items
  -- The last day that keeps the promise, YYYY-MM-DD: the assignment's, else the report's, else the last of the year; empty if there is none.
  ADD COLUMN held_due text COLLATE "C" NOT NULL DEFAULT '',
  -- The score of a verdict (not PENDING) that nobody reviewed, -1 where it has changed since its review; null where there is nothing to see.
  ADD COLUMN attention double precision;

CREATE FUNCTION held_due_of(assigned text, due text, year integer) RETURNS text LANGUAGE sql IMMUTABLE AS $$
  SELECT coalesce(nullif(assigned, ''), nullif(due, ''), CASE WHEN year <> 0 THEN lpad(year::text, 4, '0') || '-12-31' ELSE '' END)
$$;
CREATE FUNCTION attention_of(verdict smallint, score double precision, reviewed smallint, at_review smallint)
RETURNS double precision LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE WHEN verdict = 1 THEN NULL WHEN reviewed IS NULL THEN score WHEN at_review <> verdict THEN -1 END
$$;

UPDATE plan_items i SET held_due = held.due, attention = held.attention
FROM (SELECT p.document, p.ordinal, held_due_of(w.due, p.due, p.year) AS due,
        attention_of(t.status, t.score, w.status, w.machine_status) AS attention FROM plan_items p
      LEFT JOIN trackings t ON t.document = p.document AND t.ordinal = p.ordinal
      LEFT JOIN plan_workflows w ON w.document = p.document AND w.item = p.item) held
WHERE held.document = i.document AND held.ordinal = i.ordinal;
-- For days and scores that few items are below; where many are, a list in its order comes upon them soon.
CREATE INDEX plan_items_of_due ON plan_items (held_due) WHERE status <> 2 AND held_due <> '';
CREATE INDEX plan_items_of_attention ON plan_items (attention) WHERE attention IS NOT NULL;

CREATE OR REPLACE FUNCTION hold_status_of_item() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE workflow plan_workflows;
BEGIN
  SELECT * INTO workflow FROM plan_workflows w WHERE w.document = NEW.document AND w.item = NEW.item;
  NEW.status := coalesce(workflow.status, 1);
  NEW.held_due := held_due_of(workflow.due, NEW.due, NEW.year);
  RETURN NEW;
END $$;

CREATE OR REPLACE FUNCTION hold_status_of_trackings() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE plan_items i SET status = held.status, attention = held.attention
  FROM (SELECT p.document, p.ordinal, coalesce(w.status, t.status) AS status,
          attention_of(t.status, t.score, w.status, w.machine_status) AS attention FROM written t
        JOIN plan_items p ON p.document = t.document AND p.ordinal = t.ordinal
        LEFT JOIN plan_workflows w ON w.document = p.document AND w.item = p.item) held
  WHERE held.document = i.document AND held.ordinal = i.ordinal AND
    (held.status, held.attention) IS DISTINCT FROM (i.status, i.attention);
  RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION hold_status_of_workflow() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE plan_items i SET status = held.status, held_due = held.due, attention = held.attention
  FROM (SELECT p.document, p.ordinal, coalesce(NEW.status, t.status, 1) AS status, held_due_of(NEW.due, p.due, p.year) AS due,
          attention_of(t.status, t.score, NEW.status, NEW.machine_status) AS attention FROM plan_items p
        LEFT JOIN trackings t ON t.document = p.document AND t.ordinal = p.ordinal
        WHERE p.document = NEW.document AND p.item = NEW.item) held
  WHERE held.document = i.document AND held.ordinal = i.ordinal AND
    (held.status, held.due, held.attention) IS DISTINCT FROM (i.status, i.held_due, i.attention);
  RETURN NULL;
END $$;

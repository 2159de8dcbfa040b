"""The tables of drafts on PostgreSQL, and who may see, add to and end them.

Drafts lie outside the log. They are never changed; the owner may delete those that have ended.
Each row says whose it is by the login of the session, and the database sees to that. A login under
another name is the same one.
"""

from __future__ import annotations

DRAFTS = ("drafts", "draft_events", "draft_ends")

TABLES = (
    """CREATE TABLE stakebook.drafts (
  number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  by text COLLATE "C" NOT NULL DEFAULT session_user,
  at timestamptz NOT NULL DEFAULT now(),
  login oid NOT NULL DEFAULT quote_ident(session_user)::regrole::oid
)""",
    """CREATE TABLE stakebook.draft_events (
  draft bigint NOT NULL REFERENCES stakebook.drafts ON DELETE CASCADE,
  line bigint NOT NULL,
  key text COLLATE "C" NOT NULL,
  key_given boolean NOT NULL,
  type text COLLATE "C" NOT NULL,
  data text COLLATE "C" NOT NULL CHECK (jsonb_typeof(data::jsonb) = 'object'),
  PRIMARY KEY (draft, line),
  UNIQUE (draft, key)
)""",
    """CREATE TABLE stakebook.draft_ends (
  draft bigint PRIMARY KEY REFERENCES stakebook.drafts ON DELETE CASCADE,
  by text COLLATE "C" NOT NULL DEFAULT session_user,
  at timestamptz NOT NULL DEFAULT clock_timestamp(),
  step text COLLATE "C" NOT NULL CHECK (step IN ('rejected', 'withdrawn')),
  note text COLLATE "C" NOT NULL
)""",
    "CREATE INDEX draft_events_key ON stakebook.draft_events (key)",
    *(f"ALTER TABLE stakebook.{name} ENABLE ROW LEVEL SECURITY" for name in DRAFTS),
)
TRIGGERS = (
    *(
        f"""CREATE TRIGGER never BEFORE UPDATE ON stakebook.{name}
  FOR EACH STATEMENT EXECUTE FUNCTION stakebook.never()"""
        for name in DRAFTS
    ),
    """CREATE TRIGGER ended BEFORE INSERT ON stakebook.draft_ends
  FOR EACH ROW EXECUTE FUNCTION stakebook.ended()""",
)

# A draft ends or is recorded, never both: each waits for the other at the draft's row.
ENDED = """CREATE FUNCTION stakebook.ended() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = stakebook, pg_catalog, pg_temp AS $body$
BEGIN
  PERFORM FROM drafts WHERE number = NEW.draft FOR UPDATE;
  IF EXISTS (SELECT FROM draft_events WHERE draft = NEW.draft)
    AND NOT EXISTS (SELECT FROM draft_events AS e WHERE e.draft = NEW.draft
      AND NOT EXISTS (SELECT FROM stored_events AS r WHERE r.key = e.key)) THEN
    RAISE EXCEPTION 'stakebook: draft % is recorded', NEW.draft;
  END IF;
  RETURN NEW;
END $body$"""

# An event is one of a draft of another person, who is named as its author, and which stands.
APPROVED = """CREATE FUNCTION stakebook.approved(event jsonb) RETURNS boolean
LANGUAGE sql STABLE AS $body$
  SELECT coalesce(event -> 'actor' ->> 'approved_by' = session_user
    AND event -> 'actor' ->> 'database' = session_user
    AND EXISTS (
      SELECT FROM stakebook.drafts AS d JOIN stakebook.draft_events AS e ON e.draft = d.number
      WHERE e.key = event ->> 'key' AND e.type = event ->> 'type'
        AND e.data::jsonb = event -> 'data'
        AND d.by = event -> 'actor' ->> 'by' AND d.by <> session_user
        AND d.login <> quote_ident(session_user)::regrole::oid
        AND NOT EXISTS (SELECT FROM stakebook.draft_ends AS s WHERE s.draft = d.number)), false)
$body$"""

# What was drafted together is recorded together: asked of the events after one position and up to
# another, when a transaction ends. Each is one of a draft that is recorded whole.
TOGETHER = """CREATE FUNCTION stakebook.together(low bigint, high bigint) RETURNS boolean
LANGUAGE sql STABLE AS $body$
  WITH new AS MATERIALIZED (
    SELECT key, convert_from(state, 'UTF8')::jsonb AS said FROM stakebook.stored_events
    WHERE position > low AND position <= high),
  whole AS MATERIALIZED (
    SELECT t.draft FROM (SELECT DISTINCT e.draft FROM new JOIN stakebook.draft_events AS e
      ON e.key = new.key) AS t
    WHERE NOT EXISTS (SELECT FROM stakebook.draft_ends AS s WHERE s.draft = t.draft)
      AND NOT EXISTS (SELECT FROM stakebook.draft_events AS o WHERE o.draft = t.draft
        AND NOT EXISTS (SELECT FROM stakebook.stored_events AS x WHERE x.key = o.key)))
  SELECT NOT EXISTS (SELECT FROM new WHERE NOT EXISTS (
    SELECT FROM stakebook.draft_events AS e
    JOIN stakebook.drafts AS d ON d.number = e.draft JOIN whole ON whole.draft = e.draft
    WHERE e.key = new.key AND e.type = said ->> 'type' AND e.data::jsonb = said -> 'data'
      AND d.by = said -> 'actor' ->> 'by'))
$body$"""

GRANT = """DO $do$
DECLARE
  recorder text := current_database() || '_recorder';
  approver text := current_database() || '_approver';
  auditor text := current_database() || '_auditor';
BEGIN
  EXECUTE format('GRANT SELECT ON stakebook.drafts, stakebook.draft_events, stakebook.draft_ends'
    ' TO %I, %I, %I', recorder, approver, auditor);
  EXECUTE format('GRANT INSERT (at) ON stakebook.drafts TO %I', recorder);
  EXECUTE format('GRANT INSERT ON stakebook.draft_events TO %I', recorder);
  EXECUTE format('GRANT INSERT (draft, step, note) ON stakebook.draft_ends TO %I, %I',
    recorder, approver);
  EXECUTE format('CREATE POLICY own ON stakebook.drafts FOR SELECT TO %I'
    ' USING (by = session_user)', recorder);
  EXECUTE format('CREATE POLICY every ON stakebook.drafts FOR SELECT TO %I, %I USING (true)',
    approver, auditor);
  EXECUTE format('CREATE POLICY made ON stakebook.drafts FOR INSERT TO %I'
    ' WITH CHECK (by = session_user AND at = now())', recorder);
  EXECUTE format('CREATE POLICY seen ON stakebook.draft_events FOR SELECT TO %I, %I, %I'
    ' USING (EXISTS (SELECT FROM stakebook.drafts AS d WHERE d.number = draft))',
    recorder, approver, auditor);
  EXECUTE format('CREATE POLICY made ON stakebook.draft_events FOR INSERT TO %I'
    ' WITH CHECK (EXISTS (SELECT FROM stakebook.drafts AS d WHERE d.number = draft'
    ' AND d.by = session_user AND d.xmin = pg_current_xact_id()::xid))', recorder);
  EXECUTE format('CREATE POLICY seen ON stakebook.draft_ends FOR SELECT TO %I, %I, %I'
    ' USING (EXISTS (SELECT FROM stakebook.drafts AS d WHERE d.number = draft))',
    recorder, approver, auditor);
  EXECUTE format('CREATE POLICY withdrawn ON stakebook.draft_ends FOR INSERT TO %I'
    ' WITH CHECK (by = session_user AND step = ''withdrawn'' AND EXISTS'
    ' (SELECT FROM stakebook.drafts AS d WHERE d.number = draft AND d.by = session_user))',
    recorder);
  EXECUTE format('CREATE POLICY rejected ON stakebook.draft_ends FOR INSERT TO %I'
    ' WITH CHECK (by = session_user AND step = ''rejected'' AND EXISTS'
    ' (SELECT FROM stakebook.drafts AS d WHERE d.number = draft AND d.by <> session_user))',
    approver);
END $do$"""

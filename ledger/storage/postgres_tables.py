"""The tables of a ledger on PostgreSQL, what guards them, and the rights of each role.

They belong to a role that cannot log in. Nobody else can change or delete what is recorded, and
what is inserted must be what its bytes say, at the position that follows.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from ledger.storage import draft_tables

FORMAT = 2
ROLES = (
    "owner",
    "reader",
    "recorder",
    "approver",
    "auditor",
    "sealer",
)  # DATABASE_reader, and so on

_MAKE_ROLES = """DO $do$
DECLARE part text; role text;
BEGIN
  IF octet_length(current_database()) > 54 THEN  -- names of roles would be cut off
    RAISE EXCEPTION 'the name of the database is too long for the names of its roles'
      USING HINT = 'Name it in at most 54 bytes.';
  END IF;
  role := current_database() || '_owner';
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = role AND rolcanlogin) THEN
    RAISE EXCEPTION 'the role % is there and may log in: it could change what is recorded', role
      USING HINT = format('Say ALTER ROLE %I NOLOGIN before.', role);
  END IF;
  FOREACH part IN ARRAY ARRAY['{roles}'] LOOP
    role := current_database() || '_' || part;
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = role) THEN
      EXECUTE format('CREATE ROLE %I NOLOGIN', role);
    END IF;
  END LOOP;
  role := current_database() || '_owner';
  IF NOT pg_has_role(current_user, role, 'USAGE') THEN  -- whoever made it administers it alone
    EXECUTE format('GRANT %I TO %I', role, current_user);
  END IF;
  EXECUTE format('CREATE SCHEMA stakebook AUTHORIZATION %I', role);
  EXECUTE format('SET LOCAL ROLE %I', role);
END $do$"""

TABLES = (
    """CREATE TABLE stakebook.ledger (
  singleton integer PRIMARY KEY CHECK (singleton = 1),
  id text COLLATE "C" NOT NULL,
  format integer NOT NULL,
  require_standby boolean NOT NULL,
  moved text,
  actors text COLLATE "C" NOT NULL CHECK (actors IN ('none', 'required')),
  four_eyes boolean NOT NULL CHECK (actors = 'required' OR NOT four_eyes)
)""",
    """CREATE TABLE stakebook.stored_events (
  position bigint PRIMARY KEY,
  originator_id text COLLATE "C" NOT NULL,
  originator_version bigint NOT NULL,
  topic text COLLATE "C" NOT NULL,
  state bytea NOT NULL,
  key text COLLATE "C" NOT NULL UNIQUE,
  content bytea NOT NULL,
  leaf bytea NOT NULL CHECK (leaf = sha256('\\x00'::bytea || state)),
  UNIQUE (originator_id, originator_version)
)""",
    """CREATE TABLE stakebook.frontier (
  singleton integer PRIMARY KEY CHECK (singleton = 1),
  size bigint NOT NULL,
  peaks bytea NOT NULL
) WITH (fillfactor = 10)""",
    """CREATE TABLE stakebook.checkpoints (
  number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  size bigint NOT NULL,
  note text COLLATE "C" NOT NULL
)""",
    "CREATE INDEX stored_events_content ON stakebook.stored_events (content, position)",
    "CREATE UNIQUE INDEX checkpoints_note ON stakebook.checkpoints (md5(note))",
    "INSERT INTO stakebook.frontier VALUES (1, 0, '')",
)

# The rows of one statement follow the log, and say what their bytes say. The bytes around the data
# are those that RFC 8785 asks for; what the data say is known to the rules of the ledger alone.
_GUARD = r"""CREATE FUNCTION stakebook.guard() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = stakebook, pg_catalog, pg_temp AS $body$
DECLARE
  low bigint; high bigint; many bigint; reached bigint; owner oid;
  previous timestamptz; ours boolean; imported boolean; wrong bigint; told bigint;
  single bigint; named text := '^[A-Za-z0-9][A-Za-z0-9._:/-]*$';
  earliest text; latest text; ours_id text := (SELECT id FROM ledger);
  kept boolean := (SELECT actors <> 'none' FROM ledger);
  two boolean := (SELECT four_eyes FROM ledger);
BEGIN
  IF current_setting('synchronous_commit') NOT IN ('on', 'remote_apply') THEN
    RAISE EXCEPTION 'stakebook: synchronous_commit must be on or remote_apply';
  END IF;
  IF current_setting('transaction_isolation') <> 'read committed' THEN
    RAISE EXCEPTION 'stakebook: what others have committed must be seen: use read committed';
  END IF;
  IF (SELECT require_standby FROM ledger) AND current_setting('synchronous_standby_names') = '' THEN
    RAISE EXCEPTION 'stakebook: synchronous_standby_names must name a standby';
  END IF;
  IF (SELECT moved FROM ledger) IS NOT NULL THEN
    RAISE EXCEPTION 'stakebook: this ledger was moved to %', (SELECT moved FROM ledger);
  END IF;
  SELECT min(position), max(position), count(*) INTO low, high, many FROM fresh;
  IF many = 0 THEN RETURN NULL; END IF;
  SELECT size INTO reached FROM frontier;
  IF high <> reached OR high - low + 1 <> many THEN
    RAISE EXCEPTION 'stakebook: positions % to % do not end the tree of % events',
      low, high, reached;
  END IF;
  SELECT (convert_from(state, 'UTF8')::jsonb ->> 'recorded_at')::timestamptz,
      xmin = pg_current_xact_id()::xid
    INTO previous, ours FROM stored_events WHERE position = low - 1;
  IF low > 1 AND previous IS NULL THEN
    RAISE EXCEPTION 'stakebook: position % does not follow the log', low;
  END IF;
  IF two THEN  -- whoever is ending one of these drafts is waited for
    PERFORM FROM drafts WHERE number IN
      (SELECT e.draft FROM fresh JOIN draft_events AS e ON e.key = fresh.key) FOR SHARE;
  END IF;
  SELECT relowner INTO owner FROM pg_class WHERE oid = TG_RELID;
  imported := pg_has_role(session_user, owner, 'MEMBER');
  SELECT min(position) FILTER (
      WHERE NOT coalesce(state = head || data || tail
          AND convert_from(data, 'UTF8')::jsonb = said -> 'data'
          AND content = sha256(convert_to('{"data":', 'UTF8') || data
            || convert_to(',"type":' || to_json(topic) || '}', 'UTF8'))
          AND said ->> 'id' ~ named AND length(said ->> 'id') <= 128
          AND key ~ named AND length(key) <= 128
          AND said ->> 'recorded_at' ~ '^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$'
          AND said ->> 'schema' ~ '^[1-9][0-9]{0,3}$', false)
        OR originator_version <> 1 AND NOT EXISTS (SELECT FROM stored_events AS b
          WHERE b.originator_id = rows.originator_id
            AND b.originator_version = rows.originator_version - 1)
        OR NOT imported AND said ? 'actor' IS DISTINCT FROM kept
        OR NOT imported AND kept AND NOT two AND NOT recorded_by(said -> 'actor')),
    min(position) FILTER (WHERE two AND NOT imported AND NOT approved(said)),
    min(said ->> 'recorded_at' COLLATE "C"), max(said ->> 'recorded_at' COLLATE "C"),
    count(said ->> 'recorded_at')
    INTO wrong, single, earliest, latest, told
    FROM (SELECT *, substring(state FROM length(head) + 1
        FOR greatest(length(state) - length(head) - length(tail), 0)) AS data
      FROM (SELECT *,
          convert_to(CASE WHEN said ? 'actor' THEN '{"actor":{' || (
              SELECT string_agg(to_json(a.key) || ':' || to_json(a.value), ','
                ORDER BY a.key COLLATE "C")
              FROM jsonb_each_text(said -> 'actor') AS a) || '},"data":'
            ELSE '{"data":' END, 'UTF8') AS head,
          convert_to(',"id":"' || (said ->> 'id') || '","key":"' || key || '","ledger":'
            || to_json(ours_id) || ',"position":' || position
            || ',"recorded_at":"' || (said ->> 'recorded_at') || '","schema":'
            || (said ->> 'schema') || ',"stream":' || to_json(originator_id)
            || ',"type":' || to_json(topic)
            || ',"v":' || CASE WHEN said ? 'actor' THEN 2 ELSE 1 END
            || ',"version":' || originator_version || '}', 'UTF8') AS tail
        FROM (SELECT *, convert_from(state, 'UTF8')::jsonb AS said FROM fresh OFFSET 0) AS parsed
        OFFSET 0) AS around OFFSET 0) AS rows;
  IF wrong IS NULL AND (told <> many
      OR NOT in_time(earliest::timestamptz, previous, ours, imported)
      OR NOT in_time(latest::timestamptz, previous, ours, imported)) THEN
    wrong := low;
  END IF;
  IF wrong IS NOT NULL THEN
    RAISE EXCEPTION 'stakebook: row % is not what its bytes say, or not of its time or login',
      wrong;
  END IF;
  IF single IS NOT NULL THEN
    RAISE EXCEPTION 'stakebook: row % is not as another person has drafted it', single;
  END IF;
  RETURN NULL;
END $body$"""

# After the event before it (at its time within one transaction), by the server's clock; what is
# imported by the owner bears the times at which it was recorded.
_IN_TIME = """CREATE FUNCTION stakebook.in_time(
  told timestamptz, previous timestamptz, ours boolean, imported boolean
) RETURNS boolean LANGUAGE sql STABLE AS $body$
  SELECT coalesce(
    imported
    OR (previous IS NULL OR told > previous OR (ours AND told = previous))
      AND (told BETWEEN clock_timestamp() - interval '5 minutes'
          AND clock_timestamp() + interval '5 minutes'
        OR told = previous + interval '1 microsecond' OR (ours AND told = previous)), false)
$body$"""

# Who records says so: the login is that of the session.
_RECORDED_BY = """CREATE FUNCTION stakebook.recorded_by(actor jsonb) RETURNS boolean
LANGUAGE sql STABLE AS $body$
  SELECT coalesce(actor ->> 'database' = session_user AND actor ->> 'by' <> ''
    AND NOT actor ? 'approved_by', false)
$body$"""

# The tree ends where the log does when a transaction ends.
_WHOLE = """CREATE FUNCTION stakebook.whole() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = stakebook, pg_catalog, pg_temp AS $body$
DECLARE last bigint; owner oid;
BEGIN
  IF current_setting('synchronous_commit') NOT IN ('on', 'remote_apply') THEN
    RAISE EXCEPTION 'stakebook: synchronous_commit must be on or remote_apply';
  END IF;
  SELECT coalesce(max(position), 0) INTO last FROM stored_events;
  IF EXISTS (SELECT FROM frontier
    WHERE size <> last OR octet_length(peaks) <> 32 * bit_count(size::bit(64))) THEN
    RAISE EXCEPTION 'stakebook: the tree does not end where the log does, at %', last;
  END IF;
  SELECT relowner INTO owner FROM pg_class WHERE oid = TG_RELID;
  IF (SELECT four_eyes FROM ledger) AND NOT together(OLD.size, NEW.size)
    AND NOT pg_has_role(session_user, owner, 'MEMBER') THEN
    RAISE EXCEPTION 'stakebook: a draft is recorded whole, or not at all';
  END IF;
  RETURN NULL;
END $body$"""

# A checkpoint is one of the first events, and of no time to come, which all events would follow.
# It is a signed note as it is read: base64 in the one way to write it, names without spaces.
_SEALED = r"""CREATE FUNCTION stakebook.sealed() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = stakebook, pg_catalog, pg_temp AS $body$
DECLARE
  owner oid; told text[] := string_to_array(NEW.note, E'\n');
  hash text := '[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=';
  name text := '[^+\u0001-\u0020\u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+';
  value text := '([A-Za-z0-9+/]{4})+([A-Za-z0-9+/]{4}|[A-Za-z0-9+/]{2}[AEIMQUYcgkosw048]='
    '|[A-Za-z0-9+/]{5}[AQgw]==)';
  ours text := 'stakebook/' || (SELECT id FROM ledger);
BEGIN
  IF told[1] <> ours OR told[2] <> NEW.size::text OR NEW.size > (SELECT size FROM frontier)
    OR length(NEW.note) > 1048576
    OR NEW.note !~ ('^[^\n]+\n\d+\n' || hash || '\n\n(— ' || name || ' ' || value || '\n)+$') THEN
    RAISE EXCEPTION 'stakebook: this is no checkpoint of the first events of this ledger';
  END IF;
  SELECT relowner INTO owner FROM pg_class WHERE oid = TG_RELID;
  IF NOT pg_has_role(session_user, owner, 'MEMBER') AND EXISTS (
    SELECT FROM (SELECT decode(split_part(line, ' ', 3), 'base64') AS signed
      FROM unnest(told) AS line WHERE split_part(line, ' ', 2) = ours) AS signatures
    WHERE length(signed) = 76
      AND ('x' || encode(substring(signed FROM 5 FOR 8), 'hex'))::bit(64)::bigint
        > extract(epoch FROM clock_timestamp()) + 300) THEN
    RAISE EXCEPTION 'stakebook: this checkpoint is of a time to come';
  END IF;
  RETURN NEW;
END $body$"""

_NEVER = """CREATE FUNCTION stakebook.never() RETURNS trigger LANGUAGE plpgsql AS $body$
BEGIN
  RAISE EXCEPTION 'stakebook: what is recorded is never changed: append a correction';
END $body$"""

FUNCTIONS = {
    "in_time": _IN_TIME,
    "recorded_by": _RECORDED_BY,
    "approved": draft_tables.APPROVED,
    "together": draft_tables.TOGETHER,
    "ended": draft_tables.ENDED,
    "guard": _GUARD,
    "whole": _WHOLE,
    "sealed": _SEALED,
    "never": _NEVER,
}

TRIGGERS = (
    *draft_tables.TRIGGERS,
    """CREATE TRIGGER guard AFTER INSERT ON stakebook.stored_events
  REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION stakebook.guard()""",
    """CREATE CONSTRAINT TRIGGER whole AFTER UPDATE ON stakebook.frontier
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION stakebook.whole()""",
    """CREATE TRIGGER sealed BEFORE INSERT ON stakebook.checkpoints
  FOR EACH ROW EXECUTE FUNCTION stakebook.sealed()""",
    """CREATE TRIGGER never BEFORE UPDATE OR DELETE OR TRUNCATE ON stakebook.stored_events
  FOR EACH STATEMENT EXECUTE FUNCTION stakebook.never()""",
    """CREATE TRIGGER never BEFORE UPDATE OR DELETE OR TRUNCATE ON stakebook.checkpoints
  FOR EACH STATEMENT EXECUTE FUNCTION stakebook.never()""",
    """CREATE TRIGGER never BEFORE DELETE OR TRUNCATE ON stakebook.frontier
  FOR EACH STATEMENT EXECUTE FUNCTION stakebook.never()""",
    """CREATE TRIGGER never BEFORE DELETE OR TRUNCATE ON stakebook.ledger
  FOR EACH STATEMENT EXECUTE FUNCTION stakebook.never()""",
)

_GRANT = """DO $do$
DECLARE
  base text := current_database() || '_';
  readers text := format('%I, %I, %I, %I, %I', base || 'reader', base || 'recorder',
    base || 'approver', base || 'auditor', base || 'sealer');
BEGIN
  EXECUTE 'GRANT USAGE ON SCHEMA stakebook TO ' || readers;
  EXECUTE 'GRANT SELECT ON stakebook.ledger, stakebook.stored_events, stakebook.frontier,'
    ' stakebook.checkpoints TO ' || readers;
  EXECUTE format('GRANT INSERT ON stakebook.stored_events TO %I', base || '{writer}');
  EXECUTE format('GRANT UPDATE (size, peaks) ON stakebook.frontier TO %I', base || '{writer}');
  EXECUTE format('GRANT INSERT (size, note) ON stakebook.checkpoints TO %I', base || 'sealer');
END $do$"""
_TELL = """DO $do$
BEGIN
  EXECUTE format('GRANT pg_read_all_settings TO %I', current_database() || '_auditor');
EXCEPTION WHEN insufficient_privilege THEN
  RAISE NOTICE 'stakebook: the auditor may not read all settings';
END $do$"""


class Choices(NamedTuple):
    """How a ledger on a server is to be kept, for good."""

    require_standby: bool = False
    actors: bool = False
    four_eyes: bool = False


def statements(ledger_id: str, choices: Choices) -> Iterator[str]:
    """The SQL that makes a ledger, to be run once, in one transaction, by an administrator."""
    quoted = ledger_id.replace("'", "''")
    yield _MAKE_ROLES.replace("{roles}", "', '".join(ROLES))
    yield from (*TABLES, *draft_tables.TABLES)
    yield (
        "INSERT INTO stakebook.ledger VALUES"
        f" (1, '{quoted}', {FORMAT}, {choices.require_standby}, NULL,"
        f" '{'required' if choices.actors or choices.four_eyes else 'none'}', {choices.four_eyes})"
    )
    yield from FUNCTIONS.values()
    yield from (
        *TRIGGERS,
        _GRANT.replace("{writer}", "approver" if choices.four_eyes else "recorder"),
    )
    if choices.four_eyes:
        yield draft_tables.GRANT
    yield "RESET ROLE"
    yield _TELL

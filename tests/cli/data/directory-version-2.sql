PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
CREATE TABLE IF NOT EXISTS "tenant" (
  "tenant" TEXT NOT NULL,
  "domain" TEXT UNIQUE,
  "country" TEXT,
  "zone" TEXT,
  "quarantine_days" INTEGER NOT NULL,
  "rev" INTEGER NOT NULL,
  PRIMARY KEY ("tenant")
) STRICT;
INSERT INTO tenant VALUES('acme',NULL,'FR',NULL,90,1);
CREATE TABLE IF NOT EXISTS "target" (
  "tenant" TEXT NOT NULL REFERENCES "tenant" ("tenant"),
  "target" TEXT NOT NULL,
  PRIMARY KEY ("tenant", "target")
) STRICT, WITHOUT ROWID;
INSERT INTO target VALUES('acme','user:alice');
INSERT INTO target VALUES('acme','user:bob');
INSERT INTO target VALUES('acme','voicemail:alice');
INSERT INTO target VALUES('acme','voicemail:bob');
CREATE TABLE IF NOT EXISTS "address" (
  "tenant" TEXT NOT NULL,
  "address" TEXT NOT NULL,
  "house" TEXT,
  "street" TEXT NOT NULL,
  "floor" TEXT,
  "room" TEXT,
  "postcode" TEXT,
  "city" TEXT NOT NULL,
  "state" TEXT,
  "country" TEXT,
  "rev" INTEGER NOT NULL,
  PRIMARY KEY ("tenant", "address"),
  FOREIGN KEY ("tenant") REFERENCES "tenant" ("tenant")
) STRICT;
CREATE TABLE IF NOT EXISTS "site" (
  "tenant" TEXT NOT NULL,
  "site" TEXT NOT NULL,
  "address" TEXT,
  "zone" TEXT,
  "location" TEXT,
  "rev" INTEGER NOT NULL,
  PRIMARY KEY ("tenant", "site"),
  FOREIGN KEY ("tenant") REFERENCES "tenant" ("tenant"),
  FOREIGN KEY ("tenant", "location") REFERENCES "address" ("tenant", "address")
) STRICT;
CREATE TABLE IF NOT EXISTS "barring" (
  "tenant" TEXT NOT NULL,
  "barring" TEXT NOT NULL,
  "note" TEXT,
  "rev" INTEGER NOT NULL,
  PRIMARY KEY ("tenant", "barring"),
  FOREIGN KEY ("tenant") REFERENCES "tenant" ("tenant")
) STRICT;
CREATE TABLE IF NOT EXISTS "denied" (
  "tenant" TEXT NOT NULL,
  "barring" TEXT NOT NULL,
  "position" INTEGER NOT NULL,
  "prefix" TEXT NOT NULL,
  "rev" INTEGER NOT NULL,
  PRIMARY KEY ("tenant", "barring", "position"),
  FOREIGN KEY ("tenant") REFERENCES "tenant" ("tenant"),
  FOREIGN KEY ("tenant", "barring") REFERENCES "barring" ("tenant", "barring")
) STRICT;
CREATE TABLE IF NOT EXISTS "allowed" (
  "tenant" TEXT NOT NULL,
  "barring" TEXT NOT NULL,
  "position" INTEGER NOT NULL,
  "prefix" TEXT NOT NULL,
  "rev" INTEGER NOT NULL,
  PRIMARY KEY ("tenant", "barring", "position"),
  FOREIGN KEY ("tenant") REFERENCES "tenant" ("tenant"),
  FOREIGN KEY ("tenant", "barring") REFERENCES "barring" ("tenant", "barring")
) STRICT;
CREATE TABLE IF NOT EXISTS "user" (
  "tenant" TEXT NOT NULL,
  "user" TEXT NOT NULL,
  "name" TEXT,
  "default_cli" INTEGER CHECK ("default_cli" BETWEEN 1000 AND 999999999999999),
  "ring" INTEGER NOT NULL,
  "dnd" INTEGER NOT NULL CHECK ("dnd" IN (0, 1)),
  "barring" TEXT,
  "pin" TEXT,
  "rev" INTEGER NOT NULL,
  "as_target" TEXT GENERATED ALWAYS AS ('user:' || "user") STORED,
  PRIMARY KEY ("tenant", "user"),
  FOREIGN KEY ("tenant", "as_target") REFERENCES "target" ("tenant", "target"),
  FOREIGN KEY ("tenant") REFERENCES "tenant" ("tenant"),
  FOREIGN KEY ("tenant", "barring") REFERENCES "barring" ("tenant", "barring")
) STRICT;
INSERT INTO user VALUES('acme','alice',NULL,NULL,30,0,NULL,NULL,2);
INSERT INTO user VALUES('acme','bob',NULL,NULL,30,0,NULL,NULL,4);
CREATE TABLE IF NOT EXISTS "phone" (
  "tenant" TEXT NOT NULL,
  "phone" TEXT NOT NULL,
  "site" TEXT NOT NULL,
  "home" TEXT,
  "hot_desk" INTEGER NOT NULL CHECK ("hot_desk" IN (0, 1)),
  "contact" TEXT NOT NULL,
  "emergency_cli" INTEGER CHECK ("emergency_cli" BETWEEN 1000 AND 999999999999999),
  "location" TEXT,
  "sip_user" TEXT,
  "ha1" TEXT,
  "rev" INTEGER NOT NULL,
  PRIMARY KEY ("tenant", "phone"),
  FOREIGN KEY ("tenant") REFERENCES "tenant" ("tenant"),
  FOREIGN KEY ("tenant", "site") REFERENCES "site" ("tenant", "site"),
  FOREIGN KEY ("tenant", "home") REFERENCES "user" ("tenant", "user"),
  FOREIGN KEY ("tenant", "location") REFERENCES "address" ("tenant", "address")
) STRICT;
CREATE TABLE IF NOT EXISTS "group" (
  "tenant" TEXT NOT NULL,
  "group" TEXT NOT NULL,
  "strategy" TEXT NOT NULL CHECK ("strategy" = 'simultaneous' OR "strategy" = 'sequential'),
  "ring" INTEGER NOT NULL,
  "overflow" TEXT,
  "rev" INTEGER NOT NULL,
  "as_target" TEXT GENERATED ALWAYS AS ('group:' || "group") STORED,
  PRIMARY KEY ("tenant", "group"),
  FOREIGN KEY ("tenant", "as_target") REFERENCES "target" ("tenant", "target"),
  FOREIGN KEY ("tenant") REFERENCES "tenant" ("tenant"),
  FOREIGN KEY ("tenant", "overflow") REFERENCES "target" ("tenant", "target")
) STRICT;
CREATE TABLE IF NOT EXISTS "member" (
  "tenant" TEXT NOT NULL,
  "group" TEXT NOT NULL,
  "position" INTEGER NOT NULL,
  "user" TEXT NOT NULL,
  "rev" INTEGER NOT NULL,
  PRIMARY KEY ("tenant", "group", "position"),
  FOREIGN KEY ("tenant") REFERENCES "tenant" ("tenant"),
  FOREIGN KEY ("tenant", "group") REFERENCES "group" ("tenant", "group"),
  FOREIGN KEY ("tenant", "user") REFERENCES "user" ("tenant", "user")
) STRICT;
CREATE TABLE IF NOT EXISTS "schedule" (
  "tenant" TEXT NOT NULL,
  "schedule" TEXT NOT NULL,
  "zone" TEXT NOT NULL,
  "open" TEXT NOT NULL,
  "closed" TEXT,
  "override" TEXT NOT NULL CHECK ("override" = 'auto' OR "override" = 'open' OR "override" = 'closed'),
  "override_until" INTEGER,
  "rev" INTEGER NOT NULL,
  "as_target" TEXT GENERATED ALWAYS AS ('schedule:' || "schedule") STORED,
  PRIMARY KEY ("tenant", "schedule"),
  FOREIGN KEY ("tenant", "as_target") REFERENCES "target" ("tenant", "target"),
  FOREIGN KEY ("tenant") REFERENCES "tenant" ("tenant"),
  FOREIGN KEY ("tenant", "open") REFERENCES "target" ("tenant", "target"),
  FOREIGN KEY ("tenant", "closed") REFERENCES "target" ("tenant", "target")
) STRICT;
CREATE TABLE IF NOT EXISTS "period" (
  "tenant" TEXT NOT NULL,
  "schedule" TEXT NOT NULL,
  "position" INTEGER NOT NULL,
  "hours" TEXT NOT NULL,
  "rev" INTEGER NOT NULL,
  PRIMARY KEY ("tenant", "schedule", "position"),
  FOREIGN KEY ("tenant") REFERENCES "tenant" ("tenant"),
  FOREIGN KEY ("tenant", "schedule") REFERENCES "schedule" ("tenant", "schedule")
) STRICT;
CREATE TABLE IF NOT EXISTS "holiday" (
  "tenant" TEXT NOT NULL,
  "schedule" TEXT NOT NULL,
  "position" INTEGER NOT NULL,
  "day" TEXT NOT NULL,
  "rev" INTEGER NOT NULL,
  PRIMARY KEY ("tenant", "schedule", "position"),
  FOREIGN KEY ("tenant") REFERENCES "tenant" ("tenant"),
  FOREIGN KEY ("tenant", "schedule") REFERENCES "schedule" ("tenant", "schedule")
) STRICT;
CREATE TABLE IF NOT EXISTS "forward" (
  "tenant" TEXT NOT NULL,
  "user" TEXT NOT NULL,
  "condition" TEXT NOT NULL CHECK ("condition" = 'cfu' OR "condition" = 'cfb' OR "condition" = 'cfnr' OR "condition" = 'cfnrc'),
  "to" TEXT,
  "number" INTEGER CHECK ("number" BETWEEN 1000 AND 999999999999999),
  "after" INTEGER,
  "rev" INTEGER NOT NULL,
  PRIMARY KEY ("tenant", "user", "condition"),
  CHECK (("to" IS NULL) <> ("number" IS NULL)),
  FOREIGN KEY ("tenant") REFERENCES "tenant" ("tenant"),
  FOREIGN KEY ("tenant", "user") REFERENCES "user" ("tenant", "user"),
  FOREIGN KEY ("tenant", "to") REFERENCES "target" ("tenant", "target")
) STRICT;
CREATE TABLE IF NOT EXISTS "extension" (
  "tenant" TEXT NOT NULL,
  "extension" TEXT NOT NULL,
  "to" TEXT NOT NULL,
  "overlap" INTEGER NOT NULL CHECK ("overlap" IN (0, 1)),
  "rev" INTEGER NOT NULL,
  PRIMARY KEY ("tenant", "extension"),
  FOREIGN KEY ("tenant") REFERENCES "tenant" ("tenant"),
  FOREIGN KEY ("tenant", "to") REFERENCES "target" ("tenant", "target")
) STRICT;
CREATE TABLE IF NOT EXISTS "block" (
  "first" INTEGER NOT NULL CHECK ("first" BETWEEN 1000 AND 999999999999999),
  "last" INTEGER NOT NULL CHECK ("last" BETWEEN 1000 AND 999999999999999),
  "tenant" TEXT,
  "holder" TEXT,
  "origin" TEXT NOT NULL CHECK ("origin" = 'allocated' OR "origin" = 'leased' OR "origin" = 'ported'),
  "rev" INTEGER NOT NULL,
  PRIMARY KEY ("first"),
  CHECK ("last" >= "first"),
  FOREIGN KEY ("tenant") REFERENCES "tenant" ("tenant")
) STRICT;
INSERT INTO block VALUES(33199000000,33199000999,'acme',NULL,'allocated',3);
CREATE TABLE IF NOT EXISTS "number" (
  "number" INTEGER NOT NULL CHECK ("number" BETWEEN 1000 AND 999999999999999),
  "tenant" TEXT,
  "state" TEXT NOT NULL CHECK ("state" = 'reserved' OR "state" = 'assigned' OR "state" = 'quarantine' OR "state" = 'port_in' OR "state" = 'port_out' OR "state" = 'ported_out'),
  "target" TEXT,
  "until" INTEGER,
  "reason" TEXT,
  "request" TEXT,
  "rev" INTEGER NOT NULL,
  PRIMARY KEY ("number"),
  CHECK ("state" <> 'assigned' OR "target" IS NOT NULL),
  CHECK ("target" IS NULL OR "state" = 'assigned' OR "state" = 'port_in' OR "state" = 'port_out'),
  CHECK ("state" NOT IN ('reserved', 'quarantine') OR "until" IS NOT NULL),
  FOREIGN KEY ("tenant") REFERENCES "tenant" ("tenant"),
  FOREIGN KEY ("tenant", "target") REFERENCES "target" ("tenant", "target")
) STRICT;
INSERT INTO number VALUES(33199000001,'acme','assigned','user:alice',NULL,NULL,NULL,4);
INSERT INTO number VALUES(33199000002,'acme','quarantine',NULL,1803204000,NULL,NULL,5);
INSERT INTO number VALUES(33199000003,'acme','assigned','user:bob',NULL,NULL,NULL,4);
CREATE TABLE IF NOT EXISTS "cli" (
  "tenant" TEXT NOT NULL,
  "cli" INTEGER NOT NULL CHECK ("cli" BETWEEN 1000 AND 999999999999999),
  "last" INTEGER CHECK ("last" BETWEEN 1000 AND 999999999999999),
  "proof" TEXT,
  "rev" INTEGER NOT NULL,
  PRIMARY KEY ("tenant", "cli"),
  CHECK ("last" IS NULL OR "last" >= "cli"),
  FOREIGN KEY ("tenant") REFERENCES "tenant" ("tenant")
) STRICT;
CREATE TABLE IF NOT EXISTS "cli_user" (
  "tenant" TEXT NOT NULL,
  "cli" INTEGER NOT NULL CHECK ("cli" BETWEEN 1000 AND 999999999999999),
  "position" INTEGER NOT NULL,
  "user" TEXT NOT NULL,
  "rev" INTEGER NOT NULL,
  PRIMARY KEY ("tenant", "cli", "position"),
  FOREIGN KEY ("tenant") REFERENCES "tenant" ("tenant"),
  FOREIGN KEY ("tenant", "cli") REFERENCES "cli" ("tenant", "cli"),
  FOREIGN KEY ("tenant", "user") REFERENCES "user" ("tenant", "user")
) STRICT;
CREATE TABLE IF NOT EXISTS "login" (
  "tenant" TEXT NOT NULL,
  "phone" TEXT NOT NULL,
  "user" TEXT NOT NULL,
  "since" INTEGER NOT NULL,
  "until" INTEGER,
  "rev" INTEGER NOT NULL,
  PRIMARY KEY ("tenant", "phone"),
  UNIQUE ("tenant", "user"),
  FOREIGN KEY ("tenant") REFERENCES "tenant" ("tenant"),
  FOREIGN KEY ("tenant", "phone") REFERENCES "phone" ("tenant", "phone"),
  FOREIGN KEY ("tenant", "user") REFERENCES "user" ("tenant", "user")
) STRICT;
CREATE TABLE IF NOT EXISTS "usage" (
  "chunk" INTEGER PRIMARY KEY,
  "used" INTEGER NOT NULL
) STRICT;
INSERT INTO usage VALUES(33199000,3);
CREATE TABLE IF NOT EXISTS "change" (
  "change" INTEGER PRIMARY KEY AUTOINCREMENT,
  "at" INTEGER NOT NULL,
  "actor" TEXT NOT NULL,
  "host" TEXT NOT NULL,
  "command" TEXT NOT NULL,
  "message" TEXT,
  "plan" TEXT,
  "undo_of" INTEGER
) STRICT;
INSERT INTO change VALUES(1,1795428000,'test','here','centrex tenant add',NULL,NULL,NULL);
INSERT INTO change VALUES(2,1795428000,'test','here','centrex user add',NULL,NULL,NULL);
INSERT INTO change VALUES(3,1795428000,'test','here','number block add',NULL,NULL,NULL);
INSERT INTO change VALUES(4,1795428000,'test','here','centrex import',NULL,NULL,NULL);
INSERT INTO change VALUES(5,1795428000,'test','here','number unassign',NULL,NULL,NULL);
CREATE TABLE IF NOT EXISTS "change_row" (
  "change" INTEGER NOT NULL REFERENCES "change" ("change"),
  "seq" INTEGER NOT NULL,
  "table" TEXT NOT NULL,
  "key" TEXT NOT NULL,
  "before" TEXT,
  "after" TEXT,
  PRIMARY KEY ("change", "seq")
) STRICT, WITHOUT ROWID;
INSERT INTO change_row VALUES(1,1,'tenant','acme',NULL,'{"tenant":"acme","country":"FR","quarantine_days":90}');
INSERT INTO change_row VALUES(2,1,'user','acme alice',NULL,'{"tenant":"acme","user":"alice","ring":30,"dnd":false}');
INSERT INTO change_row VALUES(3,1,'block','+33199000000',NULL,'{"first":"+33199000000","last":"+33199000999","tenant":"acme","origin":"allocated"}');
INSERT INTO change_row VALUES(4,1,'number','+33199000001',NULL,'{"number":"+33199000001","tenant":"acme","state":"assigned","target":"user:alice"}');
INSERT INTO change_row VALUES(4,2,'number','+33199000002',NULL,'{"number":"+33199000002","tenant":"acme","state":"assigned","target":"user:alice"}');
INSERT INTO change_row VALUES(4,3,'user','acme bob',NULL,'{"tenant":"acme","user":"bob","ring":30,"dnd":false}');
INSERT INTO change_row VALUES(4,4,'number','+33199000003',NULL,'{"number":"+33199000003","tenant":"acme","state":"assigned","target":"user:bob"}');
INSERT INTO change_row VALUES(5,1,'number','+33199000002','{"number":"+33199000002","tenant":"acme","state":"assigned","target":"user:alice"}','{"number":"+33199000002","tenant":"acme","state":"quarantine","until":"2027-02-21T10:00:00Z"}');
DELETE FROM sqlite_sequence;
INSERT INTO sqlite_sequence VALUES('change',5);
CREATE INDEX "site_location" ON "site" ("tenant", "location", "site") WHERE "location" IS NOT NULL;
CREATE INDEX "user_barring" ON "user" ("tenant", "barring", "user") WHERE "barring" IS NOT NULL;
CREATE INDEX "phone_site" ON "phone" ("tenant", "site", "phone") WHERE "site" IS NOT NULL;
CREATE INDEX "phone_home" ON "phone" ("tenant", "home", "phone") WHERE "home" IS NOT NULL;
CREATE INDEX "phone_location" ON "phone" ("tenant", "location", "phone") WHERE "location" IS NOT NULL;
CREATE INDEX "group_overflow" ON "group" ("tenant", "overflow", "group") WHERE "overflow" IS NOT NULL;
CREATE INDEX "member_user" ON "member" ("tenant", "user", "position") WHERE "user" IS NOT NULL;
CREATE INDEX "schedule_open" ON "schedule" ("tenant", "open", "schedule") WHERE "open" IS NOT NULL;
CREATE INDEX "schedule_closed" ON "schedule" ("tenant", "closed", "schedule") WHERE "closed" IS NOT NULL;
CREATE INDEX "forward_to" ON "forward" ("tenant", "to", "condition") WHERE "to" IS NOT NULL;
CREATE INDEX "extension_to" ON "extension" ("tenant", "to", "extension") WHERE "to" IS NOT NULL;
CREATE INDEX "number_target" ON "number" ("tenant", "target", "number") WHERE "target" IS NOT NULL;
CREATE INDEX "cli_user_user" ON "cli_user" ("tenant", "user", "position") WHERE "user" IS NOT NULL;
CREATE INDEX "number_until" ON "number" ("until", "number") WHERE "until" IS NOT NULL;
CREATE INDEX "user_default_cli" ON "user" ("default_cli") WHERE "default_cli" IS NOT NULL;
CREATE INDEX "number_request" ON "number" ("request", "number") WHERE "request" IS NOT NULL;
CREATE TRIGGER "change_no_UPDATE" BEFORE UPDATE ON "change" BEGIN SELECT RAISE(ABORT, 'history is only added to'); END;
CREATE TRIGGER "change_no_DELETE" BEFORE DELETE ON "change" BEGIN SELECT RAISE(ABORT, 'history is only added to'); END;
CREATE TRIGGER "change_row_no_UPDATE" BEFORE UPDATE ON "change_row" BEGIN SELECT RAISE(ABORT, 'history is only added to'); END;
CREATE TRIGGER "change_row_no_DELETE" BEFORE DELETE ON "change_row" BEGIN SELECT RAISE(ABORT, 'history is only added to'); END;
COMMIT;
PRAGMA application_id=1413631832;
PRAGMA user_version=2;

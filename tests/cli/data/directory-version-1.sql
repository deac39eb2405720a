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
INSERT INTO tenant VALUES('acme','acme.example','FR','Europe/Paris',90,1);
CREATE TABLE IF NOT EXISTS "target" (
  "tenant" TEXT NOT NULL REFERENCES "tenant" ("tenant"),
  "target" TEXT NOT NULL,
  PRIMARY KEY ("tenant", "target")
) STRICT, WITHOUT ROWID;
INSERT INTO target VALUES('acme','group:sales');
INSERT INTO target VALUES('acme','user:alice');
INSERT INTO target VALUES('acme','user:bob');
INSERT INTO target VALUES('acme','voicemail:alice');
INSERT INTO target VALUES('acme','voicemail:bob');
CREATE TABLE IF NOT EXISTS "site" (
  "tenant" TEXT NOT NULL,
  "site" TEXT NOT NULL,
  "address" TEXT,
  "zone" TEXT,
  "rev" INTEGER NOT NULL,
  PRIMARY KEY ("tenant", "site"),
  FOREIGN KEY ("tenant") REFERENCES "tenant" ("tenant")
) STRICT;
INSERT INTO site VALUES('acme','paris','1 rue Exemple, 75001 Paris',NULL,2);
CREATE TABLE IF NOT EXISTS "user" (
  "tenant" TEXT NOT NULL,
  "user" TEXT NOT NULL,
  "name" TEXT,
  "default_cli" INTEGER CHECK ("default_cli" BETWEEN 1000 AND 999999999999999),
  "ring" INTEGER NOT NULL,
  "dnd" INTEGER NOT NULL CHECK ("dnd" IN (0, 1)),
  "rev" INTEGER NOT NULL,
  "as_target" TEXT GENERATED ALWAYS AS ('user:' || "user") STORED,
  PRIMARY KEY ("tenant", "user"),
  FOREIGN KEY ("tenant", "as_target") REFERENCES "target" ("tenant", "target"),
  FOREIGN KEY ("tenant") REFERENCES "tenant" ("tenant")
) STRICT;
INSERT INTO user VALUES('acme','alice','Alice',NULL,30,0,3);
INSERT INTO user VALUES('acme','bob',NULL,NULL,30,0,4);
CREATE TABLE IF NOT EXISTS "phone" (
  "tenant" TEXT NOT NULL,
  "phone" TEXT NOT NULL,
  "site" TEXT NOT NULL,
  "home" TEXT,
  "hot_desk" INTEGER NOT NULL CHECK ("hot_desk" IN (0, 1)),
  "contact" TEXT NOT NULL,
  "emergency_cli" INTEGER CHECK ("emergency_cli" BETWEEN 1000 AND 999999999999999),
  "rev" INTEGER NOT NULL,
  PRIMARY KEY ("tenant", "phone"),
  FOREIGN KEY ("tenant") REFERENCES "tenant" ("tenant"),
  FOREIGN KEY ("tenant", "site") REFERENCES "site" ("tenant", "site"),
  FOREIGN KEY ("tenant", "home") REFERENCES "user" ("tenant", "user")
) STRICT;
INSERT INTO phone VALUES('acme','desk-214','paris','alice',0,'sip:desk-214@192.0.2.14',33199000999,5);
CREATE TABLE IF NOT EXISTS "group" (
  "tenant" TEXT NOT NULL,
  "group" TEXT NOT NULL,
  "strategy" TEXT NOT NULL CHECK ("strategy" IN ('simultaneous', 'sequential')),
  "ring" INTEGER NOT NULL,
  "overflow" TEXT,
  "rev" INTEGER NOT NULL,
  "as_target" TEXT GENERATED ALWAYS AS ('group:' || "group") STORED,
  PRIMARY KEY ("tenant", "group"),
  FOREIGN KEY ("tenant", "as_target") REFERENCES "target" ("tenant", "target"),
  FOREIGN KEY ("tenant") REFERENCES "tenant" ("tenant"),
  FOREIGN KEY ("tenant", "overflow") REFERENCES "target" ("tenant", "target")
) STRICT;
INSERT INTO "group" VALUES('acme','sales','simultaneous',20,NULL,8);
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
INSERT INTO member VALUES('acme','sales',1,'alice',8);
INSERT INTO member VALUES('acme','sales',2,'bob',8);
CREATE TABLE IF NOT EXISTS "schedule" (
  "tenant" TEXT NOT NULL,
  "schedule" TEXT NOT NULL,
  "zone" TEXT NOT NULL,
  "open" TEXT NOT NULL,
  "closed" TEXT,
  "override" TEXT NOT NULL CHECK ("override" IN ('auto', 'open', 'closed')),
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
  "condition" TEXT NOT NULL CHECK ("condition" IN ('cfu', 'cfb', 'cfnr', 'cfnrc')),
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
CREATE TABLE IF NOT EXISTS "block" (
  "first" INTEGER NOT NULL CHECK ("first" BETWEEN 1000 AND 999999999999999),
  "last" INTEGER NOT NULL CHECK ("last" BETWEEN 1000 AND 999999999999999),
  "tenant" TEXT,
  "holder" TEXT,
  "origin" TEXT NOT NULL CHECK ("origin" IN ('allocated', 'leased', 'ported')),
  "rev" INTEGER NOT NULL,
  PRIMARY KEY ("first"),
  CHECK ("last" >= "first"),
  FOREIGN KEY ("tenant") REFERENCES "tenant" ("tenant")
) STRICT;
INSERT INTO block VALUES(33199000000,33199000999,'acme',NULL,'allocated',6);
CREATE TABLE IF NOT EXISTS "number" (
  "number" INTEGER NOT NULL CHECK ("number" BETWEEN 1000 AND 999999999999999),
  "tenant" TEXT,
  "state" TEXT NOT NULL CHECK ("state" IN ('reserved', 'assigned', 'quarantine', 'port_in', 'port_out', 'ported_out')),
  "target" TEXT,
  "until" INTEGER,
  "reason" TEXT,
  "request" TEXT,
  "rev" INTEGER NOT NULL,
  PRIMARY KEY ("number"),
  CHECK ("state" <> 'assigned' OR "target" IS NOT NULL),
  CHECK ("target" IS NULL OR "state" IN ('assigned', 'port_in', 'port_out')),
  CHECK ("state" NOT IN ('reserved', 'quarantine') OR "until" IS NOT NULL),
  FOREIGN KEY ("tenant") REFERENCES "tenant" ("tenant"),
  FOREIGN KEY ("tenant", "target") REFERENCES "target" ("tenant", "target")
) STRICT;
INSERT INTO number VALUES(33199000001,'acme','assigned','user:alice',NULL,NULL,NULL,7);
INSERT INTO number VALUES(33199000002,'acme','reserved',NULL,4070908800,NULL,NULL,11);
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
INSERT INTO usage VALUES(33199000,2);
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
INSERT INTO change VALUES(1,1795392000,'test','here','centrex tenant add',NULL,NULL,NULL);
INSERT INTO change VALUES(2,1795392000,'test','here','centrex site add',NULL,NULL,NULL);
INSERT INTO change VALUES(3,1795392000,'test','here','centrex user add',NULL,NULL,NULL);
INSERT INTO change VALUES(4,1795392000,'test','here','centrex user add',NULL,NULL,NULL);
INSERT INTO change VALUES(5,1795392000,'test','here','centrex phone add',NULL,NULL,NULL);
INSERT INTO change VALUES(6,1795392000,'test','here','number block add',NULL,NULL,NULL);
INSERT INTO change VALUES(7,1795392000,'test','here','number assign',NULL,NULL,NULL);
INSERT INTO change VALUES(8,1795392000,'test','here','centrex group add',NULL,NULL,NULL);
INSERT INTO change VALUES(9,1795392000,'test','here','centrex forward set',NULL,NULL,NULL);
INSERT INTO change VALUES(10,1795392000,'test','here','centrex undo',NULL,NULL,9);
INSERT INTO change VALUES(11,1795392000,'test','here','number reserve',NULL,NULL,NULL);
CREATE TABLE IF NOT EXISTS "change_row" (
  "change" INTEGER NOT NULL REFERENCES "change" ("change"),
  "seq" INTEGER NOT NULL,
  "table" TEXT NOT NULL,
  "key" TEXT NOT NULL,
  "before" TEXT,
  "after" TEXT,
  PRIMARY KEY ("change", "seq")
) STRICT, WITHOUT ROWID;
INSERT INTO change_row VALUES(1,1,'tenant','acme',NULL,'{"tenant":"acme","domain":"acme.example","country":"FR","zone":"Europe/Paris","quarantine_days":90}');
INSERT INTO change_row VALUES(2,1,'site','acme paris',NULL,'{"tenant":"acme","site":"paris","address":"1 rue Exemple, 75001 Paris"}');
INSERT INTO change_row VALUES(3,1,'user','acme alice',NULL,'{"tenant":"acme","user":"alice","name":"Alice","ring":30,"dnd":false}');
INSERT INTO change_row VALUES(4,1,'user','acme bob',NULL,'{"tenant":"acme","user":"bob","ring":30,"dnd":false}');
INSERT INTO change_row VALUES(5,1,'phone','acme desk-214',NULL,'{"tenant":"acme","phone":"desk-214","site":"paris","home":"alice","hot_desk":false,"contact":"sip:desk-214@192.0.2.14","emergency_cli":"+33199000999"}');
INSERT INTO change_row VALUES(6,1,'block','+33199000000',NULL,'{"first":"+33199000000","last":"+33199000999","tenant":"acme","origin":"allocated"}');
INSERT INTO change_row VALUES(7,1,'number','+33199000001',NULL,'{"number":"+33199000001","tenant":"acme","state":"assigned","target":"user:alice"}');
INSERT INTO change_row VALUES(8,1,'group','acme sales',NULL,'{"tenant":"acme","group":"sales","strategy":"simultaneous","ring":20}');
INSERT INTO change_row VALUES(8,2,'member','acme sales 1',NULL,'{"tenant":"acme","group":"sales","position":1,"user":"alice"}');
INSERT INTO change_row VALUES(8,3,'member','acme sales 2',NULL,'{"tenant":"acme","group":"sales","position":2,"user":"bob"}');
INSERT INTO change_row VALUES(9,1,'forward','acme bob cfb',NULL,'{"tenant":"acme","user":"bob","condition":"cfb","to":"voicemail:bob"}');
INSERT INTO change_row VALUES(10,1,'forward','acme bob cfb','{"tenant":"acme","user":"bob","condition":"cfb","to":"voicemail:bob"}',NULL);
INSERT INTO change_row VALUES(11,1,'number','+33199000002',NULL,'{"number":"+33199000002","tenant":"acme","state":"reserved","until":"2099-01-01T00:00:00Z"}');
DELETE FROM sqlite_sequence;
INSERT INTO sqlite_sequence VALUES('change',11);
CREATE INDEX "phone_site" ON "phone" ("tenant", "site", "phone") WHERE "site" IS NOT NULL;
CREATE INDEX "phone_home" ON "phone" ("tenant", "home", "phone") WHERE "home" IS NOT NULL;
CREATE INDEX "group_overflow" ON "group" ("tenant", "overflow", "group") WHERE "overflow" IS NOT NULL;
CREATE INDEX "member_user" ON "member" ("tenant", "user", "position") WHERE "user" IS NOT NULL;
CREATE INDEX "schedule_open" ON "schedule" ("tenant", "open", "schedule") WHERE "open" IS NOT NULL;
CREATE INDEX "schedule_closed" ON "schedule" ("tenant", "closed", "schedule") WHERE "closed" IS NOT NULL;
CREATE INDEX "forward_to" ON "forward" ("tenant", "to", "condition") WHERE "to" IS NOT NULL;
CREATE INDEX "number_target" ON "number" ("tenant", "target", "number") WHERE "target" IS NOT NULL;
CREATE INDEX "number_until" ON "number" ("until", "number") WHERE "until" IS NOT NULL;
CREATE INDEX "number_request" ON "number" ("request", "number") WHERE "request" IS NOT NULL;
CREATE TRIGGER "change_no_UPDATE" BEFORE UPDATE ON "change" BEGIN SELECT RAISE(ABORT, 'history is only added to'); END;
CREATE TRIGGER "change_no_DELETE" BEFORE DELETE ON "change" BEGIN SELECT RAISE(ABORT, 'history is only added to'); END;
CREATE TRIGGER "change_row_no_UPDATE" BEFORE UPDATE ON "change_row" BEGIN SELECT RAISE(ABORT, 'history is only added to'); END;
CREATE TRIGGER "change_row_no_DELETE" BEFORE DELETE ON "change_row" BEGIN SELECT RAISE(ABORT, 'history is only added to'); END;
COMMIT;
PRAGMA application_id=1413631832;
PRAGMA user_version=1;

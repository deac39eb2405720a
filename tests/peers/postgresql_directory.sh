#!/usr/bin/env bash
# What is typed at a directory in a file is typed at one on a PostgreSQL server, and shows the same; and what only a server can
# do: hold a lock, keep something else, be gone.
source "$(dirname "$0")/lib/peer.sh"
: "${TRANSCRIPT:?is the program that runs transcripts}"

start_postgresql
for name in number centrex centrex_features centrex_sheets; do
    new_database database
    # Without what is about the file itself, and the one line that says which it is.
    awk -v "database=$database" '
        /^\$ / { skip = / d\.db/ }
        !skip { if (sub(/TRUNKBOX_DB=\.\/d\.db$/, "TRUNKBOX_DB=\"" database "\"")) typed++; print }
        END { exit typed != 1 }' "$TRUNKBOX_SOURCE/tests/cli/$name.transcript" >"$name.transcript" ||
        fail "'$name.transcript' does not name its directory once"
    run 0 "$name" "$TRANSCRIPT" --bin "$(dirname "$TRUNKBOX")" --deadline 60 --data "$TRUNKBOX_SOURCE/tests/cli/data" \
        "$name.transcript"
    [[ $(psql -XAtc 'SELECT count(*) > 5 FROM change' "$database") == t ]] || fail "the server knows nothing of '$name'"
done
proved "four transcripts show on a server what they show in a file"

new_database database
export TRUNKBOX_DB=$database
run 4 nothing "$TRUNKBOX" centrex check
expect nothing.err 'there is no directory'
run 0 init "$TRUNKBOX" centrex init
run 0 again "$TRUNKBOX" centrex init
run 0 tenant "$TRUNKBOX" centrex tenant add acme --country FR
start holder psql -Xqc 'BEGIN' -c 'SELECT * FROM directory FOR UPDATE' -c 'SELECT pg_sleep(100)' "$database"
held() {
    local got=0
    "$TRUNKBOX" centrex site add paris --tenant acme --dry-run --wait 10ms >locked.out 2>locked.err || got=$?
    ((got == 6))
}
until_true 20 "somebody holds the lock" held
expect locked.err "the directory is locked by another; wait longer with --wait"
run 0 reading "$TRUNKBOX" centrex stats
run 0 end psql -Xqc "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query = 'SELECT pg_sleep(100)'" "$database"
finish holder 10
run 0 site "$TRUNKBOX" centrex site add paris --tenant acme
proved "an edit waits for another no longer than it is told, and who reads does not wait"

run 0 dumped "$TRUNKBOX" centrex dump
run 0 older psql -Xqc 'ALTER TABLE change_row DROP COLUMN rows' -c 'UPDATE directory SET version = 2' "$database"
run 3 old "$TRUNKBOX" centrex stats
expect old.err "is of version 2.*'centrex migrate' brings it up to date"
run 0 migrated "$TRUNKBOX" centrex migrate
expect migrated.out '^from version 2 to 4'
run 0 same "$TRUNKBOX" centrex dump
cmp dumped.out same.out || fail "the directory is not what it was"
run 0 old psql -Xqc 'UPDATE directory SET version = 3' "$database"
run 0 migrated "$TRUNKBOX" centrex migrate
expect migrated.out '^from version 3 to 4'
run 0 checked "$TRUNKBOX" centrex check
proved "a directory of an older version is brought up to date where it is"

# keys [oid,]: what all tables have beside their rows, with "oid," which it is.
keys() {
    psql -XAtqc "SELECT ${1:-}conrelid::regclass, conname, pg_get_constraintdef(oid) FROM pg_constraint WHERE contype = 'f'
            ORDER BY conrelid::regclass::text, conname" -c "SELECT ${1:+indexrelid,}pg_get_indexdef(indexrelid) FROM pg_index
            WHERE indrelid >= 16384 ORDER BY indexrelid::regclass::text" "$TRUNKBOX_DB"
}
expect_rows() { [[ -n $(psql -XAtqc "$1" "$TRUNKBOX_DB") ]]; }
numbers() { psql -XAtqc 'SELECT count(*) FROM number' "$TRUNKBOX_DB"; }
furnish() {
    run 0 tenant "$TRUNKBOX" centrex tenant add acme --country FR
    run 0 user "$TRUNKBOX" centrex user add bob --tenant acme
    run 0 block "$TRUNKBOX" number block add +33190000000 +33190019999 --tenant acme
}
{ echo user,number; seq -f 'bob,+3319000%04.0f' 3000 5999; } >many.csv
{ cat many.csv; echo nobody,+14155550100; } >damaged.csv
new_database many
export TRUNKBOX_DB=$many
furnish
keys >keys
keys oid, >keys.before
run 1 taken.back "$TRUNKBOX" centrex import csv damaged.csv --tenant acme
keys oid, >keys.after
cmp keys.before keys.after || fail "an import that was taken back left other keys"
[[ $(numbers) == 0 ]] || fail "an import that was taken back left numbers"
run 0 imported "$TRUNKBOX" centrex import csv many.csv --tenant acme
[[ $(numbers) == 3000 ]] || fail "$(numbers) of 3000 numbers are there"
keys oid, >keys.after
! cmp -s keys.before keys.after || fail "the keys of an empty table were not put aside"
keys | cmp keys - || fail "the keys are not what they were"
run 1 foreign.key psql -Xqc "UPDATE number SET target = 'user:nobody' WHERE number = 33190003000" "$many"
run 0 checked "$TRUNKBOX" centrex check
new_database role
run 0 role psql -Xqc 'CREATE ROLE clerk LOGIN' -c 'GRANT ALL ON SCHEMA public TO clerk' "$role"
export TRUNKBOX_DB=${role/postgres@/clerk@}
furnish
keys oid, >keys.before
run 0 psql psql -Xqc 'REVOKE CREATE ON SCHEMA public FROM clerk' "$role"
run 0 imported "$TRUNKBOX" centrex import csv many.csv --tenant acme
[[ $(numbers) == 3000 ]] || fail "$(numbers) of 3000 numbers are there"
keys oid, | cmp keys.before - || fail "the keys were put aside by a role that may not make them"
new_database read
export TRUNKBOX_DB=$read
furnish
keys oid, >keys.before
start reader psql -Xqc 'BEGIN' -c 'SELECT count(*) FROM number' -c 'SELECT pg_sleep(100)' "$read"
until_true 20 "somebody reads" expect_rows "SELECT 1 FROM pg_stat_activity WHERE query = 'SELECT pg_sleep(100)'"
run 0 imported "$TRUNKBOX" centrex import csv many.csv --tenant acme
[[ $(numbers) == 3000 ]] || fail "$(numbers) of 3000 numbers are there"
keys oid, | cmp keys.before - || fail "the keys were put aside while somebody reads"
run 0 end psql -Xqc "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query = 'SELECT pg_sleep(100)'" "$read"
finish reader 10
start loader psql -Xqc 'BEGIN' -c 'LOCK TABLE number' -c 'SELECT pg_sleep(100)' "$read"
until_true 20 "somebody loads" expect_rows "SELECT 1 FROM pg_stat_activity WHERE query = 'SELECT pg_sleep(100)'"
run 6 waiting "$TRUNKBOX" centrex stats --wait 10ms
run 0 end psql -Xqc "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query = 'SELECT pg_sleep(100)'" "$read"
finish loader 10
{ echo user,number; seq -f 'bob,+3319000%04.0f' 3000 5999; echo bob,+33190003000; seq -f 'eve,+3319001%04.0f' 0 2999; } >again.csv
new_database pruned
export TRUNKBOX_DB=$pruned
furnish
run 0 more "$TRUNKBOX" centrex user add carol --tenant acme
keys >keys
run 0 planned "$TRUNKBOX" centrex plan -f again.csv -o pruned.plan --tenant acme --prune
keys | cmp keys - || fail "the keys are not what they were after a plan"
run 0 pruned "$TRUNKBOX" centrex apply pruned.plan
[[ $(psql -XAtqc "SELECT string_agg(\"user\", ' ' ORDER BY \"user\") FROM \"user\"" "$pruned") == "bob eve" ]] ||
    fail "the plan did not take carol away"
[[ $(numbers) == 6000 ]] || fail "$(numbers) of 6000 numbers are there"
keys | cmp keys - || fail "the keys are not what they were after a plan was applied"
run 0 checked "$TRUNKBOX" centrex check
proved "what an empty table has beside its rows is put aside for many numbers, and put back"

export TRUNKBOX_DB=$database
new_database other
run 0 psql psql -Xqc 'CREATE TABLE ours (number BIGINT)' "$other"
run 3 foreign "$TRUNKBOX" centrex init --db "$other"
expect foreign.err 'is a database, but no directory of trunkbox'
run 0 psql psql -Xqc 'UPDATE directory SET version = 999' "$database"
run 3 newer "$TRUNKBOX" centrex stats
expect newer.err 'is of version 999'
run 0 psql psql -Xqc "CREATE DATABASE latin ENCODING 'LATIN1' TEMPLATE template0 LOCALE 'C' LOCALE_PROVIDER libc" "$database"
run 3 latin "$TRUNKBOX" centrex init --db "${database/\/d*\?//latin?}"
expect latin.err 'does not keep its texts as UTF-8'
proved "what is no directory, or not of this version, is left alone"

stop_postgresql
for command in 'centrex init' 'centrex stats' 'number next --block +33199000000'; do
    # shellcheck disable=SC2086 # words
    run 4 gone "$TRUNKBOX" $command --db "postgresql://alice:geheim@/numbers?host=$postgresql_folder"
    expect gone.err '^trunkbox [^:]*: postgresql://alice@/numbers: '
    expect_not gone.err geheim
done
proved "a server that is gone is told in one line, without the password"

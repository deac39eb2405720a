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
expect migrated.out '^from version 2 to 3'
run 0 same "$TRUNKBOX" centrex dump
cmp dumped.out same.out || fail "the directory is not what it was"
run 0 checked "$TRUNKBOX" centrex check
proved "a directory of an older version is brought up to date where it is"

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

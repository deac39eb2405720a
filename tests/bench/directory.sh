#!/usr/bin/env bash
# The directory beside bare SQLite (bench_sqlite) and psql's COPY, in turn on this machine: an import of numbers, one durable
# edit of a whole process, resolving, the next free number where few and where many are free, and writers that wait for each
# other, with a process an edit and with one for many. What was written is counted each time. psql's COPY goes into a table
# like the directory's without keys to others, and into the directory's own, its history left out.
# --numbers N, --edits N, --json FILE. BENCH is where the benches were built, TRUNKBOX the binary.
source "$(dirname "$0")/../peers/lib/peer.sh"
: "${BENCH:?is the directory of bench_sqlite}"

numbers=1000000 edits=50 writers=8 each=20 json=
while (($# > 0)); do
    case $1 in
        --numbers) numbers=$2 ;;
        --edits) edits=$2 ;;
        --json) json=$(realpath -- "$2") ;;
        *) fail "no option '$1'" ;;
    esac
    shift 2
done
((numbers >= 1000 && numbers <= 10000000)) || fail "--numbers is from 1000 to 10000000"
directory=$(mktemp -d "$BENCH/run.directory.XXXXXX")
cd "$directory"
first=33190000000
last=$((first + numbers)) # of the block, in which one stays free

seconds() { # COMMAND...: how long it takes, without a process of the clock's own
    local began=$EPOCHREALTIME ended
    "$@" >out 2>err || fail "$* ended with $?: $(head -c 300 err)"
    ended=$EPOCHREALTIME
    awk -v a="$began" -v b="$ended" 'BEGIN { printf "%.6f", b - a }'
}
rows=()
line() { # WHAT OURS PEER UNIT MEANING
    local ratio
    ratio=$(awk -v a="$2" -v b="$3" 'BEGIN { printf "%.3f", b / a }')
    printf '%-34s %12.4f %12.4f %s, peer/ours %s\n' "$1" "$2" "$3" "$4" "$ratio"
    rows+=("$(printf '{"what":"%s","ours":%s,"peer":%s,"unit":"%s","peer_over_ours":%s}' "$1" "$2" "$3" "$4" "$ratio")")
}

furnish() { # PLACE [LAST]: a tenant with one user, her desk and a block
    export TRUNKBOX_DB=$1
    "$TRUNKBOX" centrex tenant add acme --country FR >/dev/null
    "$TRUNKBOX" centrex site add paris --tenant acme --address '1 rue Exemple, 75001 Paris' >/dev/null
    "$TRUNKBOX" centrex user add bob --tenant acme >/dev/null
    "$TRUNKBOX" centrex phone add desk-1 --tenant acme --site paris --home bob --contact sip:desk-1@192.0.2.1 \
        --emergency-cli +33199000999 >/dev/null
    "$TRUNKBOX" number block add "+$first" "+${2:-$last}" --tenant acme >/dev/null
}
assigned() { "$TRUNKBOX" number usage --format jsonl | sed -n 's/.*"assigned":\([0-9]*\).*/\1/p' | head -n 1; }

printf '%-34s %12s %12s\n' what ours peer
seq "$first" $((last - 1)) >list
{ echo user,number; sed 's/^/bob,+/' list; } >numbers.csv

furnish "$directory/ours.db"
ours=$(seconds "$TRUNKBOX" centrex import csv numbers.csv --tenant acme)
[[ $(assigned) == "$numbers" ]] || fail "$(assigned) of $numbers numbers are assigned"
raw=$("$BENCH/bench_sqlite" raw.db --do insert --count "$numbers")
line "import, SQLite" "$ours" "$raw" s

shuf -n $((numbers < 200000 ? numbers : 200000)) --random-source=list list >called
sed 's/^/+/' called >called.e164
ours=$(seconds "$TRUNKBOX" centrex resolve - --format jsonl <called.e164)
[[ $(grep -c '"outcome":"ring"' out) == "$(wc -l <called)" ]] || fail "not every number rings"
raw=$("$BENCH/bench_sqlite" ours.db --do lookup --numbers called)
line "resolve -, $(wc -l <called) numbers" "$ours" "$raw" s

# next_free WHAT NUMBER: of the block in $TRUNKBOX_DB, by a process that does nothing else, and within one.
next_free() {
    local process bare within
    [[ $("$TRUNKBOX" number next --block "+$first" --count 1) == "+$2"* ]] || fail "'+$2' was not found"
    process=$("$BENCH/bench_process" 21 "$TRUNKBOX" number next --block "+$first" --count 1)
    bare=$("$BENCH/bench_process" 21 "$TRUNKBOX" --version)
    within=$("$BENCH/bench_directory" "$TRUNKBOX_DB" --block "$first" --next 101)
    line "next, $1" "$process" "$bare" "ms (peer: --version); within a process $within ms"
}
next_free "one of $numbers left" "$last"
furnish "$directory/wide.db" 33199999999
next_free "10 million free" "$first"

furnish "$directory/free.db"
ours=$("$BENCH/bench_process" "$edits" "$TRUNKBOX" number reserve "+{$first}" --until 2099-01-01)
raw=$("$BENCH/bench_sqlite" edit.db --do edit --count "$edits")
line "one durable edit" "$ours" "$raw" ms

write_all() {
    local w
    local children=()
    for ((w = 0; w < writers; ++w)); do
        (for ((i = 0; i < each; ++i)); do
            "$TRUNKBOX" number next --block "+$first" --count 1 --reserve --wait 60s >/dev/null || exit 1
        done) &
        children+=($!)
    done
    for w in "${children[@]}"; do wait "$w"; done
}
ours=$(seconds write_all)
got=$("$TRUNKBOX" number list --format csv | grep -c reserved)
((got == edits + writers * each)) || fail "$got numbers are reserved"
raw=$("$BENCH/bench_sqlite" writers.db --do writers --count "$each" --processes "$writers")
line "$writers writers, $each each" "$ours" "$raw" "s (a process an edit)"
each=$((each * 10))
ours=$("$BENCH/bench_directory" "$TRUNKBOX_DB" --block "$first" --count "$each" --processes "$writers")
had=$got
got=$("$TRUNKBOX" number list --format csv | grep -c reserved)
((got == had + writers * each)) || fail "$got numbers are reserved"
raw=$("$BENCH/bench_sqlite" writers.many.db --do writers --count "$each" --processes "$writers")
line "$writers writers, $each each" "$ours" "$raw" "s (a process each)"

start_postgresql
new_database place
furnish "$place"
ours=$(seconds "$TRUNKBOX" centrex import csv numbers.csv --tenant acme)
[[ $(assigned) == "$numbers" ]] || fail "$(assigned) of $numbers numbers are assigned"
new_database bare
psql -XAtqc 'CREATE TABLE number (number BIGINT PRIMARY KEY, tenant TEXT, state TEXT NOT NULL, target TEXT, rev BIGINT NOT NULL)' "$bare"
sed 's/$/,acme,assigned,user:bob,1/' list >copied.csv
raw=$(seconds psql -XAtqc "\\copy number FROM 'copied.csv' CSV" "$bare")
[[ $(psql -XAtqc 'SELECT COUNT(*) FROM number' "$bare") == "$numbers" ]] || fail "COPY lost numbers"
line "import, PostgreSQL" "$ours" "$raw" s
# Foreign keys are checked row by row whoever writes: what is left of COPY in the directory's own table, without its history.
new_database own
furnish "$own"
raw=$(seconds psql -XAtqc "\\copy number (number, tenant, state, target, rev) FROM 'copied.csv' CSV" "$own")
[[ $(psql -XAtqc 'SELECT COUNT(*) FROM number' "$own") == "$numbers" ]] || fail "COPY lost numbers"
line "import, PostgreSQL, its own table" "$ours" "$raw" s

if [[ -n $json ]]; then
    (
        IFS=,
        printf '[%s]\n' "${rows[*]}"
    ) >"$json"
fi

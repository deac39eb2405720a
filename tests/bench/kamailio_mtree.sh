#!/usr/bin/env bash
# The same prefixes in Kamailio's mtree and in a route table of one carrier, in turn on this machine: how long until a
# number can be looked up, what is resident after a million lookups, and how many lookups a second. Kamailio loads from
# SQLite, whose making is not counted; ours counts from the CSV file to the first answer, in memory and by way of a table.
# Its lookups are a loop in its script less the same loop without them; a number's text comes from an htable. Ours begin
# with the text, too. Kamailio loads with the memory allocator that it starts with (q_malloc, which checks what it does),
# and with its fast one (f_malloc); the loops are timed with the fast one only, since with the other the script's own
# strings take 50 µs a turn.
# --rows N, --lookups N, --json FILE. BENCH is where the benches were built.
source "$(dirname "$0")/../peers/lib/peer.sh"
: "${BENCH:?is the directory of bench_decks and bench_lookups}"

rows=1000000 lookups=1000000 count=100000 json=
while (($# > 0)); do
    case $1 in
        --rows) rows=$2 ;;
        --lookups) lookups=$2 ;;
        --json) json=$(realpath -- "$2") ;;
        *) fail "no option '$1'" ;;
    esac
    shift 2
done
for program in kamailio sqlite3; do
    command -v "$program" >/dev/null || fail "'$program' is missing; './bootstrap packages test' names the packages"
done

bench=$(dirname "$(realpath -- "$0")")
directory=$(mktemp -d "$BENCH/run.mtree.XXXXXX")
cd "$directory"
mkdir kamailio.run

"$BENCH/bench_decks" . --carriers 1 --rows "$rows" --numbers "$count" --announced 0 >decks.out
awk -F, 'BEGIN { print "CREATE TABLE version (table_name VARCHAR(32), table_version INTEGER);"
                 print "INSERT INTO version VALUES (\"mtree\", 1), (\"htable\", 2);"
                 print "CREATE TABLE mtree (id INTEGER PRIMARY KEY, tprefix VARCHAR(32), tvalue VARCHAR(128)); BEGIN;" }
         NR > 1 { print "INSERT INTO mtree VALUES (" NR ", \"" $1 "\", \"" NR "\");" }
         END { print "COMMIT;" }' c000.csv >tables.sql
awk 'BEGIN { print "CREATE TABLE numbers (id INTEGER PRIMARY KEY, key_name VARCHAR(64), key_type INTEGER, " \
                   "value_type INTEGER, key_value VARCHAR(128), expires INTEGER); BEGIN;" }
     { print "INSERT INTO numbers VALUES (" NR ", \"" NR - 1 "\", 0, 0, \"" $1 "\", 0);" }
     END { print "COMMIT;" }' numbers >>tables.sql
sqlite3 tables.db <tables.sql

now() {
    date +%s.%N
}

# middle prints the median of the numbers on standard input.
middle() {
    sort -g | awk '{ value[NR] = $1 } END { print (value[int((NR + 1) / 2)] + value[int(NR / 2) + 1]) / 2 }'
}

# resident PID… prints the MB of these processes together, a page that they share counted once.
resident() {
    local pid
    for pid in "$@"; do
        cat "/proc/$pid/smaps_rollup"
    done | awk '$1 == "Pss:" { kb += $2 } END { print kb / 1024 }'
}

# family PID prints it and the processes that it started.
family() {
    local status
    echo "$1"
    for status in /proc/[0-9]*/status; do
        awk -v "parent=$1" '$1 == "Pid:" { pid = $2 } $1 == "PPid:" && $2 == parent { print pid }' "$status" \
            2>/dev/null || true
    done
}

# measure_kamailio NAME LOOKUPS OPTION... prints "LOAD-SECONDS RESIDENT-MB M-LOOKUPS-A-SECOND FOUND".
measure_kamailio() {
    local name=$1 turns=$2 began
    shift 2
    free_port kamailio_port
    began=$(now)
    start "$name" kamailio -f "$bench/kamailio_mtree.cfg" -DD -E "$@" -m 2048 -M 512 -Y "$PWD/kamailio.run" \
        -P "$PWD/kamailio.pid" -A "PORT=$kamailio_port" -A "DATABASE=$PWD/tables.db" -A "COUNT=$count" -A "LOOKUPS=$turns"
    until_true 180 "$name is done" done_or_ended "$name"
    expect "$name.err" 'done$'
    mapfile -t pids_of < <(family "${pids[$name]}")
    sed -n 's/^.*: ready //p' "$name.err" | awk -v "began=$began" '{ printf "%.3f ", $1 - began }'
    resident "${pids_of[@]}" | tr '\n' ' '
    sed -n 's/^.*: round //p' "$name.err" | awk -v "n=$turns" '{ print n / (($3 - $2) - ($2 - $1)) / 1e6 }' | middle |
        tr '\n' ' '
    sed -n 's/^.*: round .* //p' "$name.err" | head -n 1
}

done_or_ended() {
    grep -q ': done$' "$1.err" || ended "${pids[$1]}"
}

# Seconds from a CSV file to the first answer: in memory, as Kamailio has it, and by way of a table that is synced to disk.
in_memory() { "$TRUNKBOX" lcr route c000.csv "$number" --at 2026-11-22 >route.out; }
by_a_table() {
    "$TRUNKBOX" lcr compile --quiet -o table.routes c000=c000.csv >compile.out
    "$TRUNKBOX" lcr route table.routes "$number" --at 2026-11-22 >route.out
}
routable() { # WAY
    local began round
    for round in 1 2 3; do
        began=$(now)
        "$1"
        awk -v "began=$began" -v "ended=$(now)" 'BEGIN { print ended - began }'
    done | middle
}

read -r number <numbers
load_time=$(routable in_memory)
table_time=$(routable by_a_table)
read -r batched singly ours_kb found < <("$BENCH/bench_lookups" table.routes --numbers numbers --lookups "$lookups")

measure_kamailio checking 1000 -x qm -X qm >checking.figures
stop checking
measure_kamailio fast "$lookups" -x fm -X fm >fast.figures
stop fast
# Every number begins with a prefix of the deck.
their_found=$(cut -d' ' -f4 fast.figures)
((their_found == lookups)) || fail "mtree found $their_found of $lookups"
((found == count)) || fail "trunkbox found $found of $count"

awk -v "rows=$rows" -v "load_time=$load_time" -v "table_time=$table_time" -v "batched=$batched" -v "singly=$singly" -v "mb=$((ours_kb / 1024))" \
    -v "machine=$(cut -d' ' -f1 /proc/loadavg)" -v "json=$json" '
    FILENAME == "checking.figures" { split($0, checking, " ") }
    FILENAME == "fast.figures" { split($0, fast, " ") }
    # Of ours, theirs with each allocator ("" if not measured), and how many times better ours is.
    function cell(value) { return value == "" ? "-" : sprintf("%.3f", value) }
    function times(ours, theirs, more) { return theirs == "" ? "-" : sprintf("%.1f", more ? ours / theirs : theirs / ours) }
    function line(title, ours, qm, fm, more) {
        printf "%-34s %12s %12s %12s %9s %9s\n", title, cell(ours), cell(qm), cell(fm), times(ours, qm, more),
            times(ours, fm, more)
    }
    END {
        printf "%-34s %12s %12s %12s %9s %9s\n", rows " prefixes", "trunkbox", "mtree qm", "mtree fm", "x qm", "x fm"
        line("CSV to the first answer, s", load_time, checking[1], fast[1], 0)
        line("the same by a synced table, s", table_time, checking[1], fast[1], 0)
        line("resident after the lookups, MB", mb, checking[2], fast[2], 0)
        line("lookups batched, M/s", batched, "", fast[3], 1)
        line("lookups one at a time, M/s", singly, "", fast[3], 1)
        printf "load of the machine %s\n", machine
        if (json != "") {
            printf "{\"rows\": %d, \"load\": %s,\n", rows, machine >json
            printf " \"trunkbox\": {\"load_seconds\": %s, \"table_seconds\": %s, \"resident_mb\": %s, \"batched_mps\": %s, \"singly_mps\": %s},\n",
                load_time, table_time, mb, batched, singly >json
            printf " \"mtree_qm\": {\"load_seconds\": %s, \"resident_mb\": %s},\n", checking[1], checking[2] >json
            printf " \"mtree_fm\": {\"load_seconds\": %s, \"resident_mb\": %s, \"singly_mps\": %s}}\n", fast[1], fast[2],
                fast[3] >json
        }
    }' checking.figures fast.figures
cd / && rm -rf "$directory"

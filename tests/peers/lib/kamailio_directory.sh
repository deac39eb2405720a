# A running Kamailio over the exported tables sends every number where resolve says that it rings: 10,000 numbers, again after
# users moved to other desks, seen without a restart. Sourced with TRUNKBOX_DB naming the directory, which is made.

numbers=10000
users=200

source "$peers/lib/people.sh"
import_people "$users" "$numbers" 0

# Besides, numbers that nobody has.
{
    echo SEQUENTIAL
    for ((i = 0; i < numbers; i++)); do printf '+3319901%04d\n' "$i"; done
    for ((i = 0; i < 100; i++)); do printf '+3319902%04d\n' "$i"; done
} >asked.csv
tail -n +2 asked.csv >asked

# export_and_ask NAME compares what resolve and Kamailio say now.
export_and_ask() {
    local name=$1 got=0
    run 0 "$name.export" "$TRUNKBOX" centrex export kamailio "$PWD/kamailio.db"
    expect "$name.export.out" "$numbers numbers, 0 left out"
    "$TRUNKBOX" centrex resolve - --format jsonl <asked >"$name.jsonl" 2>"$name.err" || got=$?
    ((got == 1)) || fail "resolve ended with $got, expected 1: a hundred numbers ring nowhere"
    sed -n 's/^{"number":"\([^"]*\)".*"uri":"\([^"]*\)".*/\1 \2/p; s/^{"number":"\([^"]*\)".*"legs":\[\].*/\1 -/p' \
        "$name.jsonl" | sort >"$name.ours"
    [[ -n ${pids[kamailio]:-} ]] || start_kamailio
    timeout 100 sipp "127.0.0.1:$kamailio_port" -i 127.0.0.1 -p "$sipp_port" -sf "$peers/scenarios/redirected.xml" \
        -inf asked.csv -m $((numbers + 100)) -r 4000 -l 100 -trace_logs -log_file "$name.trace" -nostdin \
        >"$name.sipp.out" 2>&1 || fail "sipp ended with $?"
    sed -n 's/^.*redirected \(.*\)$/\1/p' "$name.trace" | sort >"$name.theirs"
    expect_lines $((numbers + 100)) "$name.ours" .
    if ! diff "$name.ours" "$name.theirs" >difference.log; then
        fail "$name: $(grep -c '^<' difference.log) numbers differ ('<' is ours)"
    fi
    expect_lines 100 "$name.theirs" ' -$'
}

start_kamailio() {
    mkdir kamailio.run
    start kamailio kamailio -f "$peers/lib/kamailio_directory.cfg" -DD -E -m 64 -M 16 -Y "$PWD/kamailio.run" \
        -P "$PWD/kamailio.pid" -A "PORT=$kamailio_port" -A "TABLES=$PWD/kamailio.db" -A HOST=acme.example
    until_true 20 "Kamailio listens" udp_bound "$kamailio_port"
}

free_port kamailio_port
free_port sipp_port
export_and_ask before
proved "Kamailio sends $numbers numbers where resolve says that they ring, and 100 nowhere"

for ((i = 0; i < 10; i++)); do
    run 0 desk "$TRUNKBOX" centrex phone add "guest-$i" --tenant acme --site paris --hot-desk \
        --emergency-cli +33199029999 --contact "sip:guest-$i@127.0.0.1:21000"
    run 0 login "$TRUNKBOX" centrex login "guest-$i" --user "user-$((i * 3))" --tenant acme
done
export_and_ask after
moved=$(diff before.theirs after.theirs | grep -c '^> .*guest-' || true)
((moved == 10 * numbers / users)) || fail "$moved numbers moved, expected $((10 * numbers / users))"
proved "and again, without a restart, after 10 users with $moved numbers moved to other desks"
run 0 check "$TRUNKBOX" centrex check
stop kamailio

#!/usr/bin/env bash
# Kamailio's mtree and drouting over the same prefixes: which prefix each number is routed by, in a deck alone and in
# the deck of each of eight carriers, and which carriers in turn where the longest prefix of all decides.
source "$(dirname "$0")/lib/peer.sh"

seed=${SEED:-20261122}
prefixes=20000
numbers=40000
carriers=(alpha beta delta epsilon eta gamma iota theta)

mkdir db kamailio.run
awk -v "seed=$seed" -v "most_prefixes=$prefixes" -v "most_numbers=$numbers" -f "$peers/lib/routes.awk"

# looked_up prints what Kamailio found: NUMBER, a prefix a tree, the gateways; "-" where none.
looked_up() {
    sed -n 's/^.*: looked up \([0-9]\)/\1/p' kamailio.err
}

# Kamailio has its fast allocator, not the debugging one that it starts with: ten times quicker to load.
free_port kamailio_port
start kamailio kamailio -f "$peers/lib/kamailio_routes.cfg" -DD -E -x fm -X fm -m 512 -M 64 -Y "$PWD/kamailio.run" \
    -P "$PWD/kamailio.pid" -A "PORT=$kamailio_port" -A "TABLES=$PWD/db"

decks=()
for carrier in "${carriers[@]}"; do
    decks+=("$carrier=$carrier.csv")
done
run 0 compile "$TRUNKBOX" lcr compile -o carriers.routes "${decks[@]}"

# route NAME ARGUMENT... routes all numbers, of which some have no route.
route() {
    local name=$1 got=0
    shift
    timeout 60 "$TRUNKBOX" lcr route "$@" - --format csv <numbers >"$name.csv" 2>"$name.err" || got=$?
    ((got == 1)) || fail "$name ended with $got, expected 1: lcr route $*"
}
route one all.csv --max 1
route each carriers.routes --max 8
route longest carriers.routes --max 8 --match global

until_true 60 "Kamailio has looked all up" grep -q 'looked up all' kamailio.err
stop kamailio
looked_up >kamailio.found
found=$(wc -l <kamailio.found)
((found == numbers)) || fail "Kamailio looked $found numbers up, expected $numbers"

# same WHAT OURS THEIRS: two files of "NUMBER ANSWER" are the same, and both routes and their absence are in them.
same() {
    local what=$1 ours=$2 theirs=$3 routed
    if ! diff "$ours" "$theirs" >difference.log; then
        fail "$what: $(grep -c '^<' difference.log) numbers of $numbers differ ('<' is ours), seed $seed"
    fi
    routed=$(awk '{ for (i = 2; i <= NF; i++) if ($i != "-") { n++; break } } END { print n + 0 }' "$theirs")
    ((routed > numbers / 2 && routed < numbers)) || fail "$what: $routed numbers have a route, which proves little"
    proved "$what: $numbers numbers the same, $routed with a route"
}

awk -F, 'NR > 1 { print substr($1, 2), $4 == "" ? "-" : $4 }' one.csv >one.ours
cut -d' ' -f1,2 kamailio.found >one.theirs
same "the longest prefix of $(wc -l <all.csv) rows, as mtree finds it" one.ours one.theirs

# From a line a rank to a line a number: the prefix of each carrier.
awk -F, -v "names=${carriers[*]}" '
    function tell(k) {
        if (number == "") return
        printf "%s", number
        for (k = 1; k <= count; k++) printf " %s", name[k] in prefix ? prefix[name[k]] : "-"
        print ""
        split("", prefix)
    }
    BEGIN { count = split(names, name, " ") }
    NR > 1 { if (substr($1, 2) != number) { tell(); number = substr($1, 2) } if ($3 != "") prefix[$3] = $4 }
    END { tell() }' each.csv >each.ours
cut -d' ' -f1,3-10 kamailio.found >each.theirs
same "each of ${#carriers[@]} carriers by its own longest prefix, as an mtree each" each.ours each.theirs

awk -F, '
    NR > 1 {
        if (substr($1, 2) != number) { if (number != "") print number, chain; number = substr($1, 2); chain = "" }
        chain = chain (chain == "" ? "" : ",") ($3 == "" ? "-" : $3)
    }
    END { print number, chain }' longest.csv >longest.ours
cut -d' ' -f1,11 kamailio.found >longest.theirs
same "the carriers in turn below the longest prefix of all, as drouting" longest.ours longest.theirs

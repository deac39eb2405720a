#!/usr/bin/env bash
# The exported ENUM zone is one that BIND's checker takes, and nsd answers every number of it with what resolve says, and
# none that rings nowhere.
source "$(dirname "$0")/lib/peer.sh"

export TRUNKBOX_DB=$PWD/directory.db
numbers=5000
silent=100

source "$peers/lib/people.sh"
import_people 50 "$numbers" "$silent" # the last are reserved
run 0 export "$TRUNKBOX" centrex export enum zone --name-server ns.example.com
expect export.out "^zone: $numbers numbers, $silent left out"

run 0 checkzone named-checkzone -i local e164.arpa zone
expect checkzone.out '^OK$'
proved "named-checkzone takes the zone of $numbers numbers"

free_port port
cat >nsd.conf <<CONF
server:
    ip-address: 127.0.0.1
    port: $port
    username: ""
    database: ""
    zonesdir: "$PWD"
    pidfile: "$PWD/nsd.pid"
    xfrdfile: ""
    zonelistfile: "$PWD/zone.list"
    logfile: "$PWD/nsd.log"
    server-count: 1
remote-control:
    control-enable: no
zone:
    name: e164.arpa
    zonefile: zone
CONF
start nsd nsd -d -c "$PWD/nsd.conf"
until_true 20 "nsd listens" udp_bound "$port"

name_of() {
    local digits=$1 name='' i
    for ((i = ${#digits} - 1; i >= 0; i--)); do name+=${digits:i:1}.; done
    printf '%s' "${name}e164.arpa"
}
{
    for ((i = 0; i < numbers; i++)); do printf '%s NAPTR\n' "$(name_of "$(printf '3319901%04d' "$i")")"; done
    for ((i = 0; i < silent; i++)); do printf '%s NAPTR\n' "$(name_of "$(printf '3319902%04d' "$i")")"; done
} >questions
timeout 100 dig @127.0.0.1 -p "$port" +noall +answer +nocookie -f questions >answers 2>dig.err || fail "dig ended with $?"
expect_lines $numbers answers NAPTR
for ((i = 0; i < numbers; i++)); do
    number=$(printf '+3319901%04d' "$i")
    printf '%s. 300 IN NAPTR 100 10 "u" "E2U+sip" "!^.*$!sip:%s@acme.example!" .\n' "$(name_of "${number#+}")" "$number"
done | sort >expected
tr -s '\t ' ' ' <answers | sort >answered
cmp expected answered || fail 'nsd answers otherwise than the directory says'
proved "nsd answers each of $numbers numbers, and none of $silent that ring nowhere"

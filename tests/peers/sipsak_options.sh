#!/usr/bin/env bash
# sipsak asks the provider for its OPTIONS. Scanners use that tool, too: the strict edge drops it by its name, and
# answers once the rule is off.
source "$(dirname "$0")/lib/peer.sh"

start strict "$TRUNKBOX" provider --listen 127.0.0.1:0 --ready-file strict.ready --format jsonl
ready strict.ready strict
got=0
timeout 2 sipsak -vv -s "sip:127.0.0.1:$port" >unanswered.out 2>unanswered.err || got=$?
((got == 124)) || fail "sipsak ended with $got though nothing should have answered it"
expect strict.out '"rule":"A-401"'
stop strict
((status == 0)) || fail "provider ended with $status"
proved "the strict edge drops sipsak by rule A-401"

"$TRUNKBOX" provider --print-config | sed 's/"A-401": "drop"/"A-401": "off"/' >open.json
grep -qF '"A-401": "off"' open.json || fail "the printed configuration has no rule A-401"
start open "$TRUNKBOX" provider --config open.json --listen 127.0.0.1:0 --ready-file open.ready --format jsonl
ready open.ready open
run 0 sipsak sipsak -vv -s "sip:127.0.0.1:$port"
expect sipsak.out '^SIP/2.0 200 OK'
expect sipsak.out '^Allow:.*INVITE'
stop open
((status == 0)) || fail "provider ended with $status"
proved "with the rule off, sipsak's OPTIONS get 200 and an Allow"

#!/usr/bin/env bash
# sipsak asks the provider for its OPTIONS: an honest tool that scanners use, too. The default edge lets it pass, and one
# that is told to reject such names does.
source "$(dirname "$0")/lib/peer.sh"

start open "$TRUNKBOX" provider --listen 127.0.0.1:0 --ready-file open.ready --format jsonl
ready open.ready open
run 0 sipsak sipsak -vv -H 127.0.0.1 -s "sip:127.0.0.1:$port"
expect sipsak.out '^SIP/2.0 200 OK'
expect sipsak.out '^Allow:.*INVITE'
stop open
((status == 0)) || fail "provider ended with $status"
proved "sipsak's OPTIONS get 200 and an Allow"

"$TRUNKBOX" provider --print-config | sed 's/"M-120": "note"/"A-401": "reject 403"/' >strict.json
grep -qF '"A-401": "reject 403"' strict.json || fail "the printed configuration has no rule of its own"
start strict "$TRUNKBOX" provider --config strict.json --listen 127.0.0.1:0 --ready-file strict.ready --format jsonl
ready strict.ready strict
run 1 rejected sipsak -vv -H 127.0.0.1 -s "sip:127.0.0.1:$port"
expect rejected.out '^SIP/2.0 403'
expect strict.out '"rule":"A-401"'
stop strict
((status == 0)) || fail "provider ended with $status"
proved "an edge that rejects by name does"

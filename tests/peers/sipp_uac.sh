#!/usr/bin/env bash
# SIPp as the caller of trunkbox answer and of trunkbox provider: many calls by its own uac; one that never sends an ACK;
# calls over a trunk that is known by its address, and over one that answers a challenge.
source "$(dirname "$0")/lib/peer.sh"

# Its answer is repeated for 32 s before it is given up: the others run meanwhile.
start patient "$TRUNKBOX" answer --listen udp:127.0.0.1:0 --count 1 --format jsonl --ready-file patient.ready
ready patient.ready patient
sipp_call_side never-acks -sf "$peers/scenarios/never_acks.xml" -s called -m 1 "127.0.0.1:$port"

start answer "$TRUNKBOX" answer --listen udp:127.0.0.1:0 --count 20 --format jsonl --ready-file answer.ready
ready answer.ready answer
sipp_call_side uac -sn uac -s called -m 20 -r 10 -d 300 "127.0.0.1:$port"
finish uac 40
((status == 0)) || fail "SIPp ended with $status"
finish answer 20
((status == 0)) || fail "answer ended with $status"
expect_lines 20 answer.out '"answered":true,"status":200'
expect_lines 20 answer.out '"hung_up_by":"them"'
expect_lines 20 answer.out '"codec":"PCMU"'
grep -o '"call_id":"[^"]*"' answer.out | sort -u >call-ids.out
expect_lines 20 call-ids.out call_id
proved "20 calls of SIPp's uac, ten a second, are 20 calls to answer"

# provider DIGEST ADDRESSES starts a provider with one trunk as given, and sets port.
provider() {
    local name=$1 digest=$2 addresses=$3
    (umask 077 && echo "$password" >acme.secret)
    "$TRUNKBOX" provider --print-config |
        sed -e "s|// \"password_file\":|\"password_file\":|;s|\"digest\": \"SHA-256\"|\"digest\": \"$digest\"|" \
            -e "s|\"addresses\": \[\]|\"addresses\": [$addresses]|" >"$name.json"
    grep -qF "\"addresses\": [$addresses]" "$name.json" || fail "the printed configuration has no empty addresses"
    grep -qE '^ *"password_file": "acme.secret"' "$name.json" || fail "the printed configuration has no password_file"
    start "$name" "$TRUNKBOX" provider --config "$name.json" --listen 127.0.0.1:0 --ready-file "$name.ready" \
        --format jsonl
    ready "$name.ready" "$name"
}
password=pelican-7946-quartz

provider known MD5 '"127.0.0.1"'
sipp_call_side trunk-caller -sf "$peers/scenarios/trunk_caller.xml" -s +442079460123 -m 1 "127.0.0.1:$port"
finish trunk-caller 30
((status == 0)) || fail "SIPp ended with $status"
expect_not trunk-caller.messages.log '^SIP/2.0 40[17] '
stop known
((status == 0)) || fail "provider ended with $status"
proved "a call over a trunk that is known by its address is answered, unchallenged, and hung up"

# The second INVITE, too, got a 407.
refused_again() {
    awk '/^SIP\/2.0/ { refusal = /407/ } refusal && /^CSeq: 2 INVITE/ { found = 1 } END { exit !found }' "$1"
}

provider challenging MD5 ''
sipp_call_side digest-caller -sf "$peers/scenarios/digest_caller.xml" -s +442079460123 -m 1 -au acme -ap "$password" \
    "127.0.0.1:$port"
finish digest-caller 30
((status == 0)) || fail "SIPp ended with $status"
expect digest-caller.messages.log '^Proxy-Authorization: Digest .*acme'
sipp_call_side wrong-caller -sf "$peers/scenarios/digest_caller.xml" -s +442079460123 -m 1 -au acme -ap wrong \
    "127.0.0.1:$port"
until_true 20 "a second 407" refused_again wrong-caller.messages.log
stop wrong-caller
expect_not wrong-caller.messages.log '^SIP/2.0 (18|200)'
stop challenging
((status == 0)) || fail "provider ended with $status"
expect_not challenging.out "$password"
proved "a call that answers the MD5 challenge is let through, and one with a wrong password is not"

finish never-acks 60
((status == 0)) || fail "SIPp ended with $status"
finish patient 20
((status == 0)) || fail "answer ended with $status"
expect_lines 1 patient.out '"call_id"'
expect patient.out 'never acknowledged'
retransmissions=$(lines never-acks.messages.log '^SIP/2.0 200 OK')
((retransmissions >= 10)) || fail "the answer was sent $retransmissions times only"
proved "a caller that never sends an ACK gets the answer $retransmissions times, then BYE"

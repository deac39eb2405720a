#!/usr/bin/env bash
# SIPp as the called party of trunkbox call: its own uas, and parties that are busy, ring on, have early media, stand
# behind a strict router, send a re-INVITE, or never answer the BYE. SIPp's echo gives back our audio.
source "$(dirname "$0")/lib/peer.sh"

# call_sipp NAME STATUS SIPP-OPTIONS -- CALL-OPTIONS: SIPp has to find its scenario done, call to end with STATUS.
call_sipp() {
    local name=$1 wanted=$2 options=()
    shift 2
    while [[ $1 != -- ]]; do
        options+=("$1")
        shift
    done
    shift
    sipp_called_side "$name.sipp" "${options[@]}"
    run "$wanted" "$name.call" "$TRUNKBOX" call "sip:called@127.0.0.1:$sipp_port" --format jsonl --pcap "$name.pcap" "$@"
    finish "$name.sipp" 20
    ((status == 0)) || fail "SIPp ended $name with $status"
}

scenario() {
    echo "$peers/scenarios/$1.xml"
}

call_sipp uas 0 -sn uas -rtp_echo -- --duration 1 --codec PCMU
expect uas.call.out '"answered":true,"status":200,"reason":"OK"'
expect uas.call.out '"hung_up_by":"us"'
expect uas.call.out '"codec":"PCMU","audio":"both"'
proved "SIPp's uas is called and heard"

call_sipp busy 5 -sf "$(scenario busy)" -- --duration 1
expect busy.call.out '"answered":false,"status":486,"reason":"Busy Here"'
call_sipp busy-expected 0 -sf "$(scenario busy)" -- --expect 486
expect busy-expected.call.out '"answered":false,"status":486'
proved "a busy party ends with 5, and with 0 under --expect 486; its 486 is acknowledged"

call_sipp unanswered 6 -sf "$(scenario rings_on)" -- --timeout 1
expect unanswered.call.out '"answered":false'
proved "a party that rings on is cancelled, and its 487 acknowledged; exit status 6"

call_sipp early 0 -sf "$(scenario early_media)" -rtp_echo -- --duration 1
expect early.call.out '"answered":true,"status":200'
expect early.call.out '"codec":"PCMA","audio":"both"'
call_sipp early-silent 7 -sf "$(scenario early_media)" -- --duration 1
expect early-silent.call.out '"audio":"sent"'
proved "183 with SDP, then 200; an echo is heard, and silence ends with 7"

call_sipp strict 0 -sf "$(scenario strict_route)" -rtp_echo -- --duration 1
expect strict.call.out '"answered":true,"status":200'
proved "a strict router finds itself in the Request-URI of ACK and BYE, and the remote target as the last Route"

call_sipp reinvite 0 -sf "$(scenario reinvite)" -rtp_echo -- --duration 2
expect reinvite.call.out '"answered":true,"status":200'
expect reinvite.call.out '"audio":"both"'
expect reinvite.call.out '"hung_up_by":"us"'
proved "a re-INVITE within the call is answered with 200 and SDP, and the call goes on"

# call waits 8 s for the answer to its BYE; meanwhile it is silent (RFC 3261 section 15.1.1).
sipp_called_side deaf.sipp -sf "$(scenario deaf_to_bye)" -rtp_echo -m 2
start deaf-text.call "$TRUNKBOX" call "sip:called@127.0.0.1:$sipp_port" --duration 1
run 0 deaf.call "$TRUNKBOX" call "sip:called@127.0.0.1:$sipp_port" --format jsonl --duration 1
finish deaf-text.call 20
((status == 0)) || fail "call ended with $status"
stop deaf.sipp
expect deaf.call.out '"answered":true,"status":200'
expect deaf.call.out '"bye_answered":false'
expect deaf-text.call.out 'the far end never answered BYE'
sent=$(number deaf.call.out '"sent":\{"packets":([0-9]+)')
((sent >= 40 && sent <= 100)) || fail "a call of 1 s, $sent packets"
proved "a party that never answers BYE is given up, and told of; nothing is sent after the BYE"

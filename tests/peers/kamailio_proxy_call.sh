#!/usr/bin/env bash
# Kamailio as a record-routing proxy that challenges: a call to a registered party, hung up by each side in turn. What
# both ends captured shows that each BYE went by way of the proxy.
source "$(dirname "$0")/lib/peer.sh"

password=pelican-7946-quartz
start_kamailio kamailio "PASSWORD=$password"
write_profile alice.json alice "$password"
write_profile bob.json bob "$password"

# call_through NAME WHO CALLED-OPTIONS -- CALLING-OPTIONS: one call, hung up by WHO, as the caller sees it.
call_through() {
    local name=$1 who=$2 called=()
    shift 2
    while [[ $1 != -- ]]; do
        called+=("$1")
        shift
    done
    shift

    start "$name.answer" "$TRUNKBOX" answer --listen udp:127.0.0.1:0 --count 1 --format jsonl \
        --ready-file "$name.ready" --pcap "$name.answer.pcap" "${called[@]}"
    ready "$name.ready" "$name.answer"
    local bob_port=$port
    run 0 "$name.register" "$TRUNKBOX" register --trunk bob.json --once --contact "sip:bob@127.0.0.1:$bob_port"

    run 0 "$name.call" "$TRUNKBOX" call --trunk alice.json sip:bob@trunk.example.com --format jsonl \
        --pcap "$name.call.pcap" "$@"
    finish "$name.answer" 20
    ((status == 0)) || fail "answer ended with $status"
    run 0 "$name.remove" "$TRUNKBOX" register --trunk bob.json --remove --contact "sip:bob@127.0.0.1:$bob_port"

    expect "$name.call.out" '"answered":true,"status":200,"reason":"OK"'
    expect "$name.call.out" "\"hung_up_by\":\"$who\""
    expect "$name.call.out" '"audio":"both"'
    expect "$name.answer.out" '"audio":"both"'

    # The proxy stands on one side of every message at each end: nothing was sent from end to end.
    local capture
    for capture in "$name.call.pcap" "$name.answer.pcap"; do
        fields "$capture" "sip && udp.port != $kamailio_port" frame.number >"$capture.direct.out"
        [[ ! -s $capture.direct.out ]] || fail "$capture has SIP that did not pass the proxy"
        fields "$capture" 'sip.Method == "BYE"' udp.srcport udp.dstport >"$capture.bye.out"
        expect_lines 1 "$capture.bye.out" '[0-9]'
        fields "$capture" 'sip.CSeq.method == "BYE" && sip.Status-Code == 200' frame.number >"$capture.bye-ok.out"
        expect_lines 1 "$capture.bye-ok.out" '[0-9]'
    done
}

call_through us us -- --duration 1
expect us.call.pcap.bye.out "[[:space:]]$kamailio_port$"
expect us.answer.pcap.bye.out "^$kamailio_port[[:space:]]"
expect_lines 1 kamailio.err 'relays BYE by its Route'
expect_lines 1 kamailio.err 'relays ACK by its Route'
proved "challenged, answered, heard both ways through Kamailio; the caller's ACK and BYE follow its Record-Route"

call_through them them --duration 1 -- --duration 0
expect them.answer.pcap.bye.out "[[:space:]]$kamailio_port$"
expect them.call.pcap.bye.out "^$kamailio_port[[:space:]]"
expect_lines 2 kamailio.err 'relays BYE by its Route'
expect_lines 2 kamailio.err 'relays ACK by its Route'
expect_not kamailio.err 'refuses'
proved "likewise when the called party hangs up"

run 5 gone "$TRUNKBOX" call --trunk alice.json sip:bob@trunk.example.com --format jsonl
expect gone.out '"answered":false,"status":404'
proved "a party that is not registered: 404, exit status 5"

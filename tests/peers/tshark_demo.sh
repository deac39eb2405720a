#!/usr/bin/env bash
# tshark reads the demo's capture and finds the calls and the RTP that the demo tells of.
source "$(dirname "$0")/lib/peer.sh"

run 0 demo "$TRUNKBOX" demo --pcap demo.pcap --format json
expect demo.out '"ok": true'
expect_not demo.out '"ok": false'

# The story has three calls, and each is three dialogs: phone and edge, edge and second SBC by way of the proxy, second
# SBC and carrier. Besides, one carrier refuses, and one INVITE is broken on purpose.
fields demo.pcap 'sip.Method == "INVITE"' sip.Call-ID | sort -u >invites.out
fields demo.pcap 'sip.Status-Code == 200 && sip.CSeq.method == "INVITE"' sip.Call-ID | sort -u >answered.out
fields demo.pcap 'sip.Method == "BYE"' sip.Call-ID | sort -u >ended.out
fields demo.pcap 'sip.Status-Code == 503 && sip.CSeq.method == "INVITE"' sip.Call-ID | sort -u >refused.out
expect_lines 9 answered.out '[^ ]'
cmp -s answered.out ended.out || fail "the calls that were answered are not those that ended by BYE"
expect_lines 11 invites.out '[^ ]'
[[ -s refused.out ]] || fail "no carrier answered 503"
proved "tshark finds the demo's three calls, three dialogs each, all ended by BYE, and the refusal by 503"

call_id=$(grep -o '"call_id": "[^"]*"' demo.out | cut -d'"' -f4)
[[ -n $call_id ]] || fail "the demo names no Call-ID"
expect answered.out "^${call_id//./[.]}$"
expect demo.out '"reason": "Content-Length .-999. '
fields demo.pcap _ws.malformed frame.number sip.Content-Length >malformed.out
fields demo.pcap 'sip contains "Content-Length: -999"' frame.number sip.Content-Length >broken.out
expect_lines 1 broken.out '[0-9]'
cmp -s malformed.out broken.out || fail "what tshark calls malformed is not just the INVITE that is broken on purpose"
proved "it calls nothing malformed but the INVITE that is broken on purpose"

# The phone's end of the outbound call, as the demo counted it: every packet sent is there, and what was captured
# towards the phone was heard, but for what was under way at the end.
ours=$(fields demo.pcap "sip.Call-ID == \"$call_id\" && sip.Method == \"INVITE\"" sdp.media.port | head -n 1)
theirs=$(fields demo.pcap "sip.Call-ID == \"$call_id\" && sip.Status-Code == 200 && sdp" sdp.media.port | head -n 1)
tshark -r demo.pcap -q -z rtp,streams >streams.out 2>>tshark.err
tr -d '\n ' <demo.out >flat.out
sent=$(number flat.out '"sent":\{"packets":([0-9]+)')
received=$(number flat.out '"received":\{"packets":([0-9]+)')
seen_sent=$(number streams.out " $ours +127\\.0\\.0\\.1 +$theirs +0x[0-9A-F]+ +[a-zA-Z0-9, -]*[a-zA-Z] +([0-9]+) ")
seen_received=$(number streams.out " $theirs +127\\.0\\.0\\.1 +$ours +0x[0-9A-F]+ +[a-zA-Z0-9, -]*[a-zA-Z] +([0-9]+) ")
((seen_sent == sent)) || fail "sent $sent packets, tshark sees $seen_sent"
((received <= seen_received && 10 * received >= 8 * seen_received)) ||
    fail "received $received packets, tshark sees $seen_received"
proved "RTP both ways: $sent packets sent and $seen_sent seen, $seen_received seen and $received received"

# Three dialogs, two directions, three calls.
expect_lines 18 streams.out 'g711A'
proved "18 streams of RTP, both ways in every dialog"

#!/usr/bin/env bash
# SIP in every encapsulation, in fragments and in streams, put into one pcapng file of many link types: tshark and we
# take the same messages out of the same frames.
source "$(dirname "$0")/lib/peer.sh"
: "${CAPTURES:?is the program that writes and reads the captures}"

mkdir built
run 0 write "$CAPTURES" write built
mergecap -a -w all.pcapng built/*.pcap
((count = $(ls built | wc -l), count >= 60)) || fail "only $count captures"
run 0 ours "$CAPTURES" read all.pcapng

# The innermost addresses are the last ones; of the two families, the one that names what the file calls itself by. An
# Ethernet pseudowire looks like nothing in particular, so tshark has to be told; segments out of order it puts in
# order on request.
tshark -r all.pcapng -o tcp.reassemble_out_of_order:TRUE -d mpls.label==101,pwethcw -Y sip -T fields \
    -e frame.number -e ip.src -e ip.dst -e ipv6.src -e ipv6.dst -e sip.Call-ID 2>>tshark.err |
    awk -F '\t' '{
        n = split($6, ids, ",")
        for (i = 1; i <= n; i++) {
            six = ids[i] ~ /-6$/ || $2 == ""
            from = split(six ? $4 : $2, source, ","); to = split(six ? $5 : $3, target, ",")
            print $1, source[from], target[to], ids[i]
        }
    }' >theirs.out
diff ours.out theirs.out >differences.out || fail "we and tshark differ"
messages=$(lines ours.out '[^ ]')
((messages >= count)) || fail "$messages messages in $count captures"
proved "$messages messages in $count encapsulations: the same frames, addresses and Call-IDs as tshark's"

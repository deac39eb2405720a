#!/usr/bin/env bash
# The streams and calls of captures, as 'trunkbox sbc' and tshark count them.
source "$(dirname "$0")/lib/peer.sh"

# ours CAPTURE prints "from-port to-port ssrc packets lost mean-jitter max-jitter digits", times in microseconds.
ours() {
    run 0 ours "$TRUNKBOX" sbc streams "$1" --format csv
    awk -F, '
        # A cell in quotes may hold commas.
        function cells(text,    n, i, c, quoted) {
            n = 1
            for (i = 1; i <= length(text); ++i) {
                c = substr(text, i, 1)
                if (c == "\"") quoted = !quoted
                else if (c == "," && !quoted) ++n
                else cell[n] = cell[n] c
            }
        }
        { delete cell; cells($0) }
        NR == 1 { for (i in cell) column[cell[i]] = i; next }
        {
            sub(/.*:/, "", cell[column["from"]]); sub(/.*:/, "", cell[column["to"]])
            printf "%s %s %s %d %d %d %d %s\n", cell[column["from"]], cell[column["to"]], cell[column["ssrc"]],
                cell[column["packets"]], cell[column["lost"]], cell[column["mean_jitter"]] * 1000000 + 0.5,
                cell[column["max_jitter"]] * 1000000 + 0.5, cell[column["digits"]] == "" ? "-" : cell[column["digits"]]
        }' ours.out | sort
}

# theirs CAPTURE OPTION... prints the same of tshark's table, "-" for the digits that it does not tell.
theirs() {
    tshark -r "$@" -q -z rtp,streams 2>>tshark.err | awk '
        $7 ~ /^0x/ {
            # Payload is one word or several; packets stand right before the losses and their percentage.
            for (i = 8; $(i + 1) !~ /^\(/; ++i) {}
            printf "%s %s %s %d %d %d %d -\n", $4, $6, $7, $(i - 1), $i, $(i + 6) * 1000 + 0.5, $(i + 7) * 1000 + 0.5
        }' | sort
}

# same NAME: packets and losses equal in each line of NAME.ours and NAME.theirs, jitter within a microsecond where no
# digits were sent: there tshark compares the audio before an event with the audio after it by the event's arrival.
same() {
    paste -d' ' "$1.ours" "$1.theirs" >"$1.both.out"
    awk '
        function off(a, b) { return a > b ? a - b : b - a }
        $1 != $9 || $2 != $10 || $3 != $11 { print "not the same streams: " $0; exit 1 }
        $4 != $12 || $5 != $13 { print "not the same packets or losses: " $0; exit 1 }
        $8 == "-" && (off($6, $14) > 1 || off($7, $15) > 1) { print "not the same jitter: " $0; exit 1 }
        $8 == "-" { ++compared }
        END { if (!compared) exit 1; print compared }' "$1.both.out" >"$1.same.out" || fail "$(cat "$1.same.out")"
}

run 0 demo "$TRUNKBOX" demo --pcap demo.pcap --quiet
ours demo.pcap >demo.ours
theirs demo.pcap >demo.theirs
expect_lines 18 demo.ours '[0-9]'
cmp -s <(cut -d' ' -f1-5 demo.ours) <(cut -d' ' -f1-5 demo.theirs) || fail "$(diff demo.ours demo.theirs)"
same demo
proved "the demo's 18 streams: packets and losses equal, jitter within 0.001 ms in the $(cat demo.same.out) without digits"

# Streams that a network disturbed, one of them over the end of the sequence numbers; no SIP tells of them.
parts=()
for stream in "1 2000 1000 305419896" "7 3000 64000 1" "42 500 0 4294967295" "99 5000 30000 2147483648"; do
    read -r seed packets sequence ssrc <<<"$stream"
    awk -v seed="$seed" -v packets="$packets" -v sequence="$sequence" -v ssrc="$ssrc" -f "$peers/lib/rtp.awk" >"rtp$seed.txt"
    text2pcap -q -t '%s.%f' -4 198.51.100.1,192.0.2.1 -u "$((50000 + 2 * seed)),$((40000 + 2 * seed))" \
        "rtp$seed.txt" "rtp$seed.pcap" 2>>text2pcap.err
    parts+=("rtp$seed.pcap")
done
mergecap -F pcap -w disturbed.pcap "${parts[@]}"
ours disturbed.pcap >disturbed.ours
theirs disturbed.pcap -d udp.port==40000-50999,rtp >disturbed.theirs
expect_lines 4 disturbed.ours '[0-9]'
same disturbed
awk '$5 == 0 { exit 1 }' disturbed.ours || fail "a stream lost nothing, which proves nothing"
run 0 late "$TRUNKBOX" sbc streams disturbed.pcap --format json
expect late.out '"reordered": [1-9]'
expect late.out '"longest_gap": [5-9]'
proved "four streams with losses, late packets and jitter: packets and losses equal, jitter within 0.001 ms"

# Calls: the Call-IDs of INVITEs that began a dialog, and of those what became.
run 0 calls "$TRUNKBOX" sbc calls demo.pcap --format json
grep -o '"call_id": "[^"]*"' calls.out | cut -d'"' -f4 | sort >calls.ours
fields demo.pcap 'sip.Method == "INVITE" && !sip.to.tag' sip.Call-ID | sort -u >calls.theirs
cmp -s calls.ours calls.theirs || fail "$(diff calls.ours calls.theirs)"
answered=$(fields demo.pcap 'sip.Status-Code == 200 && sip.CSeq.method == "INVITE"' sip.Call-ID | sort -u | wc -l)
expect_lines "$answered" calls.out '"answered": true'
expect_lines "$(fields demo.pcap 'sip.Method == "BYE"' sip.Call-ID | sort -u | wc -l)" calls.out '"ending": "completed"'
expect_lines "$answered" calls.out '"audio": "both"'
proved "the demo's $(wc -l <calls.ours) calls are the Call-IDs of tshark, $answered of them answered, ended by BYE, with audio both ways"

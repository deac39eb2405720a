#!/usr/bin/env bash
# The filter over captures that bench_traffic makes, beside tshark, sngrep and tcpdump on the same files, in turn on this
# machine. First SIP alone, all rules of the strict policy; then SIP among RTP. Seconds are processor time, medians of the
# rounds; the messages that each has counted are held against what is in the file.
# --messages N, --packets N, --rounds N, --json FILE. BENCH is where the benches were built, TRUNKBOX the binary.
source "$(dirname "$0")/../peers/lib/peer.sh"
: "${BENCH:?is the directory of bench_traffic}"

messages=500000 packets=3000000 rounds=3 json=
while (($# > 0)); do
    case $1 in
        --messages) messages=$2 ;;
        --packets) packets=$2 ;;
        --rounds) rounds=$2 ;;
        --json) json=$(realpath -- "$2") ;;
        *) fail "no option '$1'" ;;
    esac
    shift 2
done
[[ -x /usr/bin/time ]] || fail "/usr/bin/time is missing, it is the package 'time'"
for program in tshark sngrep tcpdump; do
    command -v "$program" >/dev/null || fail "'$program' is missing; install the package of that name"
done
directory=$(mktemp -d "$BENCH/run.sbc.XXXXXX")
cd "$directory"

middle() {
    sort -g | awk '{ value[NR] = $1 } END { print (value[int((NR + 1) / 2)] + value[int(NR / 2) + 1]) / 2 }'
}

# timed COMMAND... runs it `rounds` times, prints "PROCESSOR-SECONDS WALL-SECONDS PEAK-MB"; its output is in ./out.
timed() {
    local i
    for ((i = 0; i < rounds; ++i)); do
        /usr/bin/time -f '%U %S %e %M' -o usage "$@" >out 2>err || true
        tail -1 usage >>usages
    done
    printf '%s %s %s\n' "$(awk '{ print $1 + $2 }' usages | middle)" "$(awk '{ print $3 }' usages | middle)" \
        "$(awk '{ print $4 / 1024 }' usages | middle)"
    rm usages
}

packets_in() { tcpdump -r "$1" --count 2>/dev/null | sed 's/ .*//'; }

# line NAME ITEMS COUNTED SECONDS WALL MB: a row of the table, and of the JSON.
rows=()
line() {
    local rate
    rate=$(awk -v n="$2" -v s="$4" 'BEGIN { printf "%.3f", n / s / 1e6 }')
    printf '%-28s %10s %9.2f %9.2f %9.1f %10s\n' "$1" "$3" "$4" "$5" "$6" "$rate"
    rows+=("$(printf '{"what":"%s","counted":%s,"processor":%s,"wall":%s,"peak_mb":%s,"millions_a_second":%s}' \
        "$1" "$3" "$4" "$5" "$6" "$rate")")
}

of_json() { # KEY: of the filter's summary in ./out
    sed -n "s/^  \"$1\": \([0-9]*\).*/\1/p" out
}

"$BENCH/bench_traffic" sip.pcap --messages "$messages"
"$BENCH/bench_traffic" mixed.pcap --messages $((packets / 5)) --rtp $((packets - packets / 5))
sip=$(packets_in sip.pcap)
mixed=$(packets_in mixed.pcap)
printf '%-28s %10s %9s %9s %9s %10s\n' what counted cpu-s wall-s peak-MB M/s

result=$(timed "$TRUNKBOX" sbc filter sip.pcap --format json)
counted=$(of_json messages)
[[ $counted == "$sip" ]] || fail "the filter found $counted of $sip messages"
line 'sip: sbc filter, strict' "$sip" "$counted" $result
result=$(timed tshark -r sip.pcap -Y sip -T fields -e frame.number -e sip.Method -e sip.Status-Code -e sip.Call-ID -e sip.CSeq)
line 'sip: tshark -T fields' "$sip" "$(wc -l <out)" $result
result=$(timed sngrep -N -q -I sip.pcap -O sngrep.pcap -l 2000000)
line 'sip: sngrep -O' "$sip" "$(packets_in sngrep.pcap)" $result
result=$(timed tcpdump -r sip.pcap -w tcpdump.pcap 'udp port 5060')
line 'sip: tcpdump -w' "$sip" "$(packets_in tcpdump.pcap)" $result

result=$(timed "$TRUNKBOX" sbc filter mixed.pcap --format json)
[[ $(of_json frames) == "$mixed" ]] || fail "the filter counted $(of_json frames) of $mixed frames"
line 'mixed: sbc filter, strict' "$mixed" "$(of_json frames)" $result
result=$(timed "$TRUNKBOX" sbc streams mixed.pcap --format jsonl)
line 'mixed: sbc streams' "$mixed" "$(wc -l <out)" $result
result=$(timed tshark -r mixed.pcap -q -z rtp,streams)
line 'mixed: tshark rtp,streams' "$mixed" "$(grep -c '^ *[0-9.]* .*0x' out || true)" $result

if [[ -n $json ]]; then
    (
        IFS=,
        printf '[%s]\n' "${rows[*]}"
    ) >"$json"
fi

# Prints RTP packets as text2pcap reads them: PCMA, 20 ms each, disturbed as a network disturbs: losses alone and in
# runs, packets that overtake others, and every packet late by up to 15 ms. Each fiftieth is comfort noise, and the one
# after it begins a talk spurt. Variables: seed, packets, sequence, ssrc.

# 0 to below n. Park and Miller's generator: its products stay within what a double counts exactly.
function dice(n) {
    seed = (seed * 16807) % 2147483647
    return int(seed / 2147483647 * n)
}

function hex16(value) {
    return sprintf("%02x %02x", int(value / 256) % 256, value % 256)
}

BEGIN {
    payload = ""
    for (i = 0; i < 160; ++i) payload = payload " d5"
    count = 0
    for (i = 0; i < packets; ++i) {
        if (lost > 0) {
            --lost
            continue
        }
        # The first and the last packets always come in order, so that nobody has to guess where the stream ends.
        edge = i < 5 || i >= packets - 5
        if (!edge && dice(100) < 3) continue
        if (!edge && dice(200) < 1 && i < packets - 20) {
            lost = 2 + dice(8)
            continue
        }
        at = i * 20000 + dice(15000)
        if (!edge && dice(50) < 1) at += 20000 + dice(60000)
        stamp = 160 * i
        type = i % 50 == 0 ? "88" : i % 50 == 49 ? "0d" : "08"
        line[count] = sprintf("0000 80 %s %s %s %s %s %s%s", type, hex16((sequence + i) % 65536),
            hex16(int(stamp / 65536)), hex16(stamp % 65536), hex16(int(ssrc / 65536)), hex16(ssrc % 65536), payload)
        time[count] = at
        ++count
    }
    # By time: what was moved stands at most a few places off.
    for (i = 1; i < count; ++i)
        for (j = i; j > 0 && time[j - 1] > time[j]; --j) {
            t = time[j]; time[j] = time[j - 1]; time[j - 1] = t
            l = line[j]; line[j] = line[j - 1]; line[j - 1] = l
        }
    for (i = 0; i < count; ++i) printf "%d.%06d\n%s\n", 1700000000 + int(time[i] / 1000000), time[i] % 1000000, line[i]
}

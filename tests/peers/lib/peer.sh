# What the peer tests share: free ports, waits with a deadline, children that end with the script, expectations, and
# the logs when one is not met. Sourced by each script, in an empty working directory, where all it writes stays.
# TRUNKBOX is the binary, TRUNKBOX_SOURCE the source tree.

set -euo pipefail
: "${TRUNKBOX:?is the trunkbox binary}" "${TRUNKBOX_SOURCE:?is the source tree}"
export LC_ALL=C

peers=$TRUNKBOX_SOURCE/tests/peers
declare -A pids=()

show_logs() {
    local log
    for log in *.out *.err *.log; do
        [[ -s $log ]] || continue
        echo "--- $log (its end)"
        tail -n 60 "$log"
    done
}

end_children() {
    local status=$? name
    trap - EXIT
    for name in "${!pids[@]}"; do
        kill "${pids[$name]}" 2>/dev/null || true
    done
    for name in "${!pids[@]}"; do
        end_within 5 "${pids[$name]}" || kill -KILL "${pids[$name]}" 2>/dev/null || true
        wait "${pids[$name]}" 2>/dev/null || true
    done
    if ((status != 0)); then
        show_logs >&2
    fi
    [[ -z ${postgresql_folder:-} ]] || rm -rf "$postgresql_folder"
    exit "$status"
}
trap end_children EXIT
trap 'echo "line $LINENO: \"$BASH_COMMAND\" failed with $?" >&2' ERR
trap 'exit 143' TERM
trap 'exit 130' INT

fail() {
    echo "FAILED: $*" >&2
    trap - ERR
    exit 1
}

proved() {
    echo "proved: $*"
}

# until_true SECONDS WHAT COMMAND... polls COMMAND until it succeeds.
until_true() {
    local seconds=$1 what=$2 deadline
    shift 2
    deadline=$((SECONDS + seconds))
    until "$@" 2>/dev/null; do
        ((SECONDS <= deadline)) || fail "not within $seconds s: $what"
        sleep 0.05
    done
}

ended() {
    ! kill -0 "$1" 2>/dev/null
}

# end_within SECONDS PID is false when the child still runs then.
end_within() {
    local deadline=$((SECONDS + $1))
    until ended "$2"; do
        ((SECONDS <= deadline)) || return 1
        sleep 0.05
    done
}

# udp_bound PORT: somebody listens there, on 127.0.0.1 or on all addresses.
udp_bound() {
    local hex
    hex=$(printf '%04X' "$1")
    grep -qE "^ *[0-9]+: (0100007F|00000000):$hex " /proc/net/udp
}

# free_port NAME sets the variable NAME to an even port that is free together with the three after it. It stays below
# the range from which the system hands out ports itself, so that no other process is given it in between.
free_port() {
    local -n chosen=$1
    local try
    for ((try = 0; try < 200; try++)); do
        chosen=$((10000 + 4 * (RANDOM % 5000)))
        if ! udp_bound "$chosen" && ! udp_bound $((chosen + 1)) && ! udp_bound $((chosen + 2)) &&
            ! udp_bound $((chosen + 3)); then
            return
        fi
    done
    fail "no free port"
}

# start NAME COMMAND... runs a child; its output is in NAME.out and NAME.err.
start() {
    local name=$1
    shift
    "$@" >"$name.out" 2>"$name.err" </dev/null &
    pids[$name]=$!
}

# finish NAME SECONDS waits for a child to end by itself and sets status to how it ended.
finish() {
    local pid=${pids[$1]}
    end_within "$2" "$pid" || fail "$1 still runs after $2 s"
    status=0
    wait "$pid" || status=$?
    unset "pids[$1]"
}

# stop NAME ends a child by SIGTERM and sets status to how it ended.
stop() {
    kill "${pids[$1]}" 2>/dev/null || true
    finish "$1" 10
}

# run STATUS NAME COMMAND... runs a command to its end, which has to be STATUS; its output is in NAME.out and NAME.err.
run() {
    local wanted=$1 name=$2 got=0
    shift 2
    timeout 60 "$@" >"$name.out" 2>"$name.err" </dev/null || got=$?
    ((got == wanted)) || fail "$name ended with $got, expected $wanted: $*"
}

# start_postgresql starts a PostgreSQL server of the test's own, without a port; new_database NAME sets the variable NAME to
# the address of a new database there.
start_postgresql() {
    # Not in here: the server runs as somebody who may not come here, and the path of a socket is short.
    postgresql_folder=$(mktemp -d /tmp/trunkbox-postgresql.XXXXXX)
    start postgresql bash "$TRUNKBOX_SOURCE/tests/support/postgresql.sh" "$postgresql_folder"
    until_true 60 "PostgreSQL listens" psql -Xqo /dev/null -c 'SELECT 1' "postgresql://postgres@/postgres?host=$postgresql_folder"
    databases=0
}

new_database() {
    local -n address=$1
    databases=$((databases + 1))
    run 0 psql psql -Xqc "CREATE DATABASE d$databases" "postgresql://postgres@/postgres?host=$postgresql_folder"
    address="postgresql://postgres@/d$databases?host=$postgresql_folder"
}

stop_postgresql() {
    stop postgresql
    rm -rf "$postgresql_folder"
}

# expect FILE REGEX: some line of FILE matches. A blank in REGEX is a blank.
expect() {
    grep -qE -- "$2" "$1" || fail "'$1' has no line that matches '$2'"
}

# expect_soon FILE REGEX: likewise, once the peer has come to write it.
expect_soon() {
    until_true 10 "'$1' has a line that matches '$2'" grep -qE -- "$2" "$1"
}

expect_not() {
    ! grep -qE -- "$2" "$1" || fail "'$1' has a line that matches '$2'"
}

# number FILE REGEX prints the digits that the group in REGEX matches in the first line that has them.
number() {
    local line
    while IFS= read -r line || [[ -n $line ]]; do
        if [[ $line =~ $2 ]]; then
            echo "${BASH_REMATCH[1]}"
            return
        fi
    done <"$1"
    fail "'$1' has no line that matches '$2'"
}

lines() {
    grep -cE -- "$2" "$1" || true
}

# expect_lines N FILE REGEX: exactly N lines of FILE match.
expect_lines() {
    local got
    got=$(lines "$2" "$3")
    ((got == $1)) || fail "'$2' has $got lines that match '$3', expected $1"
}

ready_or_ended() {
    [[ -s $1 ]] || ended "$2"
}

# ready FILE NAME waits for the ready file of the child NAME and sets port to the port in it.
ready() {
    until_true 20 "$2 is ready" ready_or_ended "$1" "${pids[$2]}"
    [[ -s $1 ]] || fail "$2 ended before it was ready"
    port=$(cut -d: -f3 "$1")
}

# sipp_call_side and sipp_called_side NAME SIPP-OPTION... run SIPp on loopback, each message in NAME.messages.log.
sipp_called_side() {
    local name=$1
    shift
    free_port sipp_port
    free_port media_port
    start "$name" sipp -i 127.0.0.1 -p "$sipp_port" -mi 127.0.0.1 -mp "$media_port" -m 1 -nostdin -timeout 60 \
        -timeout_error -trace_msg -message_file "$name.messages.log" -trace_err -error_file "$name.errors.log" "$@"
    until_true 20 "$name listens" udp_bound "$sipp_port"
}

sipp_call_side() {
    local name=$1
    shift
    free_port sipp_port
    free_port media_port
    start "$name" sipp -i 127.0.0.1 -p "$sipp_port" -mi 127.0.0.1 -mp "$media_port" -nostdin -timeout 60 \
        -timeout_error -trace_msg -message_file "$name.messages.log" -trace_err -error_file "$name.errors.log" "$@"
}

# start_kamailio NAME DEFINE=VALUE... runs lib/kamailio.cfg on the port kamailio_port.
start_kamailio() {
    local name=$1 define defines=()
    shift
    free_port kamailio_port
    for define in "PORT=$kamailio_port" "$@"; do
        defines+=(-A "$define")
    done
    mkdir -p "$name.run"
    start "$name" kamailio -f "$peers/lib/kamailio.cfg" -DD -E -m 64 -M 8 -Y "$PWD/$name.run" \
        -P "$PWD/$name.pid" "${defines[@]}"
    until_true 20 "$name listens" udp_bound "$kamailio_port"
}

# write_profile FILE USER PASSWORD writes a trunk profile for USER at Kamailio, and the password beside it.
write_profile() {
    (umask 077 && echo "$3" >"$1.secret")
    cat >"$1" <<END
{
    "version": 1,
    "name": "$2",
    "mode": "registration",
    "registrar": "sip:trunk.example.com",
    "outbound_proxy": "sip:127.0.0.1:$kamailio_port",
    "aor": "sip:$2@trunk.example.com",
    "credentials": {"username": "$2", "password_file": "$1.secret"}
}
END
}

# fields CAPTURE FILTER FIELD... prints what tshark reads from a capture, a packet a line.
fields() {
    local capture=$1 filter=$2 field options=()
    shift 2
    for field in "$@"; do
        options+=(-e "$field")
    done
    tshark -r "$capture" -Y "$filter" -T fields "${options[@]}" 2>>tshark.err
}

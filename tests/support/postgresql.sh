#!/usr/bin/env bash
# A PostgreSQL server for one test: postgresql.sh FOLDER [OPTION…] keeps its data and its socket in FOLDER and opens no port.
# It runs until SIGINT or SIGTERM, and where standard input is a pipe, until whoever holds the other end is gone. With fsync
# off nothing is lost when the server is killed; a machine's power is not at stake. Its texts sort as people sort them, so
# that whoever forgets to ask for the order of bytes is found out.
set -euo pipefail
folder=$1
shift
programs=$(find /usr/lib/postgresql -mindepth 2 -maxdepth 2 -name bin | sort -V | tail -n 1)
as=()
if (($(id -u) == 0)); then # as whom it refuses to run
    as=(setpriv --reuid=nobody --regid=nogroup --clear-groups)
    chown nobody:nogroup "$folder"
fi
if [[ ! -e $folder/made ]]; then
    "${as[@]}" "$programs/initdb" -D "$folder/data" -U postgres -A trust -E UTF8 --locale=C.UTF-8 --locale-provider=icu \
        --icu-locale=en-US --no-sync --no-instructions >"$folder/initdb.log" 2>&1
    touch "$folder/made"
fi
exec 3<&0 </dev/null >>"$folder/postgresql.log" 2>&1
"${as[@]}" "$programs/postgres" -D "$folder/data" -k "$folder" -c listen_addresses= -c fsync=off -c shared_buffers=32MB \
    "$@" 3<&- &
server=$!
trap 'kill -INT $server; wait $server || true; exit 0' INT TERM
children=("$server")
if [[ -p /dev/fd/3 ]]; then
    cat <&3 >/dev/null &
    children+=($!)
fi
wait -n "${children[@]}" || true
kill -INT "$server" 2>/dev/null || exit 1
wait "$server" || true

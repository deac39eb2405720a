#!/usr/bin/env bash
# Kamailio over what is exported from a directory on a PostgreSQL server.
source "$(dirname "$0")/lib/peer.sh"

start_postgresql
new_database TRUNKBOX_DB
export TRUNKBOX_DB
source "$peers/lib/kamailio_directory.sh"
stop_postgresql

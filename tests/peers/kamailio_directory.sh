#!/usr/bin/env bash
# Kamailio over what is exported from a directory in a file.
source "$(dirname "$0")/lib/peer.sh"

export TRUNKBOX_DB=$PWD/directory.db
source "$peers/lib/kamailio_directory.sh"

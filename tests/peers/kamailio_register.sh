#!/usr/bin/env bash
# Kamailio as registrar, with MD5 and with SHA-256 challenges: register, look, remove; a wrong password; a registration
# that is too brief.
source "$(dirname "$0")/lib/peer.sh"

password=pelican-7946-quartz
wrong=walrus-0123-basalt
contact=sip:pbx@127.0.0.1:5060

register_with() {
    local algorithm=$1 name=${1,,}
    start_kamailio "kamailio.$name" "ALGORITHM=$algorithm" "PASSWORD=$password"
    write_profile right.json alice "$password"
    write_profile wrong.json alice "$wrong"

    run 0 "$name.once" "$TRUNKBOX" register --trunk right.json --once --contact "$contact" --format jsonl \
        --pcap "$name.pcap"
    expect "$name.once.out" '"registered":true,"status":200'
    expect "$name.once.out" "\"contacts\":\[\{\"uri\":\"$contact\",\"expires\":3600"
    fields "$name.pcap" 'sip.Method == "REGISTER" && sip.auth.digest.response' sip.Authorization >"$name.authorization.out"
    expect_lines 1 "$name.authorization.out" "algorithm=\"?$algorithm\"?[, ]"
    expect_soon "kamailio.$name.err" 'saved sip:alice@trunk.example.com for 3600 s'
    proved "registered with Kamailio, its $algorithm challenge answered at once"

    run 0 "$name.query" "$TRUNKBOX" register --trunk right.json --query --format jsonl
    expect "$name.query.out" "\"uri\":\"$contact\""
    proved "--query shows the binding"

    run 0 "$name.remove" "$TRUNKBOX" register --trunk right.json --remove --contact "$contact" --format jsonl
    run 0 "$name.empty" "$TRUNKBOX" register --trunk right.json --query --format jsonl
    expect "$name.empty.out" '"contacts":\[\]'
    proved "--remove removes it"

    run 5 "$name.wrong" "$TRUNKBOX" register --trunk wrong.json --once --format jsonl
    expect "$name.wrong.out" '"registered":false,"status":401'
    run 5 "$name.wrong-text" "$TRUNKBOX" register --trunk wrong.json --once
    cat "$name.wrong-text.out" "$name.wrong-text.err" >"$name.refusal.out"
    expect "$name.refusal.out" '401'
    expect "$name.refusal.out" 'password|credentials'
    proved "a wrong password ends with 5: $(tr '\n' ' ' <"$name.refusal.out")"

    run 0 "$name.brief" "$TRUNKBOX" register --trunk right.json --once --contact "$contact" --expires 5 --format jsonl
    expect "kamailio.$name.err" 'finds 5 s too brief'
    expect_soon "kamailio.$name.err" 'saved sip:alice@trunk.example.com for 60 s'
    expect "$name.brief.out" '"registered":true,"status":200,"reason":"OK","expires":(59|60),'
    proved "423 for 5 s is answered with the 60 s that Kamailio asks for"

    stop "kamailio.$name"
}

register_with MD5
register_with SHA-256

for secret in "$password" "$wrong"; do
    if grep -rlF --exclude='*.secret' -- "$secret" .; then
        fail "a password is in the files above"
    fi
done
proved "the passwords are in no output and no capture"

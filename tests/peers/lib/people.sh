# A directory with many people, for those who read what it exports. Sourced with TRUNKBOX_DB naming it.

# import_people USERS NUMBERS SILENT makes the tenant acme in it: users with a desk each, numbers that are theirs in turn, and
# some that are nobody's.
import_people() {
    local users=$1 numbers=$2 silent=$3 i
    {
        echo 'user,phone,site,contact,number'
        for ((i = 0; i < users; i++)); do
            printf 'user-%d,desk-%d,paris,sip:desk-%d@127.0.0.1:%d,\n' "$i" "$i" "$i" $((20000 + i))
        done
        for ((i = 0; i < numbers; i++)); do printf 'user-%d,,,,+3319901%04d\n' $((i * 7 % users)) "$i"; done
        for ((i = 0; i < silent; i++)); do printf ',,,,+3319902%04d\n' "$i"; done
    } >people.csv
    run 0 tenant "$TRUNKBOX" centrex tenant add acme --domain acme.example --country FR
    run 0 site "$TRUNKBOX" centrex site add paris --tenant acme --address '1 rue Exemple, 75001 Paris'
    run 0 block "$TRUNKBOX" number block add +33199010000 +33199029999 --tenant acme
    run 0 import "$TRUNKBOX" centrex import csv people.csv
    expect import.out "^$((users + numbers + silent)) lines: .* 0 rejected"
}

# Prefixes, the rates that carriers ask below them, and numbers, drawn from `seed`: as decks in CSV and as the db_text
# tables of Kamailio, in the working directory. The mtree "all" has every prefix, the mtree of a carrier its own, and
# drouting for each prefix the carriers that have just that one, the cheapest first.

# Park and Miller's generator: every product is exact in a double, so that every awk draws the same.
function draw(count) {
    state = (state * 16807) % 2147483647
    return int(state / 2147483647 * count)
}

function digits(count, text) {
    for (text = ""; count > 0; count--) text = text draw(10)
    return text
}

function add_prefix(text) {
    if (length(text) > 12 || text in known) return
    known[text] = 1
    prefix[prefixes++] = text
}

function draw_prefixes(i, codes, parent) {
    codes = split("1 1242 20 27 30 31 32 33 34 351 352 353 358 36 370 371 381 39 40 41 420 421 43 44 45 46 47 48 49 " \
                  "51 52 54 55 56 57 58 60 61 62 64 65 66 7 77 81 82 84 86 852 880 90 91 92 93 94 95 961 966 971 972 " \
                  "977 98 995 998 211 212 216 218 220 233 234 254 255 256 263 501 502 505 507 591 593 598 670 679 689 " \
                  "870 8816", code, " ")
    for (i = 1; i <= codes; i++) add_prefix(code[i])
    # Half of them below the first few hundred, so that many are nested deep.
    while (prefixes < most_prefixes) {
        parent = draw(draw(2) || prefixes < 400 ? prefixes : 400)
        add_prefix(prefix[parent] digits(1 + draw(3)))
    }
    # A country code without a price of its own: numbers below it may have no route.
    for (i = 0; i < codes; i++) if (draw(4) == 0) delete known[prefix[i]]
}

function draw_number(kind, text) {
    kind = draw(10)
    text = prefix[draw(prefixes)]
    if (kind == 0) return (1 + draw(9)) digits(3 + draw(12))                         # any
    if (kind == 1) return text                                                       # a prefix itself
    if (kind < 4) text = substr(text, 1, length(text) - 1) draw(10)                  # beside a prefix
    return text digits(draw(16 - length(text)))
}

function write_tables(i, k, n, text, name, rate, best, list, rules, rows) {
    print "id(int,auto) tname(string) tprefix(string) tvalue(string)" >"db/prefixes"
    print "ruleid(int,auto) groupid(string) prefix(string) timerec(string) priority(int) routeid(string) gwlist(string) " \
          "description(string)" >"db/dr_rules"
    print "prefix,rate" >"all.csv"
    for (k = 1; k <= carriers; k++) print "prefix,rate" >(carrier[k] ".csv")
    for (i = 0; i < prefixes; i++) {
        text = prefix[i]
        if (!(text in known)) continue
        print text ",0.01" >"all.csv"
        print ++rows ":all:" text ":" text >"db/prefixes"
        n = 0
        while (n == 0) {
            for (k = 1; k <= carriers; k++) {
                delete rate[k]
                if (draw(3)) continue
                # Few enough rates that carriers ask the same; then the name decides.
                rate[k] = 100 + draw(60)
                n++
            }
        }
        for (k = 1; k <= carriers; k++) {
            if (!(k in rate)) continue
            print text ",0.0" rate[k] >(carrier[k] ".csv")
            print ++rows ":" carrier[k] ":" text ":" text >"db/prefixes"
        }
        for (list = ""; n > 0; n--) {
            best = 0
            for (k = 1; k <= carriers; k++) if (k in rate && (!best || rate[k] < rate[best])) best = k
            list = list (list == "" ? "" : ",") best
            delete rate[best]
        }
        # In force since 2020: db_text takes an empty text for none at all, which drouting refuses.
        print ++rules ":0:" text ":20200101T000000:0:0:" list ":-" >"db/dr_rules"
    }
}

function write_gateways(k) {
    print "gwid(int,auto) type(int) address(string) strip(int) pri_prefix(string,null) attrs(string,null) " \
          "description(string)" >"db/dr_gateways"
    for (k = 1; k <= carriers; k++) print k ":0:" carrier[k] ":0:::-" >"db/dr_gateways"
    print "id(int,auto) username(string) domain(string) groupid(int) description(string)" >"db/dr_groups"
    print "id(int,auto) gwlist(string) description(string)" >"db/dr_gw_lists"
    print "id(int,auto) table_name(string) table_version(int)" >"db/version"
    print "1:htable:2\n2:dr_gateways:3\n3:dr_rules:3\n4:dr_groups:2\n5:dr_gw_lists:1" >"db/version"
}

function write_numbers(n, text, seen) {
    print "id(int,auto) key_name(string) key_type(int) value_type(int) key_value(string) expires(int)" >"db/numbers"
    while (n < most_numbers) {
        text = draw_number()
        if (length(text) < 4 || text in seen) continue  # the shortest E.164 number that we take
        seen[text] = 1
        print text >"numbers"
        print ++n ":" n ":0:0:" text ":0" >"db/numbers"
    }
}

BEGIN {
    state = seed
    carriers = split("alpha beta delta epsilon eta gamma iota theta", carrier, " ")  # by name
    draw_prefixes()
    write_tables()
    write_gateways()
    write_numbers()
}

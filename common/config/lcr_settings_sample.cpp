#include "config/lcr_settings.h"

namespace trunkbox::config {

std::string sample_lcr_settings() {
    return R"({
    "version": 1,

    // The currency that costs are compared in, and what one of another is worth in it. Decks that name no currency
    // are in euros. Without rates of exchange all decks are in one currency, which is the table's then.
    "currency": "EUR",
    "exchange": [
        {"currency": "USD", "since": "2026-01-01", "rate": "0.92"},
        {"currency": "USD", "since": "2026-07-01T00:00:00Z", "rate": "0.915"}
    ],

    // What the decks' time classes mean, on the clock of each carrier's zone. A "to" that is not after "from" is on
    // the next day. Without "days" every day, without "from" and "to" the whole day.
    "time_classes": {
        "peak": [{"days": "Mon-Fri", "from": "08:00", "to": "20:00"}],
        "offpeak": [
            {"days": "Mon-Fri", "from": "20:00", "to": "08:00"},
            {"days": "Sat,Sun", "from": "00:00", "to": "24:00"}
        ]
    },

    // Groups of callers that the decks' origins name, by the prefixes of their numbers.
    "origins": {"eea": ["+33", "+49", "+353"]},

    // Where an NPA or NPA-NXX is, so that calls within North America can be told into inter and intra.
    "states": {"NY": ["212", "718"], "NJ": ["201", "212555"]},
    "latas": {"132": ["212", "718"], "224": ["201"]},

    // Numbers that are no matter of cost. The longest entry decides; between equals "deny" over "allow", and
    // "emergency", which holds whole numbers, over all. An "allow" with anything in it denies everything else.
    "guards": {
        "emergency": ["112", "999"],
        "emergency_carriers": ["alpha", "beta"],
        "deny": ["+1900", "+88"],
        "allow": []
    },

    // What is measured of fewer calls counts as unknown; carriers that are known to be below are left out.
    "quality": {"least_samples": 30, "least_asr": 0.3, "least_ner": 0.9},

    // Changes to what happens when a carrier fails: "reroute" to the next, or "stop" and give its answer to the
    // caller. By SIP status, or by the Q.850 cause of a Reason header, which goes before the status.
    "reroute": {"404": "stop", "Q.850 1": "reroute"},

    // What is to be known of the carriers besides their decks.
    "carriers": {
        "alpha": {
            "priority": 1,                // between equal costs, the lower one first
            "enabled": true,              // false: it is offered no calls
            "weight": 70,                 // its share of the calls, relative to the others', where shares decide
            "zone": "Europe/Paris",       // of its time classes
            "rounding": "half_up",        // half_up, half_even, up or down, of the costs that are printed ...
            "digits": 6,                  // ... to so many decimals; the order goes by the exact cost
            "rate_by": "dialled",         // or "routing_number", where a ported number has one
            "basis": "state",             // or "lata": what inter and intra mean in its decks
            "indeterminate": "dearer",    // or "interstate", "intrastate": price of calls that are neither
            "asr": 0.52,                  // answer-seizure ratio ...
            "ner": 0.97,                  // ... network effectiveness ratio, both from 0 to 1 ...
            "acd": 182.5,                 // ... average call duration in seconds ...
            "pdd": 1.8,                   // ... post-dial delay in seconds ...
            "samples": 12000,             // ... measured on so many calls
            "channels": 240,              // calls at once
            "cps": 10                     // call attempts a second
        },
        "beta": {"priority": 2, "weight": 30, "zone": "UTC", "rounding": "up", "digits": 4}
    }
}
)";
}

}  // namespace trunkbox::config

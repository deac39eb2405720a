// What the memory knows of the packet at hand when the rules are asked. Private to sbc/.
#pragma once

#include "sbc/state_entries.h"

namespace trunkbox::sbc {

// Of a request. Entries are nullptr where there is nothing to know; valid until the next packet.
struct Present {
    Method method = Method::other;
    bool request = false;
    bool in_dialog = false;   // its To has a tag
    bool one_way = false;     // nothing was ever seen that went the other way between the two addresses; where asked for
    bool unheard = false;     // of a request: its destination was never seen to send anything
    bool limited = false;     // the source, or a response's destination, is one whose rate counts
    bool again = false;       // the transaction is known: a retransmission, or captured twice
    bool refused = false;     // the transaction's request did not go on
    bool call_refused = false;  // the INVITE did not go on
    bool forgetful = false;   // what is missing may be forgotten for want of room
    Duration watched{};       // since the first packet

    std::uint64_t source = 0, destination = 0;  // addresses
    std::uint64_t call = 0, branch = 0, from_tag = 0, to_tag = 0;
    std::uint64_t transaction_key = 0, dialog_key = 0;
    std::uint32_t cseq = 0;

    Transaction* transaction = nullptr;
    Transaction* invite = nullptr;  // that a CANCEL or ACK is about
    std::uint32_t user = 0;         // that a request is for
    Arrival* arrival = nullptr;
    std::uint64_t arrival_key = 0, uri = 0;
    bool arrives = false;           // it is looked up among the arrivals

    Dialog* dialog = nullptr;
    Party party = Party::caller;  // who sent the request that this is or answers
    bool tracked = false;         // what is of a dialog, or begins one
    bool knows_tags = false;      // both tags are the dialog's
    DialogSide::Way way{};        // that it takes

    struct Session {
        std::uint64_t version = 0, media = 0;
        std::uint32_t session = 0, body = 0, network = 0;
        std::uint8_t lines = 0;
        bool there = false;
        bool same_media = false;  // addresses and ports are those before
    } sdp{};

    Ban* ban = nullptr;
    std::uint32_t requests = 0;   // of the source
    std::uint32_t users = 0;      // that it asked for
    std::uint32_t spellings = 0;  // of the number that it dials
    std::uint32_t failures = 0;   // of the source, this response included
    bool failure = false;         // a response that says the client failed, for the first time
    bool succeeded = false;       // the source did, within the window of its failures

    bool new_call = false, new_registration = false;
    std::uint64_t account_key = 0;  // of a request that begins something; 0: none
    Account* account = nullptr;
    Account* trunk = nullptr;
    std::uint32_t invites = 0, trunk_invites = 0, registrations = 0;  // this one included
    std::uint32_t guessers = 0;   // sources that failed for the account
    bool second_binding = false;  // a registration beside one from elsewhere

    Spending* spending = nullptr;
    std::uint64_t number = 0;     // called
    std::uint32_t spent_calls = 0, spent_minute = 0, spent_running = 0, spent_sequence = 0;  // this one included
    std::uint16_t country = 0;    // called; 0: not to be said
    bool new_country = false;
    Duration length{};            // of a call that ends, or goes on
    std::uint32_t equal_lengths = 0, lengths = 0;

    bool credentials = false;
    Nonce* nonce = nullptr;
    std::uint64_t nonce_key = 0, nonce_count = 0, realm = 0;
    bool counts_nonce = false;    // the credentials have an nc
};

}  // namespace trunkbox::sbc

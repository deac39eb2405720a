// All tables of a memory, and the steps in which it sees a packet and learns from it. Private to sbc/.
#pragma once

#include <array>

#include "sbc/memory.h"
#include "sbc/rule.h"
#include "sbc/state_media.h"
#include "sbc/state_present.h"

namespace trunkbox::sbc {

struct State {
    explicit State(HashKey key) : hash(key), nowhere(hash(net::Ip())) {}

    KeyedHash hash;
    std::uint64_t nowhere;  // 0.0.0.0
    StateTable<Transaction> transactions{131'072};
    StateTable<Arrival> arrivals{32'768};
    StateTable<Refused> refused{32'768};
    StateTable<Pair, 2> pairs{32'768};
    StateTable<Dialog, 3> dialogs{40'960};
    StateTable<Source> sources{16'384};
    StateTable<DialledBy> dialled{8'192};
    StateTable<Ban> bans{32'768};
    StateTable<Account> accounts{16'384};
    StateTable<Spending> spendings{16'384};
    StateTable<Nonce> nonces{32'768};
    StateTable<MediaSession> media_sessions{16'384};
    StateTable<Pinhole> pinholes{32'768};
    StateTable<MediaStream> media_streams{16'384};

    // Keys of pairs, and which of the two was seen to send: those that need not be looked up again.
    std::array<std::uint64_t, 2'048> seen_pairs{};

    Memory::Counts counts{};
    Time now = Time::min(), started = Time::min();
    Present present{};
    bool expected = false;  // … is of a message that is still to be seen
    MediaPresent media{};
    RuleSet awake{};

    // Of all tables when they are full.
    static constexpr std::size_t most_bytes =
        131'072 * StateTable<Transaction>::bytes_each + 32'768 * StateTable<Arrival>::bytes_each +
        32'768 * StateTable<Refused>::bytes_each + 32'768 * StateTable<Pair, 2>::bytes_each +
        40'960 * StateTable<Dialog, 3>::bytes_each + 16'384 * StateTable<Source>::bytes_each +
        8'192 * StateTable<DialledBy>::bytes_each + 32'768 * StateTable<Ban>::bytes_each +
        16'384 * StateTable<Account>::bytes_each + 16'384 * StateTable<Spending>::bytes_each +
        32'768 * StateTable<Nonce>::bytes_each + 16'384 * StateTable<MediaSession>::bytes_each +
        32'768 * StateTable<Pinhole>::bytes_each + 16'384 * StateTable<MediaStream>::bytes_each;
    // Whatever is sent; and what each live dialog adds, with the transactions that it has at a time.
    static_assert(most_bytes - 40'960 * StateTable<Dialog, 3>::bytes_each <= 56'000'000);
    static_assert(sizeof(Dialog) + 2 * sizeof(Transaction) <= 1000);

    // Of all tables together.
    template <class Value>
    [[nodiscard]] auto sum(Value value) const {
        return value(transactions) + value(arrivals) + value(refused) + value(pairs) + value(dialogs) + value(sources) +
               value(dialled) + value(bans) + value(accounts) + value(spendings) + value(nonces) +
               value(media_sessions) + value(pinholes) + value(media_streams);
    }
};

// A packet that is seen or learnt from.
struct Moment {
    const Subject& s;
    State& state;
    Present& present;

    [[nodiscard]] Time now() const { return state.now; }
    [[nodiscard]] bool on(std::size_t row) const { return s.settings->on.has(row); }
    // The n-th parameter of a rule, as it is set for this peer and direction.
    [[nodiscard]] std::int64_t value(std::size_t row, std::size_t n) const { return s.settings->settings[row].values[n]; }
    [[nodiscard]] Duration seconds(std::size_t row, std::size_t n) const { return std::chrono::seconds(value(row, n)); }
    // The rule is asked.
    void wake(std::size_t row) const { state.awake.add(row); }
    [[nodiscard]] std::uint64_t hash(std::string_view text) const { return state.hash(text); }
};

// state_transaction.cpp: first of all
void identify(Moment& m);
void see_transaction(Moment& m);
// Sets Present::one_way.
void look_at_view(Moment& m);
// Something that this address sends was seen.
[[nodiscard]] bool is_heard(Moment& m, std::uint64_t address);
void learn_transaction(Moment& m);
// … of a packet that does not go on.
void learn_refusal(Moment& m);
// The request that would have begun the dialog of that key did not go on; or now one does.
[[nodiscard]] bool is_call_refused(Moment& m, std::uint64_t dialog_key);
void forgive_call(Moment& m, std::uint64_t dialog_key);

// state_dialog.cpp
void see_dialog(Moment& m);
void learn_dialog(Moment& m);

// state_session.cpp
void see_session(Moment& m);
void learn_session(Moment& m);

// state_source.cpp: learn_source of a response
void see_source(Moment& m);
void learn_source(Moment& m);
void learn_ban(Moment& m, const Verdict& verdict);

// state_account.cpp: of a call who makes it, of a registration whom it is for; 0: nobody
[[nodiscard]] std::uint64_t account_key(const Moment& m);
// Learn of a message with an account, this and the next.
void see_account(Moment& m);
void learn_account(Moment& m);
// state_call.cpp: the call no longer runs.
void see_call(Moment& m);
void learn_call(Moment& m);
void end_spending(State& state, Dialog& dialog);

// state_credentials.cpp
void see_credentials(Moment& m);
void learn_credentials(Moment& m);

}  // namespace trunkbox::sbc

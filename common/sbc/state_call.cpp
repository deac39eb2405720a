// What calls cost an account: how many, to where, at what hours, how long (F-502, F-503, F-505).
#include <array>
#include <cstdlib>

#include "base/text.h"
#include "numbering/country_codes.h"
#include "sbc/catalogue.h"
#include "sbc/state.h"
#include "sbc/state_dialled.h"

namespace trunkbox::sbc {
namespace {

constexpr std::size_t spending = row_of("F-502"), habits = row_of("F-503"), lengths = row_of("F-505");

// The country code that a number begins with, looked up by its first three digits; 0 for none.
std::uint16_t country_of(std::string_view digits) {
    static const auto codes = [] {
        std::array<std::uint16_t, 1000> table{};
        for (std::size_t i = 0; i < table.size(); ++i) {
            const char first[] = {static_cast<char>('0' + i / 100), static_cast<char>('0' + i / 10 % 10),
                                  static_cast<char>('0' + i % 10)};
            auto code = numbering::country_code({first, 3});
            table[i] = code ? parse_integer<std::uint16_t>(*code).value_or(0) : std::uint16_t{0};
        }
        return table;
    }();
    if (digits.size() < 3) return 0;
    auto value = [&](std::size_t i) { return static_cast<std::size_t>(digits[i] - '0'); };
    return codes[value(0) * 100 + value(1) * 10 + value(2)];
}

void see_spending(Moment& m, std::string_view digits) {
    Present& p = m.present;
    p.spending = &m.state.spendings.at(combine(p.account->key, p.country), m.now());
    Spending& spent = *p.spending;
    if (m.now() - spent.day >= 24h || spent.day == Time{}) {
        spent.day = m.now();
        spent.calls = 0;
    }
    p.number = m.hash(digits);
    p.spent_calls = spent.calls + 1;
    p.spent_minute = 1 + spent.minute.count(m.now(), 60s);
    p.spent_running = spent.running + 1;
    p.spent_sequence = spent.number == p.number ? spent.sequence + 1 : 1;
    const std::uint32_t seen[] = {p.spent_calls, p.spent_minute, p.spent_running, p.spent_sequence};
    for (std::size_t i = 0; i < std::size(seen); ++i)
        if (seen[i] > m.value(spending, i)) m.wake(spending);
}

void see_new_call(Moment& m) {
    Present& p = m.present;
    DialledDigits number(dialled_user(m.s));
    if (number.empty()) return;
    p.country = country_of(number.international());
    if (m.on(spending)) see_spending(m, number.digits());
    if (p.country == 0) return;
    p.new_country = p.account->calls >= m.value(habits, 0) && !p.account->calls_to(p.country) &&
                    p.account->country_count < p.account->countries.size();
    if (p.new_country || m.value(habits, 1) != m.value(habits, 2)) m.wake(habits);
}

void see_length(Moment& m) {
    Present& p = m.present;
    Dialog& dialog = *p.dialog;
    bool talks = dialog.call && !dialog.adopted && dialog.answered != Time{} && dialog.state != DialogState::over;
    if (!talks || !p.in_dialog || p.again) return;
    p.length = m.now() - dialog.answered;
    if (p.length > std::chrono::minutes(m.value(lengths, 0))) m.wake(lengths);
    if (p.length > std::chrono::minutes(m.value(spending, 4)) && p.limited) m.wake(spending);
    if (p.method != Method::bye || dialog.account == 0) return;
    p.account = m.state.accounts.find(dialog.account);
    if (p.account == nullptr) return;
    auto seconds = std::chrono::duration_cast<std::chrono::seconds>(p.length).count();
    for (std::size_t i = 0; i < p.account->length_count; ++i)
        p.equal_lengths += std::abs(std::int64_t{p.account->lengths[i]} - seconds) <= 1 ? 1U : 0U;
    p.lengths = p.account->length_count + 1U;
    ++p.equal_lengths;
    bool many = p.lengths >= m.value(lengths, 1) && p.equal_lengths * 100 > p.lengths * 90;
    if (many && seconds >= m.value(lengths, 2)) m.wake(lengths);
}

void learn_new_call(Moment& m) {
    Present& p = m.present;
    if (p.spending != nullptr) {
        Spending& spent = *p.spending;
        ++spent.calls;
        spent.minute.add(m.now(), 60s);
        spent.sequence = p.spent_sequence;
        spent.number = p.number;
        look_at_view(m);
        if (p.dialog != nullptr && p.dialog->spending == 0 && !p.one_way) {
            ++spent.running;
            p.dialog->spending = spent.key;
        }
    }
    ++p.account->calls;
    if (p.country != 0 && !p.account->calls_to(p.country) && p.account->country_count < p.account->countries.size())
        p.account->countries[p.account->country_count++] = p.country;
}

void learn_length(Moment& m) {
    Account& account = *m.present.account;
    auto seconds = std::chrono::duration_cast<std::chrono::seconds>(m.present.length).count();
    account.lengths[account.next_length] = static_cast<std::uint32_t>(std::min<std::int64_t>(seconds, UINT32_MAX));
    account.next_length = static_cast<std::uint8_t>((account.next_length + 1U) % account.lengths.size());
    if (account.length_count < account.lengths.size()) ++account.length_count;
}

}  // namespace

void see_call(Moment& m) {
    Present& p = m.present;
    if (p.ban != nullptr) return;
    if (p.new_call && p.account != nullptr) see_new_call(m);
    else if (p.dialog != nullptr) see_length(m);
}

void learn_call(Moment& m) {
    Present& p = m.present;
    if (p.new_call) learn_new_call(m);
    else if (p.method == Method::bye && p.lengths > 0) learn_length(m);
}

void end_spending(State& state, Dialog& dialog) {
    if (dialog.spending == 0) return;
    Spending* spent = state.spendings.find(dialog.spending);
    dialog.spending = 0;
    if (spent != nullptr && spent->running > 0) --spent->running;
}

}  // namespace trunkbox::sbc

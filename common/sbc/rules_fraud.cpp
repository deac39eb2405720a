// What calls may cost, by what was called before.
#include <fmt/format.h>

#include "sbc/memory.h"
#include "sbc/rules.h"
#include "sbc/state_dialled.h"
#include "sbc/state_present.h"

namespace trunkbox::sbc {
namespace {

std::string country_text(std::uint16_t country) {
    return country == 0 ? "national numbers" : fmt::format("numbers below +{}", country);
}

}  // namespace

Hits spending_high(const Subject& s) {
    const Present& p = s.memory->present();
    auto [calls, minute, running, sequence, minutes, critical] = s.values<6>();
    if (p.length > Duration{})
        return {{.offset = s.message.start_offset(),
                 .reason = fmt::format("a call of {} minutes", std::chrono::duration_cast<std::chrono::minutes>(p.length).count())}};
    struct Counter {
        std::string_view what;
        std::int64_t seen, limit;
    };
    const Counter counters[] = {{"in 24 hours", p.spent_calls, calls},
                                {"in a minute", p.spent_minute, minute},
                                {"at a time", p.spent_running, running},
                                {"of one number one after another", p.spent_sequence, sequence}};
    const Counter* worst = nullptr;
    for (const Counter& counter : counters)
        if (counter.seen > counter.limit && (worst == nullptr || counter.seen * worst->limit > worst->seen * counter.limit))
            worst = &counter;
    if (worst == nullptr) return {};
    Hit hit{.offset = s.reading.from.header->offset,
            .reason = fmt::format("call {} {} of {} to {}; {} are usual", worst->seen, worst->what,
                                  shown(s.reading.from.field.uri), country_text(p.country), worst->limit)};
    if (worst->seen * 100 > worst->limit * critical) hit.instead = Defaults{reject(603), alert};
    return {hit};
}

Hits habits_broken(const Subject& s) {
    const Present& p = s.memory->present();
    auto [calls, begin, end, shift] = s.values<4>();
    Hits hits;
    if (p.new_country)
        hits.push_back({.offset = s.message.start_offset(),
                        .reason = fmt::format("the first of {} calls to {}", p.account->calls + 1, country_text(p.country))});
    auto local = s.memory->now().time_since_epoch() + std::chrono::minutes(shift);
    auto hour = (std::chrono::floor<std::chrono::hours>(local).count() % 24 + 24) % 24;
    bool night = begin <= end ? hour >= begin && hour < end : hour >= begin || hour < end;
    if (night)
        hits.push_back({.offset = s.message.start_offset(),
                        .reason = fmt::format("a call to {} at hour {}", country_text(p.country), hour)});
    return hits;
}

Hits numbers_swept(const Subject& s) {
    auto [spellings, seconds] = s.values<2>();
    return {{.offset = s.message.start_offset(),
             .reason = fmt::format("{} dialled one number in {} spellings in {} s, now {}", s.packet.from.ip.text(),
                                   s.memory->present().spellings, seconds, shown(dialled_user(s)))}};
}

Hits length_odd(const Subject& s) {
    const Present& p = s.memory->present();
    auto [minutes, calls, least] = s.values<3>();
    Hits hits;
    auto seconds = std::chrono::duration_cast<std::chrono::seconds>(p.length).count();
    if (p.length > std::chrono::minutes(minutes))
        hits.push_back({.offset = s.message.start_offset(),
                        .reason = fmt::format("the call lasts {} minutes", seconds / 60)});
    if (p.lengths >= calls && p.equal_lengths * 100 > p.lengths * 90 && seconds >= least)
        hits.push_back({.offset = s.message.start_offset(),
                        .reason = fmt::format("{} of {} calls of the account lasted {} s", p.equal_lengths, p.lengths, seconds)});
    return hits;
}

}  // namespace trunkbox::sbc

#include "lcr/settings_codec.h"

#include <bit>
#include <concepts>
#include <string>
#include <string_view>
#include <type_traits>

namespace trunkbox::lcr {

namespace {

// One walk over the settings serves both ways: `archive(value)` writes it, or reads into it.
class Writer {
  public:
    void word(std::uint64_t& value) {
        for (unsigned i = 0; i < 8; ++i) bytes.push_back(static_cast<std::byte>(value >> (8 * i)));
    }
    void text(std::string& value) {
        std::uint64_t size = value.size();
        word(size);
        for (char c : value) bytes.push_back(static_cast<std::byte>(c));
    }
    template <class T>
    std::uint64_t size(const T& container) {
        std::uint64_t count = container.size();
        word(count);
        return count;
    }
    static constexpr bool reads = false;
    bool good = true;
    std::vector<std::byte> bytes;
};

class Reader {
  public:
    explicit Reader(std::span<const std::byte> from) : bytes(from) {}
    void word(std::uint64_t& value) {
        value = 0;
        if (bytes.size() < 8) {
            good = false;
            bytes = {};
            return;
        }
        for (unsigned i = 0; i < 8; ++i) value |= std::uint64_t{static_cast<std::uint8_t>(bytes[i])} << (8 * i);
        bytes = bytes.subspan(8);
    }
    void text(std::string& value) {
        std::uint64_t size = 0;
        word(size);
        if (size > bytes.size()) {
            good = false;
            return;
        }
        value.assign(static_cast<const char*>(static_cast<const void*>(bytes.data())), size);
        bytes = bytes.subspan(size);
    }
    template <class T>
    std::uint64_t size(const T&) {
        std::uint64_t count = 0;
        word(count);
        // Each element takes a word at least, so that a lie is known before anything is made.
        if (count > bytes.size() / 8) {
            good = false;
            return 0;
        }
        return count;
    }
    static constexpr bool reads = true;
    bool good = true;
    std::span<const std::byte> bytes;
};

template <class A, class T>
requires std::integral<T> || std::is_enum_v<T>
void archive(A& a, T& value) {
    auto word = static_cast<std::uint64_t>(value);
    a.word(word);
    if constexpr (A::reads) value = static_cast<T>(word);
}
template <class A>
void archive(A& a, double& value) {
    auto word = std::bit_cast<std::uint64_t>(value);
    a.word(word);
    if constexpr (A::reads) value = std::bit_cast<double>(word);
}
template <class A>
void archive(A& a, std::string& value) {
    a.text(value);
}
template <class A>
void archive(A& a, Money& value) {
    auto word = static_cast<std::uint64_t>(value.units());
    a.word(word);
    if constexpr (A::reads) value = Money::of_units(static_cast<std::int64_t>(word));
}
template <class A>
void archive(A& a, Currency& value) {
    std::string text(value.text());
    a.text(text);
    if constexpr (A::reads) {
        auto currency = Currency::parse(text);
        if (currency)
            value = *currency;
        else
            a.good = false;
    }
}
template <class A>
void archive(A& a, Time& value) {
    auto word = static_cast<std::uint64_t>(value.time_since_epoch().count());
    a.word(word);
    if constexpr (A::reads) value = Time(Duration(static_cast<std::int64_t>(word)));
}
// An enumerator beyond the last is damage.
template <class A, class T>
void archive_up_to(A& a, T& value, T last) {
    archive(a, value);
    if (static_cast<std::uint64_t>(value) > static_cast<std::uint64_t>(last)) {
        a.good = false;
        value = last;
    }
}

template <class A, class T>
void archive(A& a, std::optional<T>& value);
template <class A, class T>
void archive(A& a, std::vector<T>& values);
template <class A, class K, class T>
void archive(A& a, std::map<K, T>& values);

template <class A>
void archive(A& a, Quality& q) {
    archive(a, q.asr), archive(a, q.ner), archive(a, q.acd), archive(a, q.pdd), archive(a, q.samples);
}
template <class A>
void archive(A& a, Carrier& c) {
    archive(a, c.name), archive(a, c.priority), archive(a, c.enabled), archive(a, c.weight), archive(a, c.zone);
    archive_up_to(a, c.rounding, Rounding::down);
    archive(a, c.digits);
    if (c.digits < 0 || c.digits > Money::decimals) a.good = false;
    archive_up_to(a, c.rate_by, RateBy::routing_number);
    archive_up_to(a, c.basis, JurisdictionBasis::lata);
    archive_up_to(a, c.indeterminate, Indeterminate::intrastate);
    archive(a, c.quality), archive(a, c.channels), archive(a, c.cps);
}
template <class A>
void archive(A& a, Exchange& e) {
    archive(a, e.currency), archive(a, e.since), archive(a, e.rate);
}
template <class A>
void archive(A& a, WeekSpan& s) {
    archive(a, s.days), archive(a, s.from_minute), archive(a, s.to_minute);
}
template <class A>
void archive(A& a, Guards& g) {
    archive(a, g.emergency), archive(a, g.emergency_carriers), archive(a, g.deny), archive(a, g.allow);
}
template <class A>
void archive(A& a, RerouteRule& r) {
    archive_up_to(a, r.kind, RerouteRule::Kind::cause);
    archive(a, r.code);
    archive_up_to(a, r.next, Next::stop);
}

template <class A, class T>
void archive(A& a, std::optional<T>& value) {
    bool there = value.has_value();
    archive(a, there);
    if (!there) return;
    if constexpr (A::reads) value.emplace();
    archive(a, *value);
}
template <class A, class T>
void archive(A& a, std::vector<T>& values) {
    auto count = a.size(values);
    if constexpr (A::reads) values.resize(count);
    for (auto& value : values) archive(a, value);
}
template <class A, class K, class T>
void archive(A& a, std::map<K, T>& values) {
    auto count = a.size(values);
    if constexpr (A::reads) {
        for (std::uint64_t i = 0; i < count && a.good; ++i) {
            K key;
            archive(a, key);
            archive(a, values[key]);
        }
    } else {
        for (auto& [key, value] : values) {
            auto copy = key;
            archive(a, copy);
            archive(a, value);
        }
    }
}

template <class A>
void archive(A& a, Settings& s) {
    archive(a, s.currency), archive(a, s.exchanges), archive(a, s.time_classes), archive(a, s.origins);
    archive(a, s.states), archive(a, s.latas), archive(a, s.guards), archive(a, s.least_samples);
    archive(a, s.least_asr), archive(a, s.least_ner), archive(a, s.reroute), archive(a, s.carriers);
}

}  // namespace

std::vector<std::byte> pack_settings(const Settings& settings) {
    Writer writer;
    auto copy = settings;
    archive(writer, copy);
    return std::move(writer.bytes);
}

Result<Settings> unpack_settings(std::span<const std::byte> bytes) {
    Reader reader(bytes);
    Settings settings;
    archive(reader, settings);
    if (!reader.good || !reader.bytes.empty()) return failure(Fault::input, "", "settings are not well-formed");
    return settings;
}

}  // namespace trunkbox::lcr

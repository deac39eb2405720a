#include "lcr/windows.h"

#include <algorithm>

namespace trunkbox::lcr {

std::vector<Window> windows(const LineSource& source) {
    auto passed = [&](std::int64_t moment) {
        auto after = std::ranges::upper_bound(source.boundaries, moment);
        return static_cast<std::uint32_t>(after - source.boundaries.begin());
    };
    std::vector<Window> all;
    bool too_many = source.boundaries.size() >= no_boundary;
    for (const auto& scope : source.scopes) {
        Window window;
        if (scope.effective != ScopeRecord::never) window.begin = passed(scope.effective);
        if (scope.end != ScopeRecord::never) window.end = passed(scope.end);
        bool dated = window.begin != 0 || window.end != no_boundary;
        window.plain = scope.time_class == 0 && scope.origin == 0 && scope.jurisdiction == 0 && !(dated && too_many);
        all.push_back(window);
    }
    return all;
}

// What is announced for later is mostly little, and calls are mostly of today. So many rows are enough to tell.
std::uint32_t usual_time(const LineSource& source, const std::vector<Window>& windows) {
    constexpr std::size_t enough = 100'000;
    std::vector<std::size_t> begun(source.boundaries.size() + 1);
    auto step = std::max<std::size_t>(source.rows.size() / enough, 1);
    std::size_t late = 0;
    for (std::size_t i = 0; i < source.rows.size(); i += step, ++late) ++begun[windows[source.rows[i].scope].begin];
    auto allowed = late / 100;
    for (std::uint32_t passed = 0; passed < begun.size(); ++passed) {
        late -= begun[passed];
        if (late <= allowed) return std::min(passed, no_boundary - 1);
    }
    return 0;
}

}  // namespace trunkbox::lcr

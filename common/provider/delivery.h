// One call on its way through the directory: where it rings now, and where it goes on when that came to nothing.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "centrex/resolve.h"

namespace trunkbox::provider {

class Delivery {
  public:
    // A directory may lead from one to the next for ever.
    static constexpr int most_rounds = 8;

    // A phone that was tried, and what came of it.
    struct Tried {
        std::string user;
        int status = 0;     // 0: no refusal of its own
        bool rang = false;
    };
    // `from` is who calls, where that is known for certain; else nothing is held against them.
    Delivery(numbering::E164 number, std::optional<numbering::E164> from) : number_(number), from_(from) {}

    // Where it rings; nothing when the number is none of the directory's and nobody forbids the call.
    [[nodiscard]] std::optional<centrex::Resolution> ask(const centrex::Facts& facts, Time at);
    // What the phones of the last round have shown of their users. False: asking again would tell nothing new, or somebody
    // declined for all (6xx but 600), or it has been asked often enough.
    [[nodiscard]] bool learn(const std::vector<Tried>& tried);

    [[nodiscard]] const numbering::E164& number() const { return number_; }
    [[nodiscard]] int round() const { return round_; }                      // 1 from the first ask() on
    [[nodiscard]] const std::string& because() const { return because_; }  // "'alice' did not answer", of the last round

  private:
    numbering::E164 number_;
    std::optional<numbering::E164> from_;
    centrex::Call call_{};
    int round_ = 0;
    std::string because_{};
};

// "+33199000001 rings alice at desk-214, then bob at desk-7".
[[nodiscard]] std::string describe(const Delivery& delivery, const centrex::Resolution& resolution);

// What a caller hears of a number that rings nothing now.
[[nodiscard]] int refusal(centrex::Outcome outcome);
// Whether a phone's refusal is about whether its user can be had at all, which the directory sums up.
[[nodiscard]] bool is_availability(int status);

}  // namespace trunkbox::provider

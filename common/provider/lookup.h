// The directory as calls ask it: one snapshot for each question, so that an edit counts from the next call on.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "base/result.h"
#include "centrex/facts.h"
#include "config/provider.h"
#include "sip/message_view.h"
#include "store/directory.h"

namespace trunkbox::provider {

class Lookup {
  public:
    // The directory that stands in the configuration; borrowed.
    explicit Lookup(const centrex::Facts& written) : written_(written) {}
    // From now on the one at this place, a file or a server's address. Errors are those of store::Directory::open.
    [[nodiscard]] trunkbox::Result<void> open(const std::string& place);

    // Whether it knows of each number whose it is, so that it decides what callers may show.
    [[nodiscard]] bool keeps_numbers() const { return directory_.has_value(); }
    // What `question` finds counts only when this succeeds. Errors: the directory cannot be read.
    [[nodiscard]] trunkbox::Result<void> ask(Time at, const std::function<void(const centrex::Facts&)>& question);

  private:
    const centrex::Facts& written_;
    std::optional<store::Directory> directory_{};
};

// The number that a call out of a trunk shows: the one of its ranges that its INVITE asserts, else the trunk's main number.
// A directory that keeps numbers decides by itself: what is assigned to the trunk's tenant may be shown, and what everybody
// of that tenant may show; `refused` is what it would not let be shown.
struct Shown {
    std::optional<numbering::E164> number{};  // none: neither of them may be shown
    std::optional<numbering::E164> refused{};
};
[[nodiscard]] trunkbox::Result<Shown> shown_number(Lookup& lookup, const sip::MessageView& invite,
                                                   const config::TrunkConfig& trunk, Time at);

}  // namespace trunkbox::provider

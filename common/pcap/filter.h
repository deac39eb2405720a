// A filter of pcap-filter(7), compiled for each link type that the packets turn out to have.
#pragma once

#include <memory>
#include <string>

#include "base/result.h"
#include "net/datagram.h"

namespace trunkbox::pcap {

class Filter {
  public:
    // Error (Fault::usage): not a filter for this link type; names the word at fault.
    [[nodiscard]] static Result<Filter> compile(const std::string& expression, int link_type);
    ~Filter();
    Filter(Filter&&) noexcept;
    Filter& operator=(Filter&&) noexcept;

    // Error: as compile(), for a link type that comes up for the first time.
    [[nodiscard]] Result<bool> passes(const net::Frame& frame);

  private:
    struct State;
    explicit Filter(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

}  // namespace trunkbox::pcap

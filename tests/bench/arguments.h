// A command line of a bench: one argument by place and --NAME VALUE pairs.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace trunkbox::bench {

class Arguments {
  public:
    // The argument by place is called `place` ("" if there is none). Throws std::runtime_error.
    Arguments(int argc, char** argv, const std::string& place, const std::vector<std::string>& names);

    [[nodiscard]] std::string word(const std::string& name, std::string_view otherwise = {}) const;
    [[nodiscard]] std::uint64_t count(const std::string& name, std::uint64_t otherwise) const;
    // "10000,100000".
    [[nodiscard]] std::vector<std::uint64_t> counts(const std::string& name, std::string_view otherwise) const;

  private:
    std::map<std::string, std::string> values_;
};

}  // namespace trunkbox::bench

// Starts and ends sofia-sip for the process, and keeps it from reading our environment and writing to our stderr.
#pragma once

#include <functional>
#include <memory>
#include <string_view>

namespace trunkbox::sofia {

// One at the start of a program (several may be alive: the first starts, the last ends). Make it before any thread:
// it takes the environment variables away that change what sofia-sip does or make it write whole messages,
// credentials included, to a file.
class Library {
  public:
    // What the libraries would have logged, a line at a time without its line end; by default it is dropped.
    using Log = std::function<void(std::string_view line)>;

    explicit Library(Log log = {});
    ~Library();
    Library(const Library&) = delete;
    Library& operator=(const Library&) = delete;

  private:
    std::unique_ptr<Log> log_;
};

}  // namespace trunkbox::sofia

// What a loop is made of. Private to this folder's .cpp files.
#pragma once

#include <chrono>
#include <cstdint>
#include <exception>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <utility>

#include "sofia/loop.h"
#include "sofia/sofia_headers.h"

namespace trunkbox::sofia {

class Interrupts;

struct RootCloser {
    void operator()(su_root_t* root) const { su_root_destroy(root); }
};

struct Loop::State {
    using Steady = std::chrono::steady_clock;
    // Deadline, then the order in which it was set.
    using Key = std::pair<Time, std::uint64_t>;

    std::unique_ptr<su_root_t, RootCloser> root;
    Time wall_start;
    Steady::time_point steady_start;
    std::map<Key, std::function<void()>> timers;
    std::uint64_t timers_set = 0;

    int timer_descriptor = -1;      // rings at the earliest deadline
    std::optional<Time> armed_for;  // what it is set to
    Watch timer_watch;
    std::unique_ptr<Interrupts> interrupts;

    bool running = false;
    bool stopped = false;
    std::exception_ptr thrown;  // by a callback; may not pass through sofia-sip's C frames

    State();
    ~State();
    State(const State&) = delete;
    State& operator=(const State&) = delete;

    [[nodiscard]] Time now() const;
    void arm();
    void run_due();
};

// SIGINT and SIGTERM as a descriptor; the process's signal mask and dispositions come back at the end.
class Interrupts {
  public:
    Interrupts(std::function<void(int)> interrupted, std::function<void()> hung_up);
    ~Interrupts();
    Interrupts(const Interrupts&) = delete;
    Interrupts& operator=(const Interrupts&) = delete;

    [[nodiscard]] int descriptor() const;
    void deliver();
    void keep(Watch watch);

  private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace trunkbox::sofia

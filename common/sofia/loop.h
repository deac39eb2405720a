// The event loop: descriptors, deadlines, signals. Everything in it happens in the thread that runs it.
#pragma once

#include <functional>
#include <memory>

#include "base/time.h"
#include "sofia/startup.h"

namespace trunkbox::sofia {

// A descriptor being watched; destroying it ends that. It may outlive the loop, and its own callback may destroy it.
// The descriptor stays the caller's, and is closed after the Watch has gone.
class Watch {
  public:
    Watch() = default;
    [[nodiscard]] bool active() const { return state_ != nullptr; }

  private:
    friend class Loop;
    explicit Watch(std::shared_ptr<void> state) : state_(std::move(state)) {}
    std::shared_ptr<void> state_;
};

// One deadline; destroying it cancels it. It may outlive the loop, and its own callback may destroy or replace it.
class Timer {
  public:
    Timer() = default;

  private:
    friend class Loop;
    explicit Timer(std::shared_ptr<void> state) : state_(std::move(state)) {}
    std::shared_ptr<void> state_;
};

class Loop {
  public:
    // Throws std::system_error when the process is out of descriptors.
    explicit Loop(Library& library);
    ~Loop();
    Loop(const Loop&) = delete;
    Loop& operator=(const Loop&) = delete;

    // The wall clock when the loop was made, plus what has really passed since: never goes back, and a step of the
    // wall clock moves no deadline.
    [[nodiscard]] Time now() const;

    // Calls back whenever the descriptor is readable or has an error pending.
    [[nodiscard]] Watch watch(int descriptor, std::function<void()> readable);
    // Calls back once, not before `when` (on the scale of now()) and as soon after it as the system allows, well
    // within a millisecond on an idle machine. What is due at the same time runs in the order in which it was set.
    [[nodiscard]] Timer at(Time when, std::function<void()> due);
    [[nodiscard]] Timer after(Duration delay, std::function<void()> due);

    // SIGINT and SIGTERM call back from the loop, as long as the loop lives. The second SIGINT ends the process at
    // once. SIGHUP, by which servers are told to read their files again, calls `hung_up` if there is one, and ends the
    // process otherwise. Call it at most once, before any thread is started.
    void on_interrupt(std::function<void(int signal)> interrupted, std::function<void()> hung_up = {});

    // Until stop(). An exception that a callback threw comes out here.
    void run();
    // Until the predicate, asked after each turn, holds: true. False when stop() came or `limit` has passed first.
    bool run_until(const std::function<bool()>& predicate, Duration limit = Duration::max());
    // Ends the innermost run; without one, the next ends at once.
    void stop();

    struct State;
    // For this folder's own sources.
    [[nodiscard]] State& state() { return *state_; }

  private:
    void turn();
    std::shared_ptr<State> state_;
};

}  // namespace trunkbox::sofia

// Places one call and sees it through: INVITE, audio, digits, hang-up.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "ua/audio.h"
#include "ua/call.h"
#include "ua/report.h"

namespace trunkbox::ua {

struct CallPlan {
    sip::call::CallerSetup setup;  // contact, call_id and offer are filled in when empty
    net::Endpoint first_hop;
    Duration duration = 5s;        // from the answer to our hang-up; longer while digits go out; 0: they hang up
    std::string digits;            // sent once the call is up
    bool media = true;             // false: the stream that is offered is inactive
    Audio::Config audio{};
};

class Caller {
  public:
    // `done` is called once, from the loop. Error: no RTP port free.
    [[nodiscard]] static Result<std::unique_ptr<Caller>> place(Agent& agent, CallPlan plan,
                                                               std::function<void(const CallReport&)> done);
    ~Caller();
    Caller(const Caller&) = delete;
    Caller& operator=(const Caller&) = delete;

    // CANCEL or BYE, whichever is due; `done` follows.
    void hang_up();
    [[nodiscard]] const Audio* audio() const { return audio_.get(); }

  private:
    Caller(Agent& agent, CallPlan plan, std::function<void(const CallReport&)> done)
        : agent_(agent), plan_(std::move(plan)), done_(std::move(done)) {}
    void dial();
    void progressed(const sip::call::Progress& progress);
    void established(const sip::call::Established& established);
    void offered(const sip::call::Offered& offered);
    void ended(const sip::call::Outcome& outcome);
    void talk();
    void hang_up_when_said();
    void complain(const Error& error);

    Agent& agent_;
    CallPlan plan_;
    std::function<void(const CallReport&)> done_;
    std::unique_ptr<Audio> audio_;
    std::shared_ptr<Call> call_;
    sofia::Timer timer_;
    std::string problem_;
};

}  // namespace trunkbox::ua

// The far end: takes calls as it is told, any number at once.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "ua/audio.h"
#include "ua/call.h"
#include "ua/report.h"

namespace trunkbox::ua {

struct AnswerPlan {
    int status = 200;         // anything but 200 refuses
    std::string reason;       // of a refusal; empty: the usual phrase
    std::vector<std::pair<std::string, std::string>> headers;  // on every response
    Duration delay{};         // of the first response
    Duration ring{};          // from the first response to the answer or refusal; 0: no ringing
    bool early_media = false; // 183 with SDP in place of 180
    Duration duration{};      // from the answer until we hang up; 0: they do
    bool media = true;        // false: the stream is answered inactive
    Audio::Config audio{};
    sip::call::Timing timing{};
};

class Answerer {
  public:
    // `taken` is called at the end of each call that came in. The agent outlives the answerer, whose requests it takes.
    Answerer(Agent& agent, AnswerPlan plan, std::function<void(const CallReport&)> taken);
    ~Answerer();
    Answerer(const Answerer&) = delete;
    Answerer& operator=(const Answerer&) = delete;

    // Each call may be treated in its own way: the plan for this INVITE.
    void choose(std::function<AnswerPlan(const sip::MessageView& invite)> plan) { choose_ = std::move(plan); }
    // Hangs up on everybody.
    void hang_up();
    [[nodiscard]] std::size_t live() const { return calls_.size(); }
    [[nodiscard]] std::uint64_t arrived() const { return arrived_; }

    // What on_request of the agent shall do with an INVITE or OPTIONS that is for this answerer.
    void take(const Agent::Incoming& incoming);

  private:
    struct Taken;
    void invite(const Agent::Incoming& incoming);
    void options(const Agent::Incoming& incoming);
    void respond_first(Taken& taken);
    void decide(Taken& taken);
    void accept(Taken& taken);
    void offered(Taken& taken, const sip::call::Offered& offered);
    void established(Taken& taken, const sip::call::Established& established);
    void ended(std::uint64_t number, const sip::call::Outcome& outcome);

    Agent& agent_;
    AnswerPlan plan_;
    std::function<void(const CallReport&)> taken_;
    std::function<AnswerPlan(const sip::MessageView&)> choose_;
    std::map<std::uint64_t, std::unique_ptr<Taken>> calls_;
    std::uint64_t arrived_ = 0;
};

}  // namespace trunkbox::ua

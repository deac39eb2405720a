// One INVITE that the proxy sends on: the machine of provider/forking.h on its agent, with the messages.
#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "provider/forking.h"
#include "ua/agent.h"

namespace trunkbox::provider {

class Routing : public std::enable_shared_from_this<Routing> {
  public:
    // Where the INVITE may go.
    struct Target {
        std::string name;   // carrier or phone
        std::string user;   // whose phone; "" for a carrier
        std::string uri;    // request-URI
        std::string route;  // "" for none
        net::Endpoint hop;
        forking::Leg leg{};
    };
    // All called from the loop.
    struct Observer {
        // A branch ended like this: whether that holds for all others of its round.
        std::function<bool(const Routing&, std::size_t branch, const ua::Reply&)> failed;
        std::function<void(const Routing&)> answered;  // the first time
        std::function<void(Routing&)> finished;        // a round came to nothing: fork() again, or end()
    };
    // The agent, on which the INVITE came in as `id`, outlives it.
    Routing(ua::Agent& agent, sip::TransactionId id, const sip::MessageView& invite, Observer observer);
    Routing(const Routing&) = delete;
    Routing& operator=(const Routing&) = delete;

    // Tries these together, each as its leg says.
    void fork(std::vector<Target> targets);
    void cancel();
    // The final response: this one, or the best refusal of the last round, or `otherwise` when there is none.
    void end(int status);
    void end_with_best(int otherwise);

    [[nodiscard]] sip::TransactionId id() const { return id_; }
    [[nodiscard]] sip::MessageView invite() const { return sip::MessageView::read(invite_); }
    [[nodiscard]] const forking::State& state() const { return state_; }
    [[nodiscard]] const Target& target(std::size_t branch) const { return targets_[branch]; }

  private:
    using Response = std::optional<sip::Message>;
    void replied(std::size_t branch, const ua::Reply& reply);
    void apply(forking::Event event, Response response = {});
    void carry_out(const forking::Action& action, const Response& response);
    void act(const forking::Try& action, const Response& response);
    void act(const forking::Cancel& action, const Response& response);
    void act(const forking::Forward& action, const Response& response);
    void act(const forking::Finished& action, const Response& response);
    void respond(sip::Message response);
    void arm();

    ua::Agent& agent_;
    sip::TransactionId id_;
    std::string invite_;
    Observer observer_;
    forking::State state_{};
    std::vector<Target> targets_{};                     // by branch, as the next two
    std::vector<sip::TransactionId> transactions_{};
    std::vector<Response> refusals_{};
    std::deque<std::pair<forking::Event, Response>> waiting_{};  // what happened while the one before was carried out
    sofia::Timer timer_{};
    bool answered_ = false;
};

}  // namespace trunkbox::provider

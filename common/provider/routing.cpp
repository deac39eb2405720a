#include "provider/routing.h"

#include <fmt/format.h>

#include "base/text.h"
#include "sip/dialog.h"

namespace trunkbox::provider {

using sip::Message;

Routing::Routing(ua::Agent& agent, sip::TransactionId id, const sip::MessageView& invite, Observer observer)
    : agent_(agent), id_(id), invite_(invite.bytes()), observer_(std::move(observer)) {}

void Routing::fork(std::vector<Target> targets) {
    forking::Fork event;
    for (auto& target : targets) {
        event.legs.push_back(target.leg);
        targets_.push_back(std::move(target));
    }
    transactions_.resize(targets_.size());
    refusals_.resize(targets_.size());
    apply(std::move(event));
}

void Routing::cancel() { apply(forking::Cancelled{}); }

void Routing::end(int status) { respond(Message::response_to(invite(), status)); }

void Routing::end_with_best(int otherwise) {
    auto best = forking::best(state_);
    if (!best) return end(otherwise);
    respond(*refusals_[*best]);
}

void Routing::respond(Message response) {
    if (response.status > 100 && sip::tag_of(response.get("To")).empty())
        response.set("To", fmt::format("{};tag={}", response.get("To"), agent_.ids().token()));
    agent_.respond(id_, response);
}

void Routing::replied(std::size_t branch, const ua::Reply& reply) {
    Response response;
    if (reply.message != nullptr) {
        response = Message::copy(*reply.message);
        response->remove_first("Via");
    }
    const int status = response ? response->status : 0;
    if (status >= 100 && status < 300) return apply(forking::Heard{branch, status}, std::move(response));
    refusals_[branch] = std::move(response);
    apply(forking::Failed{branch, status, observer_.failed(*this, branch, reply)});
}

void Routing::apply(forking::Event event, Response response) {
    auto alive = shared_from_this();
    waiting_.emplace_back(std::move(event), std::move(response));
    if (waiting_.size() > 1) return;
    for (; !waiting_.empty(); waiting_.pop_front()) {
        const auto& [what, said] = waiting_.front();
        auto step = forking::on(std::move(state_), what, agent_.loop().now());
        state_ = std::move(step.state);
        for (const auto& action : step.actions) carry_out(action, said);
    }
    arm();
}

void Routing::carry_out(const forking::Action& action, const Response& response) {
    std::visit([&](const auto& a) { act(a, response); }, action);
}

// RFC 3261 section 16.6.
void Routing::act(const forking::Try& action, const Response&) {
    const auto& target = targets_[action.branch];
    auto request = Message::copy(invite());
    request.uri = target.uri;
    request.remove_first("Route");  // ours, if there was one
    if (!target.route.empty()) request.add_first("Route", target.route);
    request.add_first("Record-Route", fmt::format("<{};lr>", agent_.uri()));
    auto hops = parse_integer<unsigned>(request.get("Max-Forwards")).value_or(70);
    request.set("Max-Forwards", fmt::format("{}", hops == 0 ? 0 : hops - 1));
    auto on_reply = [self = shared_from_this(), branch = action.branch](const ua::Reply& reply) { self->replied(branch, reply); };
    transactions_[action.branch] = agent_.request(std::move(request), target.hop, std::move(on_reply));
}

void Routing::act(const forking::Cancel& action, const Response&) { agent_.cancel(transactions_[action.branch]); }

void Routing::act(const forking::Forward&, const Response& response) {
    const bool first = response->status >= 200 && !answered_;
    respond(*response);
    if (!first) return;
    answered_ = true;
    observer_.answered(*this);
}

void Routing::act(const forking::Finished&, const Response&) { observer_.finished(*this); }

void Routing::arm() {
    timer_ = {};
    if (auto due = forking::deadline(state_))
        timer_ = agent_.loop().at(*due, [weak = weak_from_this()] {
            if (auto routing = weak.lock()) routing->apply(forking::Tick{});
        });
}

}  // namespace trunkbox::provider

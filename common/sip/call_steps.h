// Private to sip/call*.cpp: the steps that the machine is made of. Each changes the state and adds actions.
#pragma once

#include "sip/call.h"

namespace trunkbox::sip::call {

struct Context {
    State& state;
    Actions& actions;
    Time now;
};

// caller (call_caller.cpp)
void send_invite(Context& c);
void invite_response(Context& c, const MessageView& response);
void invite_failed(Context& c, TransactionLayer::Failed::Why why);
void cancel(Context& c, End end);

// called (call_called.cpp)
void ring(Context& c, const Ring& event);
void accept(Context& c, const Accept& event);
void reject(Context& c, int status, const std::string& reason,
            const std::vector<std::pair<std::string, std::string>>& headers);
void cancelled_by_caller(Context& c);
void send_pending(Context& c, TransactionId id, Message response, std::uint32_t cseq);
void repeat_pending(Context& c);

// inside the dialog (call_dialog.cpp)
void in_dialog(Context& c, const Request& event);
void answer_offer(Context& c, const AnswerOffer& event);
void refuse_offer(Context& c, const RefuseOffer& event);
void send_bye(Context& c, const std::vector<std::pair<std::string, std::string>>& headers);
void bye_response(Context& c, const MessageView& response);

// A response of ours to `request`, with our tag, Contact where it belongs, and the call's own headers.
[[nodiscard]] Message make_response(const State& state, const MessageView& request, int status,
                                    std::string_view reason = {});
void attach_sdp(Message& message, const std::string& body);
void finish(Context& c, End end);

}  // namespace trunkbox::sip::call

// Which dialog a message belongs to, who its parties are and how far it is (RFC 3261 section 12).
#include <algorithm>
#include <utility>

#include "sbc/catalogue.h"
#include "sbc/state.h"

namespace trunkbox::sbc {
namespace {

constexpr std::size_t wrong_source = row_of("A-420"), unknown_dialog = row_of("A-421"), old_cseq = row_of("A-422"),
                      early_bye = row_of("A-423"), transfer = row_of("A-424"), redirection = row_of("A-426"),
                      unmatched = row_of("H-304");

constexpr Duration after_the_end = 32s;       // in which both ends may still send
constexpr Duration longest_call = 24h;        // without a word

bool may_begin(Method method) {
    return method == Method::invite || method == Method::subscribe || method == Method::refer;
}

// Subscriptions last longer than a capture is waited for, and pages of text come with a tag as they please.
bool needs_dialog(Method method) {
    switch (method) {
        case Method::invite:
        case Method::ack:
        case Method::bye:
        case Method::update:
        case Method::prack:
        case Method::info:
        case Method::refer: return true;
        case Method::other:
        case Method::cancel:
        case Method::reg:
        case Method::options:
        case Method::subscribe:
        case Method::notify:
        case Method::message:
        case Method::publish: return false;
    }
    return false;
}

std::uint64_t callee_tag(const Present& p) { return p.party == Party::caller ? p.to_tag : p.from_tag; }

void see_way(Moment& m) {
    Present& p = m.present;
    std::uint64_t ends = combine(combine(p.source, m.s.packet.from.port), combine(p.destination, m.s.packet.to.port));
    p.way.first = static_cast<std::uint32_t>(ends) | 1U;
    p.way.key = p.in_dialog ? static_cast<std::uint32_t>(combine(ends, callee_tag(p))) | 1U : p.way.first;
}

void see_cancel(Moment& m) {
    Present& p = m.present;
    if (p.again) return;
    if (p.invite != nullptr) {
        if (p.limited && p.invite->source != p.source) m.wake(wrong_source);
        return;
    }
    p.call_refused = p.dialog == nullptr && is_call_refused(m, p.dialog_key);
    p.unheard = !is_heard(m, p.destination);
    m.wake(unknown_dialog);
}

void see_tags(Moment& m) {
    Present& p = m.present;
    // The ACK of a refusal is for who refused.
    if (p.again || !needs_dialog(p.method) || (p.method == Method::ack && (p.invite != nullptr || p.refused))) return;
    p.unheard = !is_heard(m, p.destination);
    if (p.dialog == nullptr) {
        p.call_refused = is_call_refused(m, p.dialog_key) || is_call_refused(m, combine(p.call, p.to_tag));
        m.wake(unknown_dialog);
        return;
    }
    const Dialog& dialog = *p.dialog;
    bool over = dialog.state == DialogState::over && m.now() - dialog.ended > after_the_end;
    bool wrong_tag = !p.knows_tags && dialog.tag_count > 0 && !dialog.forked;
    if (over || wrong_tag) m.wake(unknown_dialog);
}

void see_request_within(Moment& m) {
    Present& p = m.present;
    see_tags(m);
    if (p.dialog == nullptr || p.again) return;
    DialogSide& side = p.dialog->side(p.party);
    bool judged = p.limited && p.dialog->call && needs_dialog(p.method) && p.method != Method::ack;
    if (judged && !side.anywhere && !side.knows(p.source)) m.wake(wrong_source);
    const DialogPath* path = p.method == Method::ack ? nullptr : side.path(p.way);
    if (path != nullptr && path->has_cseq && p.cseq <= path->cseq) m.wake(old_cseq);
    bool early = p.dialog->state == DialogState::early || p.dialog->state == DialogState::answered;
    if (p.method == Method::bye && p.dialog->call && early) m.wake(early_bye);
}

// The host of each URI of a Record-Route, as far as it is an address. No more than a path through a few proxies.
template <class Visit>
void each_route_address(const sip::MessageView& message, Visit visit) {
    if (message.find(sip::HeaderName::record_route) == nullptr) return;
    int most = 8;
    for (const sip::Header& header : message.headers()) {
        if (header.name != sip::HeaderName::record_route) continue;
        std::string_view rest = header.value;
        for (std::size_t at = rest.find("sip"); at != std::string_view::npos && most > 0; at = rest.find("sip"), --most) {
            std::size_t colon = std::min(rest.find(':', at), rest.size());
            std::string_view uri = rest.substr(colon).substr(0, rest.substr(colon).find('>'));
            rest.remove_prefix(colon + uri.size());
            uri.remove_prefix(uri.empty() ? 0 : 1);
            if (std::size_t user = uri.find('@'); user != std::string_view::npos) uri.remove_prefix(user + 1);
            std::size_t end = uri.starts_with('[') ? uri.find(']') + 1 : uri.find_first_of(":;?");
            if (auto ip = literal_address(uri.substr(0, end))) visit(*ip);
        }
    }
}

// RFC 3261 section 12.2: these set the remote target, with their responses.
bool sets_target(Method method) {
    return may_begin(method) || method == Method::update || method == Method::notify;
}

void learn_contact(Moment& m, DialogSide& side) {
    const sip::Header* header = m.s.message.find(sip::HeaderName::contact);
    if (header == nullptr || !sets_target(m.present.method)) return;
    auto text = static_cast<std::uint32_t>(m.hash(header->value));
    if (std::exchange(side.contact, text) == text) return;
    const AddressReading& contact = m.s.reading.contact;
    std::string_view host;
    if (contact.usual) host = contact.uri->host;
    else if (auto uri = sip::UriView::parse(field(header->value).uri)) host = uri->host;
    if (auto ip = literal_address(host)) side.learn(m.state.hash(*ip));
    else side.anywhere = true;
}

void learn_peer(Moment& m, DialogSide& side) {
    if (m.s.peer != nullptr)
        side.peer = static_cast<std::uint16_t>(std::min<std::ptrdiff_t>(m.s.peer - m.s.policy.peers.data() + 1, UINT16_MAX));
}

// Where the sender and the receiver are; the routes are both ways'.
void learn_ends(Moment& m, Dialog& dialog, Party sender) {
    DialogSide &from = dialog.side(sender), &to = dialog.side(other(sender));
    from.learn(m.present.source);
    if (m.present.method == Method::ack || m.present.method == Method::bye) return;
    to.learn(m.present.destination);
    learn_contact(m, from);
    each_route_address(m.s.message, [&](const net::Ip& ip) {
        from.learn(m.state.hash(ip));
        to.learn(m.state.hash(ip));
    });
    learn_peer(m, m.s.direction == Direction::outbound ? to : from);
}

void make_room(Moment& m) {
    auto& dialogs = m.state.dialogs;
    auto over_after = [&](Duration idle) {
        return [&m, idle](Dialog& dialog) {
            if (m.now() - dialog.last <= idle) return false;
            end_spending(m.state, dialog);
            return true;
        };
    };
    dialogs.expire(Dialog::past, over_after(after_the_end + 8s));
    dialogs.expire(Dialog::fleeting, over_after(std::max(Duration(m.seconds(unmatched, 1)), after_the_end)));
    dialogs.expire(Dialog::standing, over_after(longest_call));
}

Dialog& begin(Moment& m) {
    make_room(m);
    Present& p = m.present;
    Dialog& dialog = m.state.dialogs.insert(p.dialog_key, m.now(), [&](Dialog& gone) {
        end_spending(m.state, gone);
        return gone.state != DialogState::over && gone.state != DialogState::failed;
    });
    p.dialog = &dialog;
    m.state.dialogs.move(dialog, Dialog::fleeting, m.now());
    dialog.call = p.method != Method::subscribe && p.method != Method::refer && p.method != Method::notify;
    forgive_call(m, p.dialog_key);
    return dialog;
}

void learn_cseq(Moment& m, Dialog& dialog) {
    Present& p = m.present;
    if (p.method == Method::ack || p.again) return;
    DialogPath& path = dialog.side(p.party).path_or_new(p.way);
    if (path.has_cseq && p.cseq < path.cseq) return;
    path.cseq = p.cseq;
    path.method = p.method;
    path.has_cseq = true;
}

void learn_initial(Moment& m) {
    Present& p = m.present;
    if (!may_begin(p.method)) return;
    if (p.dialog == nullptr) begin(m);
    if (p.again) return;
    if (p.dialog->state == DialogState::failed) {
        p.dialog->state = DialogState::early;
        m.state.dialogs.move(*p.dialog, Dialog::fleeting, m.now());
    }
    learn_ends(m, *p.dialog, Party::caller);
    learn_cseq(m, *p.dialog);
}

void learn_within(Moment& m) {
    Present& p = m.present;
    if (p.dialog == nullptr) {
        if (!needs_dialog(p.method) || p.method == Method::bye) return;
        Dialog& dialog = begin(m);
        dialog.adopted = dialog.forked = true;
        dialog.learn_tag(p.to_tag);
        dialog.state = DialogState::acknowledged;
        m.state.dialogs.move(dialog, Dialog::standing, m.now());
    }
    Dialog& dialog = *p.dialog;
    if (p.again) return;
    if (dialog.tag_count == 0) dialog.learn_tag(callee_tag(p));
    learn_ends(m, dialog, p.party);
    learn_cseq(m, dialog);
    if (p.method == Method::ack && dialog.state == DialogState::answered) dialog.state = DialogState::acknowledged;
    if (p.method != Method::bye || dialog.state == DialogState::over) return;
    dialog.state = DialogState::over;
    dialog.ended = m.now();
    end_spending(m.state, dialog);
    m.state.dialogs.move(dialog, Dialog::past, m.now());
}

void learn_answer(Moment& m, Dialog& dialog, int status) {
    Present& p = m.present;
    bool open = dialog.state == DialogState::early || dialog.state == DialogState::failed;
    if (!may_begin(p.method) || p.party != Party::caller) return;
    if (status > 100 && status < 300) {
        if (p.in_dialog) dialog.learn_tag(p.to_tag);
        dialog.responses = true;
        learn_ends(m, dialog, Party::callee);
    }
    if (status < 200 || !open) return;
    if (status < 300) {
        dialog.answered = m.now();
        dialog.state = p.method == Method::invite ? DialogState::answered : DialogState::acknowledged;
        m.state.dialogs.move(dialog, Dialog::standing, m.now());
    } else if (status != 401 && status != 407) {
        dialog.state = DialogState::failed;
        end_spending(m.state, dialog);
        m.state.dialogs.move(dialog, Dialog::past, m.now());
    }
}

}  // namespace

void see_dialog(Moment& m) {
    Present& p = m.present;
    if (!p.in_dialog && !may_begin(p.method) && p.method != Method::cancel) return;
    if (p.method == Method::reg || p.method == Method::publish) return;
    p.tracked = true;
    p.dialog = m.state.dialogs.find(p.dialog_key);
    if (p.in_dialog && p.dialog == nullptr) {
        p.dialog = m.state.dialogs.find(combine(p.call, p.to_tag));
        if (p.dialog != nullptr) p.party = Party::callee;
    }
    see_way(m);
    if (p.dialog != nullptr) p.knows_tags = p.dialog->knows_tag(callee_tag(p));
    if (!p.request) {
        if (p.method == Method::invite && m.s.message.status() / 100 == 3) m.wake(redirection);
        return;
    }
    if (p.method == Method::cancel) return see_cancel(m);
    if (p.in_dialog) see_request_within(m);
    if (p.method == Method::refer || m.s.message.find(sip::HeaderName::replaces) != nullptr ||
        m.s.message.find(sip::HeaderName::join) != nullptr) {
        p.unheard = !is_heard(m, p.destination);
        m.wake(transfer);
    }
}

void learn_dialog(Moment& m) {
    Present& p = m.present;
    if (!p.tracked || p.method == Method::cancel) return;
    bool of_refusal = p.refused && (!p.request || p.method == Method::ack);
    if (of_refusal) return;
    if (!p.request) {
        if (p.dialog != nullptr) learn_answer(m, *p.dialog, m.s.message.status());
    } else if (p.in_dialog) {
        learn_within(m);
    } else {
        learn_initial(m);
    }
    if (p.dialog == nullptr) return;
    p.dialog->last = m.now();
    m.state.dialogs.touch(*p.dialog, m.now());
}

}  // namespace trunkbox::sbc

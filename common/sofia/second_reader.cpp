#include "sofia/sofia_headers.h"

#include "sofia/second_reader.h"

#include <memory>

namespace trunkbox::sofia {
namespace {

struct Destroy {
    void operator()(msg_t* message) const { msg_destroy(message); }
};
using Message = std::unique_ptr<msg_t, Destroy>;

std::string text(const char* value) { return value == nullptr ? std::string{} : std::string(value); }

std::string text(su_home_t* home, const url_t* url) { return text(url_as_string(home, url)); }

std::optional<SecondAddress> address(su_home_t* home, const sip_addr_t* header) {
    if (header == nullptr) return std::nullopt;
    return SecondAddress{text(header->a_display), text(home, header->a_url), text(header->a_tag)};
}

std::vector<SecondVia> via_list(const sip_via_t* header) {
    std::vector<SecondVia> list;
    for (; header != nullptr; header = header->v_next) {
        auto protocol = text(header->v_protocol);
        list.push_back({protocol.substr(protocol.rfind('/') + 1), text(header->v_host), text(header->v_port),
                        text(header->v_branch)});
    }
    return list;
}

std::vector<SecondAddress> contact_list(su_home_t* home, const sip_contact_t* header) {
    std::vector<SecondAddress> list;
    for (; header != nullptr; header = header->m_next)
        list.push_back({text(header->m_display), text(home, header->m_url), {}});
    return list;
}

std::vector<SecondAddress> route_list(su_home_t* home, const sip_route_t* header) {
    std::vector<SecondAddress> list;
    for (; header != nullptr; header = header->r_next)
        list.push_back({text(header->r_display), text(home, header->r_url), {}});
    return list;
}

// The list also holds second copies of single headers, in their own types.
std::string name_of(const sip_error_t* error) {
    const auto* type = error->er_common->h_class;
    return text(type == sip_error_class ? error->er_name : type->hc_name);
}

void read_start_line(SecondReading& reading, su_home_t* home, const sip_t* sip) {
    if (const auto* request = sip->sip_request) {
        reading.method = text(request->rq_method_name);
        reading.uri = text(home, request->rq_url);
        reading.version = text(request->rq_version);
    }
    if (const auto* status = sip->sip_status) {
        reading.status = status->st_status;
        reading.reason = text(status->st_phrase);
        reading.version = text(status->st_version);
    }
}

void read_headers(SecondReading& reading, su_home_t* home, const sip_t* sip) {
    if (sip->sip_call_id) reading.call_id = text(sip->sip_call_id->i_id);
    if (const auto* cseq = sip->sip_cseq) {
        reading.cseq = cseq->cs_seq;
        reading.cseq_method = text(cseq->cs_method_name);
    }
    reading.from = address(home, sip->sip_from);
    reading.to = address(home, sip->sip_to);
    reading.via = via_list(sip->sip_via);
    reading.contacts = contact_list(home, sip->sip_contact);
    reading.routes = route_list(home, sip->sip_route);
    reading.record_routes = route_list(home, sip->sip_record_route);
    if (sip->sip_max_forwards) reading.max_forwards = sip->sip_max_forwards->mf_count;
    if (sip->sip_content_length) reading.content_length = sip->sip_content_length->l_length;
    if (sip->sip_expires) reading.expires = sip->sip_expires->ex_delta;
    if (sip->sip_content_type) reading.content_type = text(sip->sip_content_type->c_type);
}

}  // namespace

SecondReading read_again(std::string_view bytes) {
    SecondReading reading;
    if (bytes.empty()) return reading;
    Message message(msg_make(sip_default_mclass(), 0, bytes.data(), static_cast<issize_t>(bytes.size())));
    const auto* sip = message ? sip_object(message.get()) : nullptr;
    if (sip == nullptr) return reading;
    auto* home = msg_home(message.get());
    read_start_line(reading, home, sip);
    read_headers(reading, home, sip);
    if (const auto* payload = sip->sip_payload; payload != nullptr && payload->pl_data != nullptr)
        reading.body.assign(payload->pl_data, payload->pl_len);
    for (const auto* error = sip->sip_error; error != nullptr; error = error->er_next)
        reading.errors.push_back(name_of(error));
    bool stopped = (sip->sip_flags & (MSG_FLG_ERROR | MSG_FLG_TRUNC | MSG_FLG_TOOLARGE)) != 0;
    reading.understood = !stopped && (sip->sip_request != nullptr || sip->sip_status != nullptr);
    return reading;
}

}  // namespace trunkbox::sofia

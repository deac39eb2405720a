#include "sofia/startup.h"

#include <cstdarg>
#include <cstdio>
#include <cstdlib>
#include <string>

#include "sofia/sofia_headers.h"

// Exported, but in no public header.
extern "C" su_log_t tport_log[];
extern "C" su_log_t nta_log[];
extern "C" su_log_t sresolv_log[];

namespace trunkbox::sofia {

namespace {

// TPORT_DUMP, TPORT_LOG and their like write messages with their credentials; the others change ports, name
// servers, header forms or the verbosity behind the user's back.
constexpr const char* environment[] = {
    "HOSTADDR6",     "HOSTADDRESS",      "IPTSEC_DEBUG", "LOCALDOMAIN",   "MSG_DUMP",   "MSG_STREAM_LOG",
    "NEA_DEBUG",     "NTA_DEBUG",        "NTH_DEBUG",    "NUA_DEBUG",     "RES_OPTIONS", "SHOW_DEBUG_LEVELS",
    "SIPCOMPACT",    "SIP_UDP_CONNECT",  "SOA_DEBUG",    "SOFIA_DEBUG",   "SRESOLV_DEBUG", "SRES_OPTIONS",
    "STUN_DEBUG",    "SU_DEBUG",         "SU_PORT",      "TPORT_DEBUG",   "TPORT_DUMP", "TPORT_LOG",
    "TPORT_SSL",
};

void drop(void*, char const*, va_list) {}

void hand_on(void* stream, char const* format, va_list arguments) {
    char line[1024];
    int length = std::vsnprintf(line, sizeof line, format, arguments);
    if (length < 0) return;
    std::string_view text(line);
    while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) text.remove_suffix(1);
    (*static_cast<const Library::Log*>(stream))(text);
}

void redirect(su_logger_f* logger, void* stream) {
    for (su_log_t* log : {su_log_default, su_log_global, tport_log, nta_log, sresolv_log})
        su_log_redirect(log, logger, stream);
    su_log_redirect(nullptr, logger, stream);
}

}  // namespace

Library::Library(Log log) : log_(std::make_unique<Log>(std::move(log))) {
    for (const char* name : environment) unsetenv(name);
    su_init();
    if (*log_) redirect(hand_on, log_.get());
    else redirect(drop, nullptr);
}

Library::~Library() {
    redirect(drop, nullptr);
    su_deinit();
}

}  // namespace trunkbox::sofia

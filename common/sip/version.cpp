#include "sip/version.h"

#include <openssl/crypto.h>

namespace trunkbox::sip {

std::string library_version() { return OpenSSL_version(OPENSSL_VERSION_STRING); }

}  // namespace trunkbox::sip

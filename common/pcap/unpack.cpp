// gzip (RFC 1952) and zstd (RFC 8878), a piece at a time.
#include <zlib.h>
#include <zstd.h>

#include <array>
#include <new>

#include <fmt/format.h>

#include "base/text.h"
#include "pcap/input.h"

namespace trunkbox::pcap {

namespace {

// What is common to both: packed bytes come in by the block.
class Unpacker : public Input {
  public:
    Unpacker(std::unique_ptr<Input> packed, std::string name) : packed_(std::move(packed)), name_(std::move(name)) {}
    [[nodiscard]] bool is_cut() const override { return cut_; }

  protected:
    // More packed bytes if none are left; false at their end.
    Result<bool> refill() {
        if (place_ < size_) return true;
        auto more = packed_->read(block_.data(), block_.size());
        if (!more) return tl::unexpected(more.error());
        place_ = 0;
        size_ = *more;
        return size_ > 0;
    }
    [[nodiscard]] tl::unexpected<Error> damaged(std::string_view packing, const char* why) const {
        return failure(Fault::input, name_,
                       fmt::format("the {} data are damaged: {}", packing, printable(why ? why : "no reason given")));
    }

    std::array<char, 65536> block_{};
    std::size_t place_ = 0, size_ = 0;
    bool cut_ = false;

  private:
    std::unique_ptr<Input> packed_;
    std::string name_;
};

class Gzip final : public Unpacker {
  public:
    Gzip(std::unique_ptr<Input> packed, std::string name) : Unpacker(std::move(packed), std::move(name)) {
        if (inflateInit2(&stream_, MAX_WBITS + 16) != Z_OK) throw std::bad_alloc();
    }
    Gzip(const Gzip&) = delete;
    Gzip& operator=(const Gzip&) = delete;
    ~Gzip() override { inflateEnd(&stream_); }

    Result<std::size_t> read(char* to, std::size_t most) override {
        stream_.next_out = reinterpret_cast<Bytef*>(to);
        stream_.avail_out = static_cast<uInt>(most);
        if (failed_) return tl::unexpected(*failed_);
        while (stream_.avail_out == most && !ended_) {
            auto more = refill();
            if (!more) return tl::unexpected(more.error());
            // Without more input there may still be output that did not fit before.
            if (auto unpacked = step(*more); !unpacked) {
                failed_ = unpacked.error();
                ended_ = true;
                if (stream_.avail_out == most) return tl::unexpected(*failed_);
            }
            if (!*more && !failed_ && stream_.avail_out == most) {
                cut_ = !between_;
                ended_ = true;
            }
        }
        return most - stream_.avail_out;
    }

  private:
    Result<void> step(bool more) {
        // Members follow one another; anything else behind one is passed over, as gzip does.
        if (between_ && !more) return {};
        if (between_ && static_cast<unsigned char>(block_[place_]) != 0x1f) {
            ended_ = true;
            return {};
        }
        between_ = false;
        stream_.next_in = reinterpret_cast<Bytef*>(block_.data() + place_);
        stream_.avail_in = static_cast<uInt>(size_ - place_);
        int result = inflate(&stream_, Z_NO_FLUSH);
        place_ = size_ - stream_.avail_in;
        if (result == Z_MEM_ERROR) throw std::bad_alloc();
        if (result == Z_STREAM_END) {
            between_ = true;
            inflateReset(&stream_);
        } else if (result != Z_OK && result != Z_BUF_ERROR) {
            return damaged("gzip", stream_.msg);
        }
        return {};
    }

    z_stream stream_{};
    bool between_ = false;
    bool ended_ = false;
    std::optional<Error> failed_;  // told after what could still be unpacked
};

struct ZstdCloser {
    void operator()(ZSTD_DStream* stream) const { ZSTD_freeDStream(stream); }
};

// Windows above 128 MiB are refused by the library, as by the zstd program without its --long.
class Zstd final : public Unpacker {
  public:
    Zstd(std::unique_ptr<Input> packed, std::string name)
        : Unpacker(std::move(packed), std::move(name)), stream_(ZSTD_createDStream()) {
        if (!stream_) throw std::bad_alloc();
    }

    Result<std::size_t> read(char* to, std::size_t most) override {
        ZSTD_outBuffer out{to, most, 0};
        while (out.pos == 0) {
            auto more = refill();
            if (!more) return tl::unexpected(more.error());
            if (!*more && due_ == 0) break;
            ZSTD_inBuffer in{block_.data(), size_, place_};
            auto due = ZSTD_decompressStream(stream_.get(), &out, &in);
            place_ = in.pos;
            if (ZSTD_isError(due) != 0) return damaged("zstd", ZSTD_getErrorName(due));
            due_ = due;
            if (!*more && out.pos == 0) {
                cut_ = due_ != 0;
                break;
            }
        }
        return out.pos;
    }

  private:
    std::unique_ptr<ZSTD_DStream, ZstdCloser> stream_;
    std::size_t due_ = 0;  // 0: between two frames
};

}  // namespace

std::unique_ptr<Input> unpack_gzip(std::unique_ptr<Input> packed, std::string name) {
    return std::make_unique<Gzip>(std::move(packed), std::move(name));
}

std::unique_ptr<Input> unpack_zstd(std::unique_ptr<Input> packed, std::string name) {
    return std::make_unique<Zstd>(std::move(packed), std::move(name));
}

}  // namespace trunkbox::pcap

// Work in two stages on two threads, batch after batch in their order.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <memory>
#include <mutex>

namespace trunkbox::store {

// Whoever fills batches is ahead by no more than `count` of them; each is used again and again.
template <class Batch>
class Handover {
  public:
    explicit Handover(std::size_t count = 4) {
        for (std::size_t i = 0; i < count; ++i) empty_.push_back(std::make_unique<Batch>());
    }

    // To be filled. Waits for one; nullptr once the other side has stopped.
    [[nodiscard]] std::unique_ptr<Batch> empty() {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [&] { return stopped_ || !empty_.empty(); });
        return stopped_ ? nullptr : take(empty_);
    }
    void fill(std::unique_ptr<Batch> batch) { give(full_, std::move(batch)); }
    // No more will come.
    void end() {
        std::lock_guard lock(mutex_);
        ended_ = true;
        changed_.notify_all();
    }

    // The next that was filled. Waits for it; nullptr after the last one.
    [[nodiscard]] std::unique_ptr<Batch> full() {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [&] { return ended_ || !full_.empty(); });
        return full_.empty() ? nullptr : take(full_);
    }
    void give_back(std::unique_ptr<Batch> batch) { give(empty_, std::move(batch)); }
    // No more is wanted.
    void stop() {
        std::lock_guard lock(mutex_);
        stopped_ = true;
        changed_.notify_all();
    }

  private:
    using Batches = std::deque<std::unique_ptr<Batch>>;
    static std::unique_ptr<Batch> take(Batches& from) {
        auto batch = std::move(from.front());
        from.pop_front();
        return batch;
    }
    void give(Batches& to, std::unique_ptr<Batch> batch) {
        std::lock_guard lock(mutex_);
        to.push_back(std::move(batch));
        changed_.notify_all();
    }

    std::mutex mutex_;
    std::condition_variable changed_;
    Batches empty_, full_;
    bool ended_ = false, stopped_ = false;
};

}  // namespace trunkbox::store

#include "store/threads.h"

#include <algorithm>
#include <atomic>
#include <future>
#include <thread>
#include <vector>

namespace trunkbox::store {

unsigned thread_count(unsigned asked) { return asked != 0 ? asked : std::max(1U, std::thread::hardware_concurrency()); }

lcr::Parallel on_threads(unsigned asked) {
    auto count = thread_count(asked);
    return [count](std::size_t parts, const std::function<void(std::size_t)>& part) {
        std::atomic<std::size_t> next = 0;
        auto work = [&] {
            try {
                for (auto i = next++; i < parts; i = next++) part(i);
            } catch (...) {
                next = parts;  // nobody begins another one
                throw;
            }
        };
        std::vector<std::future<void>> running;  // joined at the end, whatever is thrown
        for (std::size_t i = 1; i < std::min<std::size_t>(count, parts); ++i)
            running.push_back(std::async(std::launch::async, work));
        work();
        for (auto& thread : running) thread.get();
    };
}

}  // namespace trunkbox::store

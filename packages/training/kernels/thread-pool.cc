#include "thread-pool.h"

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdlib>
#include <exception>
#include <memory>
#include <mutex>
#include <new>
#include <thread>
#include <vector>

namespace onegin {
namespace {

/**
 * A thread that finished its tasks looks for new ones for this long before it sleeps. Waking it takes about as long, and the
 * next convolution of a network's step mostly comes sooner.
 */
constexpr auto kLookFor = std::chrono::microseconds(60);

inline void pause() {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  asm volatile("yield");
#endif
}

/** One operation's tasks. Lives on the stack of the thread that runs it. */
struct Job {
  long count;
  void (*task)(void*, long);
  void* context;
  std::atomic<long> next{0};
  /** Helpers that still hold the job. */
  std::atomic<int> helpers{0};
  /** The first exception of a task, for the thread that runs the job. */
  std::once_flag once;
  std::exception_ptr error;

  void takePart() {
    try {
      for (long i; (i = next.fetch_add(1, std::memory_order_relaxed)) < count;) task(context, i);
    } catch (...) {
      next.store(count, std::memory_order_relaxed);
      std::call_once(once, [this] { error = std::current_exception(); });
    }
  }
};

class Pool {
 public:
  explicit Pool(int helpers) {
    for (int i = 0; i < helpers; i++) threads_.emplace_back([this] { help(); });
  }

  ~Pool() {
    {
      std::lock_guard lock(mutex_);
      ending_.store(true);
    }
    wake_.notify_all();
    for (auto& thread : threads_) thread.join();
  }

  int helpers() const { return static_cast<int>(threads_.size()); }

  void run(Job& job) {
    {
      std::lock_guard lock(mutex_);
      job_ = &job;
      round_.fetch_add(1, std::memory_order_release);
    }
    wake_.notify_all();
    job.takePart();
    {
      // No helper joins any more; those that did are waited for.
      std::lock_guard lock(mutex_);
      job_ = nullptr;
    }
    for (int spins = 0; job.helpers.load(std::memory_order_acquire) > 0; spins++)
      if (spins < 2000)
        pause();
      else
        std::this_thread::yield();
  }

 private:
  void help() {
    for (unsigned long seen = 0;;) {
      const auto until = std::chrono::steady_clock::now() + kLookFor;
      while (round_.load(std::memory_order_acquire) == seen && !ending_.load(std::memory_order_relaxed) &&
             std::chrono::steady_clock::now() < until)
        for (int i = 0; i < 32; i++) pause();
      Job* job;
      {
        std::unique_lock lock(mutex_);
        wake_.wait(lock, [&] { return round_.load(std::memory_order_relaxed) != seen || ending_.load(); });
        if (ending_.load()) return;
        seen = round_.load(std::memory_order_relaxed);
        job = job_;
        if (job) job->helpers.fetch_add(1, std::memory_order_relaxed);
      }
      if (!job) continue;
      job->takePart();
      job->helpers.fetch_sub(1, std::memory_order_release);
    }
  }

  std::vector<std::thread> threads_;
  std::mutex mutex_;
  std::condition_variable wake_;
  std::atomic<unsigned long> round_{0};
  std::atomic<bool> ending_{false};
  Job* job_ = nullptr;
};

std::unique_ptr<Pool> pool;
/** One operation at a time has the helpers; a second one, of another JavaScript thread, does its tasks by itself. */
std::mutex busy;

struct Memory {
  float* values = nullptr;
  long size = 0;
  ~Memory() { std::free(values); }
};

}  // namespace

void setThreads(int count) {
  std::lock_guard lock(busy);
  const int helpers = count > 1 ? count - 1 : 0;
  if (pool && pool->helpers() == helpers) return;
  pool.reset();
  if (helpers > 0) pool = std::make_unique<Pool>(helpers);
}

int threads() {
  std::lock_guard lock(busy);
  return pool ? pool->helpers() + 1 : 1;
}

void runTasks(long count, void (*task)(void*, long), void* context) {
  Job job;
  job.count = count, job.task = task, job.context = context;
  std::unique_lock lock(busy, std::try_to_lock);
  if (count > 1 && lock.owns_lock() && pool)
    pool->run(job);
  else
    job.takePart();
  if (job.error) std::rethrow_exception(job.error);
}

float* scratch(Scratch kind, long floats) {
  thread_local Memory kept[2];
  Memory& memory = kept[static_cast<int>(kind)];
  if (memory.size < floats) {
    std::free(memory.values);
    memory.size = 0;
    memory.values = static_cast<float*>(std::aligned_alloc(64, ((floats + 15) / 16) * 64));
    if (!memory.values) throw std::bad_alloc();
    memory.size = floats;
  }
  return memory.values;
}

}  // namespace onegin

// Threads that share the tasks of one operation, and memory of each of them that outlasts it.
#pragma once

namespace onegin {

/** How many threads, the calling one included, take part from now on. At least 1. */
void setThreads(int count);
int threads();

/**
 * Calls task(context, i) for every i below `count`, each once, on several threads, and returns when all are done.
 * Which thread takes which task is left open, so a result must not depend on it. An exception of a task leaves the rest
 * undone and is thrown here.
 */
void runTasks(long count, void (*task)(void* context, long index), void* context);

/** What a thread keeps: for one task, and for the operation whose tasks it started. */
enum class Scratch { kTask, kOperation };

/** At least `floats` floats at a multiple of 64 bytes, until this thread asks for the same kind again. Throws bad_alloc. */
float* scratch(Scratch kind, long floats);

/** runTasks for a callable. */
template <typename Task>
void parallel(long count, Task task) {
  runTasks(
      count, [](void* context, long index) { (*static_cast<Task*>(context))(index); }, &task);
}

}  // namespace onegin

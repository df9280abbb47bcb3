// SPDX-License-Identifier: Apache-2.0
// Tells ThreadSanitizer of the locks of Debian's absl, which was built without it: unseen, every use of what
// absl::Mutex guards would be reported. The linker (--wrap, see CompilerOptions.cmake) sends the calls of duban's own
// code through here.
//
// Each function says after taking a lock that what was released before has been seen, and before giving it back that
// the rest is to be seen. The conditions of waiters are evaluated inside absl, under the lock but behind that line:
// reads there are not looked at.
#include <sanitizer/tsan_interface.h>

#include "absl/synchronization/mutex.h"
#include "absl/synchronization/notification.h"

extern "C" {
void AnnotateIgnoreReadsBegin(const char* file, int line);
void AnnotateIgnoreReadsEnd(const char* file, int line);
}

namespace {

void Acquired(const void* lock) { __tsan_acquire(const_cast<void*>(lock)); }
void Releasing(const void* lock) { __tsan_release(const_cast<void*>(lock)); }

struct IgnoreReads {
  IgnoreReads() { AnnotateIgnoreReadsBegin(__FILE__, __LINE__); }
  ~IgnoreReads() { AnnotateIgnoreReadsEnd(__FILE__, __LINE__); }
};

}  // namespace

#define DUBAN_LOCK(symbol)               \
  void __real_##symbol(absl::Mutex*);    \
  void __wrap_##symbol(absl::Mutex* m) { \
    __real_##symbol(m);                  \
    Acquired(m);                         \
  }
#define DUBAN_UNLOCK(symbol)             \
  void __real_##symbol(absl::Mutex*);    \
  void __wrap_##symbol(absl::Mutex* m) { \
    Releasing(m);                        \
    const IgnoreReads ignore;            \
    __real_##symbol(m);                  \
  }
#define DUBAN_TRY_LOCK(symbol)              \
  bool __real_##symbol(absl::Mutex*);       \
  bool __wrap_##symbol(absl::Mutex* m) {    \
    const bool locked = __real_##symbol(m); \
    if (locked) Acquired(m);                \
    return locked;                          \
  }
// Waits give the lock back meanwhile and take it again.
#define DUBAN_AWAIT(symbol, Time)                                          \
  bool __real_##symbol(absl::Mutex*, const absl::Condition&, Time);        \
  bool __wrap_##symbol(absl::Mutex* m, const absl::Condition& c, Time t) { \
    Releasing(m);                                                          \
    bool met;                                                              \
    {                                                                      \
      const IgnoreReads ignore;                                            \
      met = __real_##symbol(m, c, t);                                      \
    }                                                                      \
    Acquired(m);                                                           \
    return met;                                                            \
  }
#define DUBAN_AWAIT_FOREVER(symbol)                                \
  void __real_##symbol(absl::Mutex*, const absl::Condition&);      \
  void __wrap_##symbol(absl::Mutex* m, const absl::Condition& c) { \
    Releasing(m);                                                  \
    {                                                              \
      const IgnoreReads ignore;                                    \
      __real_##symbol(m, c);                                       \
    }                                                              \
    Acquired(m);                                                   \
  }
#define DUBAN_WAIT(symbol, Time)                                   \
  bool __real_##symbol(absl::CondVar*, absl::Mutex*, Time);        \
  bool __wrap_##symbol(absl::CondVar* v, absl::Mutex* m, Time t) { \
    Releasing(m);                                                  \
    const bool timed_out = __real_##symbol(v, m, t);               \
    Acquired(m);                                                   \
    return timed_out;                                              \
  }

extern "C" {
DUBAN_LOCK(_ZN4absl7debian35Mutex4LockEv)
DUBAN_LOCK(_ZN4absl7debian35Mutex10ReaderLockEv)
DUBAN_UNLOCK(_ZN4absl7debian35Mutex6UnlockEv)
DUBAN_UNLOCK(_ZN4absl7debian35Mutex12ReaderUnlockEv)
DUBAN_TRY_LOCK(_ZN4absl7debian35Mutex7TryLockEv)
DUBAN_TRY_LOCK(_ZN4absl7debian35Mutex13ReaderTryLockEv)
DUBAN_AWAIT_FOREVER(_ZN4absl7debian35Mutex5AwaitERKNS0_9ConditionE)
DUBAN_AWAIT_FOREVER(_ZN4absl7debian35Mutex8LockWhenERKNS0_9ConditionE)
DUBAN_AWAIT_FOREVER(_ZN4absl7debian35Mutex14ReaderLockWhenERKNS0_9ConditionE)
DUBAN_AWAIT(_ZN4absl7debian35Mutex16AwaitWithTimeoutERKNS0_9ConditionENS0_8DurationE, absl::Duration)
DUBAN_AWAIT(_ZN4absl7debian35Mutex17AwaitWithDeadlineERKNS0_9ConditionENS0_4TimeE, absl::Time)
DUBAN_AWAIT(_ZN4absl7debian35Mutex19LockWhenWithTimeoutERKNS0_9ConditionENS0_8DurationE, absl::Duration)
DUBAN_AWAIT(_ZN4absl7debian35Mutex20LockWhenWithDeadlineERKNS0_9ConditionENS0_4TimeE, absl::Time)
DUBAN_WAIT(_ZN4absl7debian37CondVar15WaitWithTimeoutEPNS0_5MutexENS0_8DurationE, absl::Duration)
DUBAN_WAIT(_ZN4absl7debian37CondVar16WaitWithDeadlineEPNS0_5MutexENS0_4TimeE, absl::Time)

void __real__ZN4absl7debian37CondVar4WaitEPNS0_5MutexE(absl::CondVar*, absl::Mutex*);
void __wrap__ZN4absl7debian37CondVar4WaitEPNS0_5MutexE(absl::CondVar* v, absl::Mutex* m) {
  Releasing(m);
  __real__ZN4absl7debian37CondVar4WaitEPNS0_5MutexE(v, m);
  Acquired(m);
}
void __real__ZN4absl7debian312Notification6NotifyEv(absl::Notification*);
void __wrap__ZN4absl7debian312Notification6NotifyEv(absl::Notification* n) {
  Releasing(n);
  __real__ZN4absl7debian312Notification6NotifyEv(n);
}
void __real__ZNK4absl7debian312Notification19WaitForNotificationEv(const absl::Notification*);
void __wrap__ZNK4absl7debian312Notification19WaitForNotificationEv(const absl::Notification* n) {
  __real__ZNK4absl7debian312Notification19WaitForNotificationEv(n);
  Acquired(n);
}
}

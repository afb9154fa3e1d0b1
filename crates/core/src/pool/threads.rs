//! The one thread pool: workers spin a little, then sleep; one job at a time.
//!
//! No thread starts before the first parallel job. A second job that comes while one runs is done
//! by its caller alone, so nested and concurrent calls cannot wait for each other.

use std::any::Any;
use std::cell::Cell;
use std::panic::{catch_unwind, resume_unwind, AssertUnwindSafe};
use std::sync::atomic::{AtomicBool, AtomicPtr, AtomicUsize, Ordering};
use std::sync::{Condvar, Mutex, Once};

/// Turns a worker or a waiting caller spins before it sleeps: some microseconds.
const SPIN: usize = 3000;

struct Job<'a> {
    task: &'a (dyn Fn(usize) + Sync),
    next: AtomicUsize,
    count: usize,
    panic: Mutex<Option<Box<dyn Any + Send>>>,
}

struct Pool {
    busy: AtomicBool,
    job: AtomicPtr<Job<'static>>,
    /// Raised for each job; workers compare it with the last they saw.
    epoch: AtomicUsize,
    /// Workers that may still touch the current job.
    inside: AtomicUsize,
    started: AtomicUsize,
    sleeping: AtomicUsize,
    lock: Mutex<()>,
    wake: Condvar,
}

static POOL: Pool = Pool {
    busy: AtomicBool::new(false),
    job: AtomicPtr::new(std::ptr::null_mut()),
    epoch: AtomicUsize::new(0),
    inside: AtomicUsize::new(0),
    started: AtomicUsize::new(0),
    sleeping: AtomicUsize::new(0),
    lock: Mutex::new(()),
    wake: Condvar::new(),
};

static LIMIT: AtomicUsize = AtomicUsize::new(0);

thread_local! {
    static LOCAL_LIMIT: Cell<usize> = const { Cell::new(0) };
}

/// Threads a parallel call may use now (the caller included).
pub fn num_threads() -> usize {
    match (LOCAL_LIMIT.get(), LIMIT.load(Ordering::Relaxed)) {
        (0, 0) => {
            let n = default_threads();
            LIMIT.store(n, Ordering::Relaxed);
            n
        }
        (0, n) | (n, _) => n,
    }
}

/// Sets the number of threads for the process; 0 means the default.
pub fn set_num_threads(n: usize) {
    LIMIT.store(
        if n == 0 { default_threads() } else { n },
        Ordering::Relaxed,
    );
}

/// Sets the calling thread's own limit (0 for none) and gives the old one.
pub fn set_local_threads(n: usize) -> usize {
    LOCAL_LIMIT.replace(n)
}

fn default_threads() -> usize {
    match std::env::var("NUMOXIDE_NUM_THREADS")
        .ok()
        .and_then(|v| v.trim().parse().ok())
    {
        Some(n) if n > 0 => n,
        // Respects the affinity mask and the cgroup quota.
        _ => std::thread::available_parallelism().map_or(1, usize::from),
    }
}

/// Runs `task(0..count)`, in parallel if the pool is free; returns when all are done.
///
/// A panic in a task is carried to the caller after the others have ended.
pub fn run(count: usize, task: &(dyn Fn(usize) + Sync)) {
    let threads = num_threads().min(count);
    if threads <= 1 || POOL.busy.swap(true, Ordering::Acquire) {
        (0..count).for_each(task);
        return;
    }
    ensure_workers(threads - 1);
    let job = Job {
        task,
        next: AtomicUsize::new(0),
        count,
        panic: Mutex::new(None),
    };
    let ptr = (&raw const job).cast_mut().cast::<Job<'static>>();
    POOL.job.store(ptr, Ordering::Release);
    POOL.epoch.fetch_add(1, Ordering::SeqCst);
    if POOL.sleeping.load(Ordering::SeqCst) > 0 {
        let _guard = POOL
            .lock
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        POOL.wake.notify_all();
    }
    job.work();
    // No worker may enter any more; wait for those inside.
    POOL.job.store(std::ptr::null_mut(), Ordering::SeqCst);
    let mut turns = 0;
    while POOL.inside.load(Ordering::SeqCst) != 0 {
        turns += 1;
        if turns > SPIN {
            std::thread::yield_now()
        } else {
            std::hint::spin_loop()
        }
    }
    POOL.busy.store(false, Ordering::Release);
    let panic = job.panic.lock().map(|mut p| p.take()).unwrap_or(None);
    if let Some(panic) = panic {
        resume_unwind(panic);
    }
}

/// Whether work of `cost` float additions' worth is worth splitting, and in how many parts.
pub fn parts_for(cost: usize) -> usize {
    /// A part below this is not worth handing over (about ten microseconds).
    const GRAIN: usize = 40_000;
    if cost < 2 * GRAIN {
        return 1;
    }
    num_threads().min(cost / GRAIN).max(1)
}

/// As [`parts_for`], in more parts than threads: whoever is held up does fewer of them.
pub fn chunks_for(cost: usize) -> usize {
    /// Parts for each thread.
    const MORE: usize = 4;
    /// The least cost of one.
    const LEAST: usize = 100_000;
    match parts_for(cost) {
        1 => 1,
        parts => (parts * MORE).min(cost / LEAST).max(parts),
    }
}

impl Job<'_> {
    fn work(&self) {
        loop {
            let i = self.next.fetch_add(1, Ordering::Relaxed);
            if i >= self.count {
                return;
            }
            if let Err(panic) = catch_unwind(AssertUnwindSafe(|| (self.task)(i))) {
                if let Ok(mut slot) = self.panic.lock() {
                    slot.get_or_insert(panic);
                }
            }
        }
    }
}

fn ensure_workers(wanted: usize) {
    static FORK: Once = Once::new();
    FORK.call_once(|| {
        // SAFETY: registers a plain function.
        unsafe { libc::pthread_atfork(None, None, Some(after_fork)) };
    });
    while POOL.started.load(Ordering::Relaxed) < wanted {
        let spawned = std::thread::Builder::new()
            .name("numoxide".into())
            .spawn(worker);
        if spawned.is_err() {
            return;
        }
        POOL.started.fetch_add(1, Ordering::Relaxed);
    }
}

/// The child of a fork has no workers and no job.
extern "C" fn after_fork() {
    POOL.started.store(0, Ordering::Relaxed);
    POOL.sleeping.store(0, Ordering::Relaxed);
    POOL.inside.store(0, Ordering::Relaxed);
    POOL.job.store(std::ptr::null_mut(), Ordering::Relaxed);
    POOL.busy.store(false, Ordering::Relaxed);
    super::memory::after_fork_in_child();
}

fn worker() {
    let mut seen = 0;
    loop {
        seen = wait_for_epoch(seen);
        POOL.inside.fetch_add(1, Ordering::SeqCst);
        let job = POOL.job.load(Ordering::SeqCst);
        if !job.is_null() {
            // SAFETY: the caller that owns the job clears the pointer and then waits until no worker
            // is inside; we were counted before we read it.
            unsafe { (*job).work() };
        }
        POOL.inside.fetch_sub(1, Ordering::SeqCst);
    }
}

fn wait_for_epoch(seen: usize) -> usize {
    for _ in 0..SPIN {
        let now = POOL.epoch.load(Ordering::SeqCst);
        if now != seen {
            return now;
        }
        std::hint::spin_loop();
    }
    let mut guard = POOL
        .lock
        .lock()
        .unwrap_or_else(std::sync::PoisonError::into_inner);
    POOL.sleeping.fetch_add(1, Ordering::SeqCst);
    loop {
        let now = POOL.epoch.load(Ordering::SeqCst);
        if now != seen {
            POOL.sleeping.fetch_sub(1, Ordering::SeqCst);
            return now;
        }
        guard = POOL
            .wake
            .wait(guard)
            .unwrap_or_else(std::sync::PoisonError::into_inner);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_task_runs_once() {
        set_num_threads(4);
        for round in 0..200 {
            let hits: Vec<AtomicUsize> = (0..round % 17 + 1).map(|_| AtomicUsize::new(0)).collect();
            run(hits.len(), &|i| {
                hits[i].fetch_add(1, Ordering::Relaxed);
            });
            assert!(hits.iter().all(|h| h.load(Ordering::Relaxed) == 1));
        }
    }

    #[test]
    fn a_panic_reaches_the_caller() {
        set_num_threads(2);
        let result = catch_unwind(|| run(4, &|i| assert!(i != 2, "task two")));
        assert!(result.is_err());
    }
}

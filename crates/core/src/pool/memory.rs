//! Recycling allocator for array memory.
//!
//! Blocks carry a 64-byte head in front of the data, so freeing needs no size. Small ones come from
//! libc; large ones are mapped with huge-page advice and kept on free lists by size class, because
//! a fresh large result costs several times its arithmetic in page faults.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::Mutex;
use std::time::Instant;

const HEAD: usize = 64;
/// From this size on blocks are mapped and recycled.
const LARGE: usize = 128 * 1024;
/// From this size on a zeroed block is always fresh pages.
const FRESH_ZERO: usize = 1 << 20;
/// Free blocks older than this go back to the system.
const KEEP_SECONDS: u64 = 20;

#[repr(C)]
struct Head {
    /// Bytes behind the head; 0 for a block of libc's.
    mapped: usize,
    /// Usable bytes.
    capacity: usize,
    /// Start of the libc block.
    origin: *mut u8,
}

struct FreeBlock {
    ptr: usize,
    mapped: usize,
    since: Instant,
}

#[derive(Default)]
struct Lists {
    blocks: Vec<FreeBlock>,
    bytes: usize,
}

static LISTS: Mutex<Lists> = Mutex::new(Lists {
    blocks: Vec::new(),
    bytes: 0,
});
static LIVE: AtomicUsize = AtomicUsize::new(0);

/// Bytes that may wait on the free lists: an eighth of memory, at most 1 GiB.
fn cap() -> usize {
    static CAP: AtomicUsize = AtomicUsize::new(0);
    match CAP.load(Ordering::Relaxed) {
        0 => {
            // SAFETY: sysconf has no preconditions.
            let total = unsafe {
                libc::sysconf(libc::_SC_PHYS_PAGES).max(1) as usize
                    * libc::sysconf(libc::_SC_PAGESIZE).max(1) as usize
            };
            let cap = (total / 8).clamp(64 << 20, 1 << 30);
            CAP.store(cap, Ordering::Relaxed);
            cap
        }
        cap => cap,
    }
}

/// Rounds a large request up to its class: eight classes a doubling.
fn class_size(bytes: usize) -> Option<usize> {
    let bytes = bytes.checked_add(HEAD)?;
    let step = (bytes.next_power_of_two() / 16).max(4096);
    Some(bytes.checked_add(step - 1)? / step * step)
}

/// Allocates `bytes` bytes, 64-byte aligned, contents arbitrary; NULL if there is no memory.
pub fn alloc(bytes: usize) -> *mut u8 {
    if bytes < LARGE {
        return small(bytes, false);
    }
    let Some(mapped) = class_size(bytes) else {
        return std::ptr::null_mut();
    };
    match take(mapped) {
        Some(ptr) => {
            LIVE.fetch_add(mapped, Ordering::Relaxed);
            (ptr + HEAD) as *mut u8
        }
        None => map(mapped),
    }
}

/// As [`alloc`], every byte zero.
pub fn alloc_zeroed(bytes: usize) -> *mut u8 {
    if bytes < LARGE {
        return small(bytes, true);
    }
    if bytes < FRESH_ZERO {
        let ptr = alloc(bytes);
        if !ptr.is_null() {
            // SAFETY: the block has at least `bytes` bytes.
            unsafe { ptr.write_bytes(0, bytes) };
        }
        return ptr;
    }
    class_size(bytes).map_or(std::ptr::null_mut(), map)
}

/// Changes a block's size, keeping the common part of its contents.
///
/// # Safety
/// - `ptr` is NULL or a live block of this pool; it is gone when the result is not NULL.
pub unsafe fn realloc(ptr: *mut u8, bytes: usize) -> *mut u8 {
    if ptr.is_null() {
        return alloc(bytes);
    }
    // SAFETY: a live block has its head in front.
    let old = unsafe { (*head(ptr)).capacity };
    if bytes <= old && bytes >= old / 2 {
        return ptr;
    }
    let new = alloc(bytes);
    if !new.is_null() {
        // SAFETY: both blocks have at least the smaller size; the old one is given up.
        unsafe {
            new.copy_from_nonoverlapping(ptr, old.min(bytes));
            free(ptr);
        }
    }
    new
}

/// Gives a block back.
///
/// # Safety
/// - `ptr` is NULL or a live block of this pool that nothing uses any more.
pub unsafe fn free(ptr: *mut u8) {
    if ptr.is_null() {
        return;
    }
    // SAFETY: a live block has its head in front.
    let (mapped, origin) = unsafe { ((*head(ptr)).mapped, (*head(ptr)).origin) };
    if mapped == 0 {
        // SAFETY: `origin` came from malloc in `small`.
        unsafe { libc::free(origin.cast()) };
        return;
    }
    LIVE.fetch_sub(mapped, Ordering::Relaxed);
    keep(ptr as usize - HEAD, mapped);
}

/// Returns all waiting blocks to the system; the number of bytes returned.
pub fn trim() -> usize {
    let blocks = {
        let mut lists = lock();
        lists.bytes = 0;
        std::mem::take(&mut lists.blocks)
    };
    blocks
        .iter()
        .map(|b| {
            unmap(b.ptr, b.mapped);
            b.mapped
        })
        .sum()
}

/// Bytes in large blocks that are in use, and bytes waiting for reuse.
pub fn usage() -> (usize, usize) {
    (LIVE.load(Ordering::Relaxed), lock().bytes)
}

fn lock() -> std::sync::MutexGuard<'static, Lists> {
    LISTS
        .lock()
        .unwrap_or_else(std::sync::PoisonError::into_inner)
}

/// Forgets a lock that another thread held at the moment of a fork.
pub(crate) fn after_fork_in_child() {
    LISTS.clear_poison();
    if LISTS.try_lock().is_err() {
        // The holder does not exist in this process; its list may be half-written, so it is leaked
        // together with the lock state being reset.
        // SAFETY: the child of a fork has one thread, nobody else can look at the mutex.
        unsafe {
            let fresh = Mutex::new(Lists::default());
            std::ptr::write((&raw const LISTS).cast_mut(), fresh);
        }
    }
}

fn head(ptr: *mut u8) -> *mut Head {
    ptr.wrapping_sub(HEAD).cast()
}

fn small(bytes: usize, zero: bool) -> *mut u8 {
    let total = bytes + 2 * HEAD;
    // SAFETY: plain libc allocation.
    let origin: *mut u8 = unsafe {
        if zero {
            libc::calloc(1, total)
        } else {
            libc::malloc(total)
        }
    }
    .cast();
    if origin.is_null() {
        return origin;
    }
    // malloc aligns to 16 at least, so the head fits between `origin` and the next multiple + HEAD.
    let ptr = ((origin as usize + HEAD).next_multiple_of(HEAD)) as *mut u8;
    // SAFETY: `ptr` lies at least one head behind `origin` and `bytes` before its end.
    unsafe {
        head_write(
            ptr,
            Head {
                mapped: 0,
                capacity: bytes,
                origin,
            },
        )
    };
    ptr
}

/// # Safety
/// - The 64 bytes before `ptr` belong to the block.
unsafe fn head_write(ptr: *mut u8, value: Head) {
    // SAFETY: by contract; alignment is 64.
    unsafe { head(ptr).write(value) };
}

/// The youngest waiting block of a class: its pages are likeliest to be in cache.
fn take(mapped: usize) -> Option<usize> {
    let mut lists = lock();
    let i = lists.blocks.iter().rposition(|b| b.mapped == mapped)?;
    lists.bytes -= mapped;
    Some(lists.blocks.remove(i).ptr)
}

fn keep(ptr: usize, mapped: usize) {
    let mut gone: Vec<FreeBlock> = Vec::new();
    {
        let mut lists = lock();
        let now = Instant::now();
        lists.blocks.push(FreeBlock {
            ptr,
            mapped,
            since: now,
        });
        lists.bytes += mapped;
        let old = lists
            .blocks
            .iter()
            .take_while(|b| now.duration_since(b.since).as_secs() > KEEP_SECONDS)
            .count();
        let mut drop = old;
        let mut bytes = lists.bytes - lists.blocks[..old].iter().map(|b| b.mapped).sum::<usize>();
        while bytes > cap() {
            bytes -= lists.blocks[drop].mapped;
            drop += 1;
        }
        gone.extend(lists.blocks.drain(..drop));
        lists.bytes = bytes;
    }
    gone.iter().for_each(|b| unmap(b.ptr, b.mapped));
}

fn map(mapped: usize) -> *mut u8 {
    let mut base = try_map(mapped);
    if base.is_null() && trim() > 0 {
        base = try_map(mapped);
    }
    if base.is_null() {
        return base;
    }
    LIVE.fetch_add(mapped, Ordering::Relaxed);
    let ptr = base.wrapping_add(HEAD);
    // SAFETY: the mapping is `mapped` bytes long, more than a head.
    unsafe {
        head_write(
            ptr,
            Head {
                mapped,
                capacity: mapped - HEAD,
                origin: base,
            },
        )
    };
    ptr
}

fn try_map(bytes: usize) -> *mut u8 {
    let prot = libc::PROT_READ | libc::PROT_WRITE;
    let kind = libc::MAP_PRIVATE | libc::MAP_ANONYMOUS;
    // SAFETY: an anonymous private mapping with no address hint.
    let p = unsafe { libc::mmap(std::ptr::null_mut(), bytes, prot, kind, -1, 0) };
    if p == libc::MAP_FAILED {
        return std::ptr::null_mut();
    }
    if bytes >= 2 << 20 {
        // SAFETY: the mapping just made; a refusal of the advice does not matter.
        unsafe { libc::madvise(p, bytes, libc::MADV_HUGEPAGE) };
    }
    p.cast()
}

fn unmap(ptr: usize, bytes: usize) {
    // SAFETY: a whole mapping made by `try_map`, no longer on any list.
    unsafe { libc::munmap(ptr as *mut libc::c_void, bytes) };
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn large_blocks_come_back() {
        let a = alloc(10 << 20);
        assert_eq!(a as usize % 64, 0);
        // SAFETY: a live block of the size asked for.
        unsafe {
            a.write_bytes(7, 10 << 20);
            free(a);
        }
        let b = alloc(10 << 20);
        assert_eq!(a, b);
        let z = alloc_zeroed(10 << 20);
        // SAFETY: as above.
        unsafe {
            assert_eq!(*z.add((10 << 20) - 1), 0);
            free(b);
            free(z);
        }
    }

    #[test]
    fn small_blocks_are_aligned_and_zero() {
        for n in [0usize, 1, 7, 64, 1000, 100_000] {
            let p = alloc_zeroed(n);
            assert_eq!(p as usize % 64, 0);
            // SAFETY: a live block of `n` bytes.
            unsafe {
                assert!((0..n).all(|i| *p.add(i) == 0));
                let q = realloc(p, n * 3 + 1);
                free(q);
            }
        }
    }
}

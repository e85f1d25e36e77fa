//! Slowing down those who guess passwords.
//!
//! Owns: how long somebody waits after log-ins that failed. Kept in memory: a restart forgets it. Does not own: passwords (`account`).
//!
//! The wait grows for a name from one address, so that who guesses elsewhere locks nobody out; a name alone waits seconds at most.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// What is slowed down, how many failures are free, and how many seconds the wait is at most.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Key {
    /// A name from an address.
    Pair(String, IpAddr),
    /// An address, whatever the name.
    Address(IpAddr),
    /// A name, wherever from.
    Name(String),
}

impl Key {
    const fn limits(&self) -> (u32, u64) {
        match self {
            Self::Pair(..) => (3, 900),
            Self::Address(_) => (20, 60),
            Self::Name(_) => (10, 5),
        }
    }
}

#[derive(Clone, Copy, Debug)]
struct Failed {
    times: u32,
    until: Instant,
    last: Instant,
}

/// Failures after an hour without another are forgotten.
const MEMORY: Duration = Duration::from_secs(3_600);
/// Keys that are remembered; past them the old are forgotten first.
const KEYS: usize = 50_000;

/// Who failed lately.
#[derive(Debug, Default)]
pub struct Throttle(Mutex<HashMap<Key, Failed>>);

impl Throttle {
    /// How long somebody waits before the next try; none where they need not.
    pub fn wait(&self, name: &str, from: IpAddr, now: Instant) -> Option<Duration> {
        let failed = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let keys = keys(name, from);
        let until = keys.iter().filter_map(|key| failed.get(key)).map(|one| one.until);
        until.max().and_then(|until| until.checked_duration_since(now)).filter(|w| !w.is_zero())
    }

    /// Counts a try before it is known how it ends, so that many at once do not pass together.
    pub fn tried(&self, name: &str, from: IpAddr, now: Instant) {
        let mut failed = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if failed.len() >= KEYS {
            failed.retain(|_, one| now.duration_since(one.last) < MEMORY);
        }
        if failed.len() >= KEYS {
            failed.clear();
        }
        for key in keys(name, from) {
            let (free, most) = key.limits();
            let one = failed.entry(key).or_insert(Failed { times: 0, until: now, last: now });
            if now.duration_since(one.last) >= MEMORY {
                one.times = 0;
            }
            one.times = one.times.saturating_add(1);
            one.last = now;
            let over = one.times.saturating_sub(free);
            if over > 0 {
                let seconds = 1_u64.checked_shl(over).unwrap_or(u64::MAX).min(most);
                one.until = now + Duration::from_secs(seconds);
            }
        }
    }

    /// Forgets the failures of a name from an address: it was let in.
    pub fn let_in(&self, name: &str, from: IpAddr) {
        let mut failed = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for key in keys(name, from) {
            if !matches!(key, Key::Address(_)) {
                failed.remove(&key);
            }
        }
    }
}

fn keys(name: &str, from: IpAddr) -> [Key; 3] {
    let name: String = name.trim().to_lowercase().chars().take(100).collect();
    [Key::Pair(name.clone(), from), Key::Address(from), Key::Name(name)]
}

#[cfg(test)]
mod tests {
    use super::*;

    const HERE: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(10, 0, 0, 1));
    const THERE: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(10, 0, 0, 2));

    #[test]
    fn the_wait_grows_and_ends() {
        let (throttle, now) = (Throttle::default(), Instant::now());
        for _ in 0..3 {
            throttle.tried("anna", HERE, now);
        }
        assert_eq!(throttle.wait("anna", HERE, now), None);
        throttle.tried("anna", HERE, now);
        assert_eq!(throttle.wait("Anna ", HERE, now), Some(Duration::from_secs(2)));
        throttle.tried("anna", HERE, now);
        assert_eq!(throttle.wait("anna", HERE, now), Some(Duration::from_secs(4)));
        assert_eq!(throttle.wait("anna", HERE, now + Duration::from_secs(4)), None);
    }

    #[test]
    fn who_guesses_elsewhere_locks_nobody_out() {
        let (throttle, now) = (Throttle::default(), Instant::now());
        for _ in 0..1_000 {
            throttle.tried("anna", THERE, now);
        }
        assert!(throttle.wait("anna", THERE, now) > Some(Duration::from_secs(800)));
        assert!(throttle.wait("anna", HERE, now) <= Some(Duration::from_secs(5)));
        assert_eq!(throttle.wait("bo", HERE, now), None);
    }
}

//! Log-ins that have begun and not ended.
//!
//! Owns: that each is answered once, in the browser where it began, within ten minutes. Kept in memory: a restart forgets them, and who
//! was on the way begins again.

use openidconnect::{Nonce, PkceCodeVerifier};
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};
use store::files::sha256;

/// How long somebody may take at the service.
const LASTS: Duration = Duration::from_secs(600);
/// How many may be on the way at once; past it the oldest begin again.
const MANY: usize = 20_000;

/// A log-in that has begun.
pub struct Begun {
    /// What the token must name.
    pub nonce: Nonce,
    /// What the code is fetched with.
    pub verifier: PkceCodeVerifier,
    /// The cookie of the browser.
    pub browser: String,
    /// Where to go then, on this site.
    pub till: String,
    /// When.
    pub at: Instant,
}

/// Those on the way, by the hash of their `state`.
#[derive(Default)]
pub struct Waiting(Mutex<HashMap<String, Begun>>);

impl Waiting {
    /// Somebody begins.
    pub fn add(&self, state: &str, begun: Begun) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if all.len() >= MANY {
            let now = begun.at;
            all.retain(|_, one| now.duration_since(one.at) < LASTS);
        }
        if all.len() >= MANY {
            let oldest = all.iter().min_by_key(|(_, one)| one.at).map(|(key, _)| key.clone());
            oldest.and_then(|key| all.remove(&key));
        }
        all.insert(sha256(state.as_bytes()), begun);
    }

    /// Somebody comes back: good once, whether or not it is the right browser. Compared by hashes, so that the time it takes tells
    /// nothing.
    pub fn take(&self, state: &str, browser: &str, now: Instant) -> Option<Begun> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let begun = all.remove(&sha256(state.as_bytes()))?;
        let is_fresh = now.duration_since(begun.at) < LASTS;
        let is_same = sha256(browser.as_bytes()) == sha256(begun.browser.as_bytes());
        (is_fresh && is_same).then_some(begun)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn begun(at: Instant) -> Begun {
        Begun {
            nonce: Nonce::new("n".to_owned()),
            verifier: PkceCodeVerifier::new("v".repeat(43)),
            browser: "b".to_owned(),
            till: "/".to_owned(),
            at,
        }
    }

    #[test]
    fn an_answer_is_good_once_in_its_browser_and_in_time() {
        let (waiting, now) = (Waiting::default(), Instant::now());
        waiting.add("s", begun(now));
        assert!(waiting.take("other", "b", now).is_none());
        assert!(waiting.take("s", "b", now).is_some());
        assert!(waiting.take("s", "b", now).is_none(), "twice");
        waiting.add("s", begun(now));
        assert!(waiting.take("s", "", now).is_none(), "another browser");
        waiting.add("s", begun(now));
        assert!(waiting.take("s", "b", now + LASTS).is_none(), "too late");
    }

    #[test]
    fn those_who_never_come_back_take_no_more_room_than_they_may() {
        let (waiting, now) = (Waiting::default(), Instant::now());
        for number in 0..MANY + 3 {
            let at = now + Duration::from_millis(number as u64 / 100);
            waiting.add(&number.to_string(), begun(at));
        }
        assert_eq!(waiting.0.lock().unwrap().len(), MANY);
        assert!(waiting.take(&(MANY + 2).to_string(), "b", now).is_some());
    }
}

//! What was worked out once for a state and is asked for again.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

/// Values by key, each made the first time it is asked for.
pub struct Memo<K, V>(Mutex<BTreeMap<K, V>>);

impl<K, V> Default for Memo<K, V> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<K: Ord, V: Clone> Memo<K, V> {
    /// The value of a key. Two who ask at once may both make it; the first that is kept is told to both.
    pub fn get(&self, key: K, make: impl FnOnce() -> V) -> V {
        let known = || self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(value) = known().get(&key) {
            return value.clone();
        }
        let value = make();
        known().entry(key).or_insert(value).clone()
    }
}

//! Small numbers for repeated values, so that columns hold `u32` and comparisons are cheap.
//!
//! Owns: [`Interner`] and the fast hash that tables inside the kernel use. The hash is not for
//! untrusted secrets; it is for speed, and no result depends on its order.

use std::borrow::Borrow;
use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hash, Hasher};

/// The multiply-and-rotate hash of Firefox and rustc.
#[derive(Clone, Default)]
pub struct FastHasher(u64);

impl FastHasher {
    fn add(&mut self, word: u64) {
        self.0 = (self.0.rotate_left(5) ^ word).wrapping_mul(0x517c_c1b7_2722_0a95);
    }
}

impl Hasher for FastHasher {
    fn write(&mut self, bytes: &[u8]) {
        let (words, rest) = bytes.as_chunks::<8>();
        for word in words {
            self.add(u64::from_le_bytes(*word));
        }
        for byte in rest {
            self.add(u64::from(*byte));
        }
    }

    fn write_u8(&mut self, word: u8) {
        self.add(u64::from(word));
    }

    fn write_u32(&mut self, word: u32) {
        self.add(u64::from(word));
    }

    fn write_u64(&mut self, word: u64) {
        self.add(word);
    }

    fn write_usize(&mut self, word: usize) {
        self.add(word as u64);
    }

    fn finish(&self) -> u64 {
        self.0 ^ (self.0 >> 29)
    }
}

/// A map with the fast hash. Never iterate one where order could reach a result.
pub type FastMap<K, V> = HashMap<K, V, BuildHasherDefault<FastHasher>>;

/// Distinct values numbered from 0 in the order they first came.
#[derive(Clone, Debug)]
pub struct Interner<T> {
    numbers: FastMap<T, u32>,
    values: Vec<T>,
}

impl<T> Default for Interner<T> {
    fn default() -> Self {
        Self { numbers: FastMap::default(), values: Vec::new() }
    }
}

impl<T: Clone + Eq + Hash> Interner<T> {
    /// The number of `value`, new or known. `make` is called for a new value only.
    pub fn number<Q>(&mut self, value: &Q, make: impl FnOnce(&Q) -> T) -> u32
    where
        T: Borrow<Q>,
        Q: Eq + Hash + ?Sized,
    {
        if let Some(number) = self.numbers.get(value) {
            return *number;
        }
        // More than four thousand million distinct values do not fit in memory.
        let number = u32::try_from(self.values.len()).unwrap_or(u32::MAX);
        let owned = make(value);
        self.numbers.insert(owned.clone(), number);
        self.values.push(owned);
        number
    }

    /// Makes room for so many more values, so that the table need not grow while they come.
    pub fn reserve(&mut self, more: usize) {
        self.numbers.reserve(more);
        self.values.reserve(more);
    }

    /// The number of a value that has one.
    pub fn find<Q>(&self, value: &Q) -> Option<u32>
    where
        T: Borrow<Q>,
        Q: Eq + Hash + ?Sized,
    {
        self.numbers.get(value).copied()
    }

    /// The value of a number.
    pub fn value(&self, number: u32) -> Option<&T> {
        self.values.get(number as usize)
    }

    /// All values, by number.
    pub fn values(&self) -> &[T] {
        &self.values
    }
}

/// Interned text.
pub type Texts = Interner<std::sync::Arc<str>>;

impl Texts {
    /// The number of `text`.
    pub fn text(&mut self, text: &str) -> u32 {
        self.number(text, |text| text.into())
    }

    /// The text of `number`; empty for a number that was never given.
    pub fn get(&self, number: u32) -> &str {
        self.value(number).map_or("", |text| text)
    }
}

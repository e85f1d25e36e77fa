//! Chance for simulations: the same seed gives the same draws for ever.
#![allow(dead_code, reason = "each test file uses its own part")]

/// Steele, Lea and Flood's splitmix64.
pub struct Dice(u64);

impl Dice {
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// Above 0, below 1.
    pub fn unit(&mut self) -> f64 {
        ((self.next() >> 11) as f64 + 0.5) / (1_u64 << 53) as f64
    }

    /// Both ends included.
    pub fn between(&mut self, low: u64, high: u64) -> u64 {
        low + self.next() % (high - low + 1)
    }

    /// Box and Muller's normal deviate.
    pub fn normal(&mut self) -> f64 {
        let (length, turn) = (self.unit(), self.unit());
        (-2.0 * length.ln()).sqrt() * (std::f64::consts::TAU * turn).cos()
    }

    /// Mean 1.
    pub fn exponential(&mut self) -> f64 {
        -self.unit().ln()
    }

    /// Tried one by one.
    pub fn binomial(&mut self, of: u64, share: f64) -> u64 {
        (0..of).filter(|_| self.unit() < share).count() as u64
    }

    /// Arrivals until the time is out.
    pub fn poisson(&mut self, mean: f64) -> u64 {
        let (mut at, mut count) = (self.exponential(), 0);
        while at < mean {
            at += self.exponential();
            count += 1;
        }
        count
    }

    /// How many trials fail before one succeeds.
    pub fn geometric(&mut self, share: f64) -> u64 {
        (self.unit().ln() / (1.0 - share).ln()).floor() as u64
    }
}

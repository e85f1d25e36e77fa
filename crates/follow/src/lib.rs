//! What the money was for: whether women met the same team, had a midwife of their own, and had good and equal care.
//!
//! Owns: every measure of follow-up and its statistics, from contacts in force and what clinics report beside them. Does not own:
//! amounts of money (the kernel, which has no floating point), files, clocks or random numbers from outside.
//!
//! Rooms in reading order: [`minute`] (instants and Swedish clock time), [`care`] (contacts as follow-up reads them), [`inputs`] (what
//! clinics report beside contacts).

pub mod care;
pub mod case;
pub mod gather;
pub mod indicator;
pub mod inputs;
pub mod minute;
pub mod outcome;

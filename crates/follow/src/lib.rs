//! What the money was for: whether women met the same team, had a midwife of their own, and had good and equal care.
//!
//! Owns: every measure of follow-up and its statistics, from contacts in force and what clinics report beside them. Does not own:
//! amounts of money (the kernel, which has no floating point), files, clocks or random numbers from outside.
//!
//! Rooms in reading order: [`minute`] (instants and Swedish clock time), [`care`] (contacts as follow-up reads them), [`inputs`] (what
//! clinics report beside contacts), [`intake`] (from the text of a row of it to a value or a fault), [`told`] (every such row as it was
//! reported, and which stand as known on a day), [`chain`] (a woman's contacts as pregnancies), [`continuity`] (the same midwife, in
//! figures), [`one_to_one`] (a midwife of her own, minute by minute), [`staffing_need`] (how many midwives that takes), [`need`] (who is
//! offered a place in the continuity chain, and what became of it), [`gather`] (births as [`case`]s), [`indicator`] (decided definitions
//! and which births count), [`outcome`] (what is told of them). The statistics, in pure numbers: [`interval`] (what a count may mean
//! beside chance), [`funnel`] (units around a target), [`control`] (series that change), [`standard`] and [`robson`] (like held against
//! like), [`gap`] (groups apart). [`disclose`] judges what may be published of them.

pub mod care;
pub mod case;
pub mod chain;
pub mod continuity;
pub mod control;
pub mod disclose;
pub mod funnel;
pub mod gap;
pub mod gather;
pub mod indicator;
pub mod inputs;
pub mod intake;
pub mod interval;
pub mod minute;
pub mod need;
pub mod one_to_one;
pub mod outcome;
pub mod robson;
mod special;
pub mod staffing_need;
pub mod standard;
pub mod told;

//! State grants: pots divided, and their year followed.

#[cfg(test)]
mod dice;
#[cfg(test)]
mod frame;
#[cfg(test)]
mod parts;
#[cfg(test)]
mod split;
#[cfg(test)]
mod year;

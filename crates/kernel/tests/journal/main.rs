//! What people do with settlements, payments and months, in any order.

#[cfg(test)]
#[path = "../grant/dice.rs"]
mod dice;
#[cfg(test)]
mod purse;
#[cfg(test)]
mod trials;

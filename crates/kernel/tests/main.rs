//! The kernel against an independent reading of its rules.

#[cfg(test)]
mod naive;
#[cfg(test)]
mod world;

#[cfg(test)]
mod tests {
    use super::world;
    use std::collections::BTreeMap;

    #[test]
    fn worlds_have_every_feature() {
        let mut total: BTreeMap<String, i64> = BTreeMap::new();
        for seed in 0..300 {
            for (name, number) in world::features(&world::world(seed)) {
                *total.entry(name).or_default() += number;
            }
        }
        println!("{total:#?}");
    }
}

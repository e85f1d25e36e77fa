//! The rules on pairs against a slow reading of them, on small random worlds.

use crate::told::*;
use kernel::fact::ContactKind;
use kernel::finding::Code;
use kernel::known::Current;
use kernel::plausible::of_contacts;
use std::collections::BTreeSet;

/// Steele, Lea and Flood's splitmix64.
struct Random(u64);

impl Random {
    fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % end
    }
}

fn world(seed: u64) -> Vec<Told> {
    const KINDS: [ContactKind; 5] = [
        ContactKind::Delivery,
        ContactKind::MidwifeVisit,
        ContactKind::MidwifeVisit,
        ContactKind::Phone,
        ContactKind::PostnatalVisit,
    ];
    let mut random = Random(seed);
    let start = day("2023-01-01");
    let count = 2 + random.below(14);
    let contact = |number: u64| {
        let kind = KINDS[usize::try_from(random.below(5)).unwrap()];
        // Ids whose order is not that of arrival.
        let mut told = told(&format!("K{:02}", number * 37 % 100), kind, "2023-01-01");
        let after = i32::try_from(random.below(12) * random.below(20)).unwrap();
        told.care = start.plus(after);
        told.person = u32::try_from(random.below(3)).unwrap();
        told.extra = ["", "bm-1"][usize::try_from(random.below(2)).unwrap()];
        if random.below(4) > 0 {
            let off = i32::try_from(random.below(60) * random.below(2)).unwrap();
            told.profile.gestational_days = Some((after + 40 + off).min(320));
        }
        told
    };
    (0..count).map(contact).collect()
}

/// The rules on pairs, read off the words, by looking at every contact beside every other.
fn slowly(all: &[Told]) -> BTreeSet<(String, Code, String)> {
    let place = |told: &Told| (told.care, told.id.clone());
    let hers = |of: &Told| all.iter().filter(move |t| t.person == of.person).collect::<Vec<_>>();
    let nearest_before = |of: &Told, among: &dyn Fn(&Told) -> bool| -> Option<Told> {
        let before = hers(of).into_iter().filter(|t| place(t) < place(of) && among(t));
        before.max_by_key(|t| place(t)).cloned()
    };
    let apart = |later: &Told, other: &Told| later.care.number() - other.care.number();
    let mut found = BTreeSet::new();
    for told in all {
        let is_delivery = |t: &Told| t.profile.kind == ContactKind::Delivery;
        if is_delivery(told)
            && let Some(other) = nearest_before(told, &is_delivery)
            && apart(told, &other) <= 140
        {
            let days = apart(told, &other);
            let code = if days < 2 { Code::SecondDelivery } else { Code::TwoBirths };
            found.insert((told.id.clone(), code, format!("{} {days}", other.id)));
        }
        let same = |t: &Told| {
            let all = t.profile == told.profile && t.extra == told.extra;
            let is_call = told.profile.kind == ContactKind::Phone;
            t.care == told.care && t.profile.kind == told.profile.kind && (all || !is_call)
        };
        if !is_delivery(told)
            && let Some(other) = nearest_before(told, &same)
        {
            let shown = format!("{} 0", other.id);
            found.insert((told.id.clone(), Code::LikelyDuplicate, shown));
        }
        let start = |t: &Told| t.care.number() - t.profile.gestational_days.unwrap();
        let dated = |t: &Told| {
            let kind = t.profile.kind;
            (kind == ContactKind::MidwifeVisit || kind == ContactKind::Delivery)
                && t.profile.gestational_days.is_some()
        };
        let unlike = |a: &Told, b: &Told| {
            let falls = b.profile.gestational_days < a.profile.gestational_days && b.care > a.care;
            (falls || (start(a) - start(b)).abs() > 21) && start(b) <= a.care.number()
        };
        // A delivery without days, wherever it comes, parts what is before from what is after.
        let parted = |a: &Told, b: &Told| {
            hers(b)
                .iter()
                .any(|t| is_delivery(t) && !dated(t) && place(t) > place(a) && place(t) < place(b))
        };
        if dated(told)
            && let Some(other) = nearest_before(told, &dated)
            && !parted(&other, told)
            && unlike(&other, told)
        {
            let earlier = nearest_before(&other, &dated).filter(|e| !parted(e, told));
            if earlier.is_none_or(|earlier| unlike(&earlier, told)) {
                let shown = format!("{} {}", other.id, start(told) - start(&other));
                found.insert((told.id.clone(), Code::PregnancyDatesDisagree, shown));
            }
        }
    }
    found
}

#[test]
fn pairs_are_found_as_by_looking_at_every_contact_beside_every_other() {
    let of_pairs = [
        Code::TwoBirths,
        Code::SecondDelivery,
        Code::LikelyDuplicate,
        Code::PregnancyDatesDisagree,
    ];
    let worlds = if std::env::var_os("VARDKEDJA_DEEP").is_some() { 200_000 } else { 4_000 };
    let mut often = [0; 4];
    for seed in 0..worlds {
        let mut all = world(seed);
        let found: BTreeSet<_> =
            warnings(&all).into_iter().filter(|(_, code, _)| of_pairs.contains(code)).collect();
        assert_eq!(found, slowly(&all), "seed {seed}");
        for (nth, code) in of_pairs.iter().enumerate() {
            often[nth] += found.iter().filter(|(_, found, _)| found == code).count();
        }
        if seed % 16 == 0 {
            // The order in which contacts came is no content.
            let before = warnings(&all);
            all.reverse();
            assert_eq!(before, warnings(&all), "seed {seed}");
        }
    }
    assert!(often.iter().all(|count| *count > 50), "{often:?}");
}

#[test]
fn contacts_are_looked_at_however_they_are_divided() {
    let all: Vec<Told> = (0..20).flat_map(world).collect();
    let (register, reports) = (register(), reports(&all));
    let current: Vec<Current> = stands(&register, &reports, &ALWAYS).current;
    let view = register.view(1);
    let whole = of_contacts(&view, &reports, &current);
    let (one, other) = current.split_at(current.len() / 3);
    let parts = [of_contacts(&view, &reports, one), of_contacts(&view, &reports, other)];
    assert_eq!(whole, parts.concat());
}

//! The births of one person.
//!
//! Owns: which deliveries are one birth. Does not own: what came before and after.

use super::person::World;
use crate::minute::Minute;
use kernel::fact::ContactKind;

/// Deliveries of one birth.
pub(super) struct Group {
    /// By day and contact id.
    pub(super) rows: Vec<u32>,
    /// The first one's day.
    pub(super) day: i32,
    /// The start that the first one with believable days of pregnancy implies.
    pub(super) start: Option<i32>,
    pub(super) children: Option<u8>,
    instants: Vec<Minute>,
}

/// The births, first to last; rows are by day and contact id.
pub(super) fn groups(rows: &[u32], world: &World<'_>) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    for row in rows {
        let Some(care) = world.care(*row).filter(|care| care.kind == ContactKind::Delivery) else {
            continue;
        };
        let day = care.care_date.number();
        let same = groups.last().is_some_and(|last| day - last.day <= world.rules.one_birth_days);
        if !same {
            let (rows, instants) = (Vec::new(), Vec::new());
            groups.push(Group { rows, day, start: None, children: None, instants });
        }
        let Some(group) = groups.last_mut() else { continue };
        group.rows.push(*row);
        group.start = group.start.or(world.start_of_birth(care));
        group.children = group.children.max(world.facts(care).children);
        group.instants.extend(care.born_at.filter(|instant| !group.instants.contains(instant)));
    }
    for group in &mut groups {
        // Two instants are two children, whatever the codes say.
        let told = u8::try_from(group.instants.len()).unwrap_or(3).min(3);
        group.children = group.children.max((told > 1).then_some(told));
    }
    groups
}

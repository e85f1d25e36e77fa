//! Moves of people between cells that no shown figure tells: what proves that a secret cannot be worked out.
//!
//! Owns: the search for the cheapest move for each secret, and what it withholds. Does not own: what is secret.
//!
//! A move adds people to some cells and takes as many from others: from one cell to another, around a rectangle, over the corners
//! of a box in more dimensions, or into one cell from nowhere. Made 1, 2, … times in either direction, until a cell would fall below
//! zero, it gives whole tables of whole numbers in which only the figures that it changes differ. If it changes a secret, and
//! every figure that it changes is withheld, then a reader cannot tell those tables from the true one.

use super::Figure;
use super::system::{Places, Secret, State, System};

/// A move: the change of each unknown, and what it changes of the rows.
#[derive(Clone, Debug)]
struct Move {
    rows: Vec<usize>,
}

/// Less is better: unknowns of figures that must be withheld for it, then their counts, then how many cells it moves.
type Cost = (usize, u64, usize);

/// Finds a move for every secret and withholds what it changes; returns where secrets that have none can be read.
pub(super) fn protect(system: &mut System) -> Vec<(Figure, Option<Figure>)> {
    let secrets = std::mem::take(&mut system.secrets);
    let mut chosen: Vec<Option<Move>> = vec![None; secrets.len()];
    // What later secrets withhold anyway makes cheaper moves of earlier ones; so each is asked again.
    for _ in 0..3 {
        for (secret, chosen) in secrets.iter().zip(&mut chosen) {
            count(system, chosen.as_ref(), false);
            *chosen = cheapest(system, secret);
            count(system, chosen.as_ref(), true);
        }
    }
    let mut exposed = Vec::new();
    for (secret, _) in secrets.iter().zip(&chosen).filter(|(_, chosen)| chosen.is_none()) {
        exposed.push((secret.read.0.clone(), secret.read.1.cloned()));
        let touched = secret.parts.iter().flat_map(|&part| &system.rows_of[part]);
        touched.for_each(|&row| system.moved[row] += 1);
    }
    exposed.sort();
    exposed
}

fn count(system: &mut System, chosen: Option<&Move>, is_added: bool) {
    for &row in chosen.iter().flat_map(|chosen| &chosen.rows) {
        let moved = &mut system.moved[row];
        *moved = if is_added { *moved + 1 } else { *moved - 1 };
    }
}

/// So many cells of a secret are tried first; the others only where none of these serves.
const TRIED: usize = 8;

/// The cheapest move that changes the secret, can be made often enough, and leaves alone what was shown before.
fn cheapest(system: &System, secret: &Secret) -> Option<Move> {
    let mut parts = secret.parts.clone();
    parts.sort_by_key(|&part| std::cmp::Reverse(system.counts[part]));
    let (first, others) = parts.split_at(parts.len().min(TRIED));
    cheapest_from(system, secret, first).or_else(|| cheapest_from(system, secret, others))
}

/// The same with a corner in one of `parts`.
fn cheapest_from(system: &System, secret: &Secret, parts: &[usize]) -> Option<Move> {
    let mut best: Option<(Cost, Move)> = None;
    for places in &system.places {
        for (&cell, &part) in places.iter().filter(|(_, part)| parts.contains(part)) {
            let corners = places.keys().filter_map(|other| corners(places, cell, other));
            for change in corners.chain([vec![(part, 1)]]) {
                let Some((cost, step)) = judged(system, secret, &change) else { continue };
                if best.as_ref().is_none_or(|(least, _)| cost < *least) {
                    best = Some((cost, step));
                }
            }
        }
    }
    best.map(|(_, step)| step)
}

/// The corners of the box between two cells with their signs; `None` where a corner can hold nobody, or the two are one.
fn corners(places: &Places, from: &[u32], to: &[u32]) -> Option<Vec<(usize, i64)>> {
    let apart = (0..from.len()).filter(|&axis| from.get(axis) != to.get(axis)).collect::<Vec<_>>();
    if apart.is_empty() || apart.len() > 6 {
        return None;
    }
    let mut corners = Vec::with_capacity(1 << apart.len());
    for turned in 0_u32..1 << apart.len() {
        let mut cell = from.to_vec();
        for (bit, &axis) in apart.iter().enumerate() {
            if turned >> bit & 1 == 1 {
                *cell.get_mut(axis)? = *to.get(axis)?;
            }
        }
        let sign = if turned.count_ones() % 2 == 0 { 1 } else { -1 };
        corners.push((*places.get(&cell)?, sign));
    }
    Some(corners)
}

/// What a move costs and changes; `None` where it does not serve.
fn judged(system: &System, secret: &Secret, change: &[(usize, i64)]) -> Option<(Cost, Move)> {
    // How often it can be made forward (cells that lose) and backward (cells that gain).
    let least = |sign: i64| {
        let cells = change.iter().filter(|(_, step)| *step == sign);
        cells.map(|&(part, _)| system.counts[part]).min()
    };
    let forward = least(-1).unwrap_or(u64::MAX);
    let times = least(1).map_or(u64::MAX, |backward| forward.saturating_add(backward));
    let parts = change.iter().filter(|(part, _)| secret.parts.binary_search(part).is_ok());
    if times < system.threshold.saturating_sub(1) || parts.map(|(_, step)| step).sum::<i64>() == 0 {
        return None;
    }
    let rows =
        |&(part, step): &(usize, i64)| system.rows_of[part].iter().map(move |&row| (row, step));
    let mut effects = change.iter().flat_map(rows).collect::<Vec<_>>();
    effects.sort_unstable();
    let (mut cost, mut rows) = ((0, 0, change.len()), Vec::new());
    for effect in effects.chunk_by(|one, other| one.0 == other.0) {
        let row = effect[0].0;
        if effect.iter().map(|(_, step)| step).sum::<i64>() == 0 {
            continue;
        }
        match system.rows[row].state {
            State::Fixed => return None,
            State::Open if system.moved[row] == 0 => {
                cost.0 += system.rows[row].parts.len();
                cost.1 += system.rows[row].count;
            }
            State::Open | State::Small | State::Hidden => {}
        }
        rows.push(row);
    }
    Some((cost, Move { rows }))
}

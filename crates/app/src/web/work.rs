//! Work that takes seconds: done on a thread of its own, and found again by whoever asks for it.
//!
//! Owns: that no page waits for another's work (a file does), and that a result is of the state that it is shown for. Does not own: what
//! is computed.
//!
//! Results are kept in the [`Place`] that they were made of, by key, the newest twelve: the next state begins with none, so none can go
//! stale. What reads the disk itself has its moment in its key.

use super::ask::Ask;
use super::html::Html;
use super::page::Page;
use crate::failure::Failure;
use kernel::finding::Text;
use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

#[cfg(doc)]
use super::place::Place;

/// How long a request waits before it says that the work goes on.
const PATIENCE: Duration = Duration::from_millis(300);
/// How long a request for a file waits; there is no page that could say that the work goes on.
const LONG: Duration = Duration::from_secs(100);
/// How many results of one state are kept.
const KEPT: usize = 12;
/// Seconds until a page that waits asks again.
const AGAIN: u32 = 2;

/// One work at a time, whatever state it is of, so that readers have a processor left.
static TURN: Mutex<()> = Mutex::new(());

type Made = Result<Arc<dyn Any + Send + Sync>, Text>;

/// The works of one state.
#[derive(Default)]
pub struct Works(Mutex<Vec<(String, Arc<Work>)>>);

struct Work {
    begun: Instant,
    made: Mutex<Option<Made>>,
    is_made: Condvar,
}

/// What is found at an address.
pub enum Found<T> {
    /// The result.
    Made(Arc<T>),
    /// A page that says that the work goes on.
    Waits(Page),
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Work {
    fn made(&self, patience: Duration) -> Option<Made> {
        let made = self.is_made.wait_timeout_while(locked(&self.made), patience, |m| m.is_none());
        made.unwrap_or_else(PoisonError::into_inner).0.clone()
    }
}

impl Works {
    /// The work of a key, and whether it is new; none where too many go on.
    fn work(&self, key: &str) -> Option<(Arc<Work>, bool)> {
        let mut works = locked(&self.0);
        if let Some((_, work)) = works.iter().find(|(known, _)| known == key) {
            return Some((Arc::clone(work), false));
        }
        if works.len() >= KEPT {
            let oldest = works.iter().position(|(_, work)| locked(&work.made).is_some())?;
            works.remove(oldest);
        }
        let (made, is_made) = (Mutex::new(None), Condvar::new());
        let work = Arc::new(Work { begun: Instant::now(), made, is_made });
        works.push((key.to_owned(), Arc::clone(&work)));
        Some((work, true))
    }
}

/// The result of a key, or a page that says that it is being made. `make` runs once for each state, on a thread of its own.
pub fn found<T: Send + Sync + 'static>(
    ask: &Ask,
    key: &str,
    make: impl FnOnce() -> Result<T, Failure> + Send + 'static,
) -> Result<Found<T>, Failure> {
    let work = work(ask, key, make)?;
    match work.made(PATIENCE) {
        None => Ok(Found::Waits(waiting(ask, work.begun.elapsed()))),
        Some(made) => told(made).map(Found::Made),
    }
}

/// The result of a key, once it is made.
pub fn waited<T: Send + Sync + 'static>(
    ask: &Ask,
    key: &str,
    make: impl FnOnce() -> Result<T, Failure> + Send + 'static,
) -> Result<Arc<T>, Failure> {
    let made = work(ask, key, make)?.made(LONG);
    made.map_or_else(|| Err(too_many()), told)
}

fn told<T: Send + Sync + 'static>(made: Made) -> Result<Arc<T>, Failure> {
    let made = made.map_err(|why| Failure::Refused(why, Vec::new()))?;
    made.downcast().map_err(|_other| Failure::NotThere)
}

fn too_many() -> Failure {
    Failure::refused(
        "många beräkningar pågår; försök igen om en stund",
        "many computations are going on; try again in a while",
    )
}

/// The work of a key, begun where it is new.
fn work<T: Send + Sync + 'static>(
    ask: &Ask,
    key: &str,
    make: impl FnOnce() -> Result<T, Failure> + Send + 'static,
) -> Result<Arc<Work>, Failure> {
    let Some((work, is_new)) = ask.place.works.work(key) else {
        return Err(too_many());
    };
    if is_new {
        let work = Arc::clone(&work);
        thread::spawn(move || {
            let _turn = locked(&TURN);
            let made = catch_unwind(AssertUnwindSafe(make)).unwrap_or_else(|_panicked| {
                Err(Failure::refused(
                    "beräkningen gick fel hos oss; inget har ändrats",
                    "the computation failed here; nothing was changed",
                ))
            });
            let made = made.map(|made| Arc::new(made) as Arc<dyn Any + Send + Sync>);
            *locked(&work.made) = Some(made.map_err(|why| why.text()));
            work.is_made.notify_all();
        });
    }
    Ok(work)
}

fn waiting(ask: &Ask, since: Duration) -> Page {
    let here = format!("{}{}", ask.path, ask.query.written());
    let seconds = since.as_secs();
    let told = ask
        .say(
            "Beräkningen började för {} s sedan och pågår. Sidan frågar igen av sig själv. Du kan gå härifrån och komma tillbaka till samma adress.",
            "The computation began {} s ago and goes on. The page asks again by itself. You can leave and come back to the same address.",
        )
        .replace("{}", &seconds.to_string());
    let link = Html::link(&here, ask.say("Fråga igen nu", "Ask again now"));
    let mut page =
        Page::new(ask.say("Räknar", "Computing")).text(told).with(super::page::Block::Text(link));
    // What was refused before stays until somebody has read it.
    page.again = ask.problem.is_none().then_some(AGAIN);
    page
}

//! Blocks of a file read on several threads and joined in order.
//!
//! Owns: that one thread or many give the same. Does not own: what a block is (`csv`, `cells`).
//!
//! While the readers read one round of blocks, the caller's thread adds the round before and fetches the next;
//! so no more than three rounds are in memory.

use super::ContactRead;
use super::error::FileError;
use super::read::{BlockRead, BlockReader, Into};
use kernel::intake::{Header, ReaderNumbers};
use std::num::NonZeroUsize;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread;

/// Blocks of a round for each thread.
const BLOCKS: usize = 4;

/// Reads all that `next` gives. Of two reasons to refuse the file, the first in the file is told.
pub(super) fn run<B: Send>(
    header: &Header,
    threads: NonZeroUsize,
    next: &mut dyn FnMut() -> Result<Option<B>, FileError>,
    read: &(impl Fn(&mut BlockReader<'_>, B) -> BlockRead + Sync),
    into: &mut Into<'_>,
) -> Result<ContactRead, FileError> {
    let file = into.file;
    let mut all = ContactRead::default();
    let mut readers: Vec<(BlockReader<'_>, ReaderNumbers)> = (0..threads.get())
        .map(|_| (BlockReader::new(file, header), ReaderNumbers::default()))
        .collect();
    let mut rounds = Rounds { next, size: threads.get() * BLOCKS, refused: None };
    let mut blocks = rounds.fetch();
    let mut done: Vec<(usize, BlockRead)> = Vec::new();
    while !(blocks.is_empty() && done.is_empty()) {
        let queue = Mutex::new(std::mem::take(&mut blocks).into_iter().enumerate());
        let before = std::mem::take(&mut done);
        let (workers, mut numbers): (Vec<_>, Vec<_>) =
            readers.iter_mut().map(|(reader, numbers)| (reader, numbers)).unzip();
        let added = thread::scope(|scope| {
            let running: Vec<_> = workers
                .into_iter()
                .enumerate()
                .map(|(number, reader)| {
                    let queue = &queue;
                    scope.spawn(move || read_queue(number, reader, queue, read))
                })
                .collect();
            let added = before
                .into_iter()
                .try_for_each(|(reader, block)| into.add(block, numbers[reader], &mut all));
            blocks = if added.is_ok() { rounds.fetch() } else { Vec::new() };
            let mut round: Vec<(usize, usize, BlockRead)> = Vec::new();
            for worker in running {
                let read = worker.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
                round.extend(read);
            }
            round.sort_by_key(|(block, _, _)| *block);
            done = round.into_iter().map(|(_, reader, read)| (reader, read)).collect();
            added
        });
        added?;
    }
    rounds.refused.map_or(Ok(all), Err)
}

/// Takes blocks until there are none; each with its place in the round and the reader.
fn read_queue<B>(
    number: usize,
    reader: &mut BlockReader<'_>,
    queue: &Mutex<impl Iterator<Item = (usize, B)>>,
    read: &impl Fn(&mut BlockReader<'_>, B) -> BlockRead,
) -> Vec<(usize, usize, BlockRead)> {
    let mut done = Vec::new();
    loop {
        let Some((at, block)) = locked(queue).next() else { return done };
        let mut block = read(reader, block);
        reader.reader.finish(&mut block.part);
        done.push((at, number, block));
    }
}

fn locked<T>(queue: &Mutex<T>) -> MutexGuard<'_, T> {
    queue.lock().unwrap_or_else(PoisonError::into_inner)
}

struct Rounds<'n, B> {
    next: &'n mut dyn FnMut() -> Result<Option<B>, FileError>,
    size: usize,
    /// Why there are no more; told after what comes before it.
    refused: Option<FileError>,
}

impl<B> Rounds<'_, B> {
    fn fetch(&mut self) -> Vec<B> {
        let mut blocks = Vec::with_capacity(self.size);
        while blocks.len() < self.size && self.refused.is_none() {
            match (self.next)() {
                Ok(Some(block)) => blocks.push(block),
                Ok(None) => break,
                Err(error) => self.refused = Some(error),
            }
        }
        blocks
    }
}

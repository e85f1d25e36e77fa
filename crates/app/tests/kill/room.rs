//! A disk that is full, and a folder that cannot be written to: told in both languages, and nothing is lost.

use crate::region::{Folder, MONTHS, On, fresh, generate, run};
use std::ffi::OsStr;
use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

const SIZE: u64 = 24 << 20;

/// A small disk of its own; root alone can have one.
struct Disk(PathBuf);

impl Disk {
    fn new(at: &Path) -> Option<Self> {
        fs::create_dir_all(at).unwrap();
        let mut mount = Command::new("mount");
        mount.args(["-t", "tmpfs", "-o", &format!("size={SIZE}"), "tmpfs"]).arg(at);
        mount.output().is_ok_and(|output| output.status.success()).then(|| Self(at.to_owned()))
    }

    /// Leaves so many bytes.
    fn fill(&self, left: u64) {
        let mut filler = File::create(self.0.join("filler")).unwrap();
        while filler.write_all(&[7; 4096]).is_ok() {}
        let length = filler.metadata().unwrap().len();
        filler.set_len(length.saturating_sub(left)).unwrap();
    }

    fn clear(&self) {
        fs::remove_file(self.0.join("filler")).unwrap();
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        let _gone = Command::new("umount").arg("-l").arg(&self.0).output();
    }
}

fn region(test: &str, on: On, data: &Path) -> Folder {
    let place = fresh(test);
    let contacts = generate(&place, 5, MONTHS[1]);
    let folder = Folder::begun(on, test, data, &contacts);
    folder.load();
    folder.import_and_book(MONTHS[0]);
    folder
}

/// The commands that keep something, one after the other.
const STEPS: usize = 3;

fn step(folder: &Folder, number: usize) -> Command {
    match number {
        0 => folder.import_command(&[], MONTHS[1]),
        1 => folder.command(&[], "settle --month 2021-02 --book"),
        _ => folder.command(&[], "pay send --as anna --on 2021-03-30"),
    }
}

/// The same command with its messages in Swedish.
fn in_swedish(command: &Command) -> Command {
    let mut again = Command::new(command.get_program());
    again.args(command.get_args().map(|one| if one == "en" { OsStr::new("sv") } else { one }));
    for (name, value) in command.get_envs() {
        match value {
            Some(value) => again.env(name, value),
            None => again.env_remove(name),
        };
    }
    again
}

/// Whether a command was refused, which it must tell in both languages, or went well.
fn is_refused(command: Command, disk: &Disk) -> bool {
    let swedish = in_swedish(&command);
    let said = run(command);
    if said.code < 2 {
        return false;
    }
    said.assert_refused("there is no more room");
    // What was refused may have let go of a little room.
    disk.fill(0);
    let said = run(swedish);
    assert!(said.code == 3 && said.out.is_empty(), "{said:?}");
    assert!(said.err.contains("det finns inte mer plats"), "{said:?}");
    true
}

fn a_full_disk(test: &str, on: On) {
    let mounted = fresh(&format!("{test}-disk"));
    let Some(disk) = Disk::new(&mounted) else {
        return eprintln!("left out: only root can make a small disk");
    };
    let folder = region(test, on, &mounted.join("data"));
    let right = folder.copy(&format!("{test}-right"));
    for number in 0..STEPS {
        let before = folder.state(test);
        for left in [0, 16, 64] {
            disk.fill(left << 10);
            let is_refused = is_refused(step(&folder, number), &disk);
            disk.clear();
            if !is_refused {
                // A payment on a server writes nothing to the disk of the folder.
                assert!(left > 0 || (on == On::Postgres && number == 2), "no room was enough");
                break;
            }
            assert_eq!(folder.state(test), before, "something was kept or lost");
        }
        run(step(&folder, number));
        assert!(run(step(&right, number)).code < 2);
        assert_eq!(folder.state(test), right.state(test), "with room again");
    }
}

#[test]
fn a_full_disk_on_sqlite() {
    a_full_disk("full-sqlite", On::Sqlite);
}

#[test]
fn a_full_disk_on_postgres() {
    a_full_disk("full-postgres", On::Postgres);
}

#[cfg(unix)]
#[test]
fn a_folder_that_cannot_be_written_to_on_postgres() {
    let folder = region("read-only-postgres", On::Postgres, &fresh("read-only-data").join("data"));
    folder.import(MONTHS[1]);
    let before = folder.state("read-only");
    folder.set_writable(false);
    let said = folder.run_without_rights(folder.command(&[], "settle --month 2021-02 --book"));
    folder.set_writable(true);
    let Some(said) = said else {
        return eprintln!("left out: no user without rights to run the program as");
    };
    said.assert_refused("cannot use");
    assert_eq!(folder.state("read-only"), before, "something was kept or lost");
    assert_eq!(folder.book(MONTHS[1]).code, 0, "mended, and yet");
}

//! A copy of the ratebooks in a folder of its own, and what the check finds in it.

use crate::books::{Books, Table, tables};
use crate::facts::Facts;
use crate::{KNOWN_ON, day};
use app::commands::register::all_findings;
use app::ratebook::read_folders;
use kernel::finding::Finding;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

pub struct Copy {
    pub folder: PathBuf,
    pub written: Books,
}

impl Copy {
    pub fn new(name: &str) -> Self {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(folder.join("sources")).unwrap();
        Self { folder, written: Books::new() }
    }

    /// Sources of our own making: for each that a decision names, a text with all its anchors, folded
    /// anywhere. The books are given the hashes of these.
    pub fn with_sources(&self, books: &Books) -> Books {
        let (mut texts, mut books) = (BTreeMap::<String, String>::new(), books.clone());
        let all = tables(&books);
        let source_of = |file: &str| source_file(&all, file);
        for table in all.iter().filter(|table| table.has("anchor")) {
            if let Some(source) = source_of(&table.file) {
                let folded = table.get("anchor").replacen(' ', "\n   ", 2);
                *texts.entry(source).or_default() += &format!("Ur beslutet: {folded}, med mera.\n");
            }
        }
        for (source, text) in texts {
            let sha256 = store::files::sha256(text.as_bytes());
            fs::write(self.folder.join("sources").join(&source), text).unwrap();
            for book in books.values_mut().filter(|book| book.contains(&source)) {
                let at = book.find("sha256 = \"").unwrap() + "sha256 = \"".len();
                book.replace_range(at..at + 64, &sha256);
            }
        }
        books
    }

    pub fn write(&mut self, books: &Books) {
        for (file, text) in books {
            if self.written.get(file) != Some(text) {
                let path = self.folder.join(file);
                fs::create_dir_all(path.parent().unwrap()).unwrap();
                fs::write(path, text).unwrap();
            }
        }
        self.written = books.clone();
    }

    /// Everything found, with file names as in [`Books`].
    pub fn check(&mut self, books: &Books) -> Vec<Finding> {
        self.write(books);
        let read =
            read_folders(&[self.folder.join("stockholm"), self.folder.join("demo")]).unwrap();
        let sources = self.folder.join("sources");
        let mut findings = all_findings(read, Some(&sources), day(KNOWN_ON));
        for finding in &mut findings {
            let path = Path::new(&finding.file);
            let path = path.strip_prefix(&self.folder).unwrap();
            finding.file = path.to_string_lossy().into_owned();
        }
        findings
    }

    pub fn facts(&self) -> Facts {
        let folders = [self.folder.join("stockholm"), self.folder.join("demo")];
        Facts(read_folders(&folders).unwrap().decisions)
    }
}

pub fn source_file(all: &[Table], file: &str) -> Option<String> {
    let mut decisions = all.iter().filter(|table| table.name == "decision" && table.file == file);
    let source = decisions.next()?.raw("source")?.to_owned();
    let (_, rest) = source.split_once("file = \"")?;
    rest.split('"').next().map(str::to_owned)
}

/// What makes two findings the same wherever their lines are.
pub fn shown(finding: &Finding) -> String {
    let text = |text: &Option<String>| text.clone().unwrap_or_else(|| "–".to_owned());
    let date = finding.witness.date.map_or_else(|| "–".to_owned(), |day| day.to_string());
    let (unit, element) = (text(&finding.witness.unit), text(&finding.witness.element));
    format!("{} | {} | {unit} | {element} | {date}", finding.code, finding.file)
}

pub fn listed(findings: &[Finding]) -> Vec<String> {
    let mut lines: Vec<String> = findings.iter().map(shown).collect();
    lines.sort();
    lines
}

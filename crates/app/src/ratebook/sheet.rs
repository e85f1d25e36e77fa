//! One file under reading: its text, its lines, and the findings made so far.
//!
//! Owns: where in the file a fault stands. Does not own: what is a fault.

use kernel::finding::{Code, Finding, Severity, Text};
use std::cell::RefCell;
use std::ops::Range;
use std::sync::Arc;

/// Something could not be read; its finding is already made.
#[derive(Clone, Copy, Debug)]
pub(super) struct Faulty;

/// The longest piece of a value that a finding repeats, in characters.
const SHOWN: usize = 80;

pub(super) struct Sheet<'a> {
    file: Arc<str>,
    text: &'a str,
    line_starts: Vec<usize>,
    findings: RefCell<Vec<Finding>>,
}

impl<'a> Sheet<'a> {
    pub(super) fn new(file: Arc<str>, text: &'a str) -> Self {
        let after_breaks = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
        let line_starts = after_breaks.map(|(at, _)| at + 1).collect();
        Self { file, text, line_starts, findings: RefCell::default() }
    }

    pub(super) fn file(&self) -> Arc<str> {
        self.file.clone()
    }

    /// The line, from 1, that the byte at `offset` stands on.
    pub(super) fn line_at(&self, offset: usize) -> u32 {
        let breaks = self.line_starts.partition_point(|start| *start <= offset);
        u32::try_from(breaks + 1).unwrap_or(u32::MAX)
    }

    /// What the file says there, on one line, shortened.
    pub(super) fn written(&self, span: Range<usize>) -> String {
        let raw = self.text.get(span).unwrap_or("");
        let words = raw.split_whitespace().collect::<Vec<_>>().join(" ");
        if words.chars().count() <= SHOWN {
            return words;
        }
        words.chars().take(SHOWN).chain(['…']).collect()
    }

    /// Notes a fault that makes the file unusable.
    pub(super) fn refuse(
        &self,
        code: Code,
        offset: usize,
        field: Option<String>,
        value: Option<String>,
        message: Text,
    ) -> Faulty {
        let place = kernel::fact::Place { file: self.file(), line: self.line_at(offset) };
        let finding = Finding::refusal(code, message).at(&place);
        self.findings.borrow_mut().push(Finding { field, value, ..finding });
        Faulty
    }

    /// Notes an id that is not kebab-case; once for each id, since tables of weights repeat it.
    pub(super) fn bad_id(&self, offset: usize, field: String, id: &str) {
        let mut findings = self.findings.borrow_mut();
        let known =
            |finding: &Finding| finding.code == Code::BadId && finding.value.as_deref() == Some(id);
        if findings.iter().any(known) {
            return;
        }
        let message = Text::new(
            format!(
                "`{id}` är inget id: skriv små bokstäver a–z, siffror och bindestreck, som `hsn-2023-01`"
            ),
            format!(
                "`{id}` is no id: write lower-case a–z, digits and hyphens, such as `hsn-2023-01`"
            ),
        );
        let place = kernel::fact::Place { file: self.file(), line: self.line_at(offset) };
        let finding = Finding::new(Code::BadId, Severity::Error, message).at(&place);
        findings.push(Finding { field: Some(field), value: Some(id.to_owned()), ..finding });
    }

    pub(super) fn into_findings(self) -> Vec<Finding> {
        let mut findings = self.findings.into_inner();
        findings.sort();
        findings
    }
}

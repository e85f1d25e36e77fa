//! The house rules that a compiler does not keep: who may use whom, what never occurs, and that the
//! documents say what the code has.
//!
//! Owns: the checks of ARCHITECTURE.md, GLOSSARY.md, DECISIONS.md and README.md against the code. Does not
//! own: what the code computes. Every check is a function from texts to faults, and has a bad text
//! that it must find.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// A text of the repository, by its path from the root.
struct Text {
    path: String,
    text: String,
}

type Faults = Vec<String>;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Every text file of the repository, sorted by path; built and imported data are no part of it.
fn repository() -> Vec<Text> {
    let (root, mut texts) = (root(), Vec::new());
    walk(&root, &root, &mut texts);
    texts.sort_by(|a, b| a.path.cmp(&b.path));
    assert!(texts.len() > 50, "the repository was not found at {}", root.display());
    texts
}

fn walk(root: &Path, folder: &Path, texts: &mut Vec<Text>) {
    const NOT_OURS: [&str; 4] = [".git", "vardkedja-data", "demo-data", "node_modules"];
    for entry in fs::read_dir(folder).expect("a folder of the repository").flatten() {
        let (path, name) = (entry.path(), entry.file_name());
        let is_built = name.to_string_lossy().starts_with("target");
        if is_built || NOT_OURS.iter().any(|other| name == *other) {
            continue;
        }
        if path.is_dir() {
            walk(root, &path, texts);
        } else if let Ok(text) = fs::read_to_string(&path) {
            let path = path.strip_prefix(root).expect("a path below the root");
            texts.push(Text { path: path.to_string_lossy().into_owned(), text });
        }
    }
}

fn document(name: &str) -> String {
    fs::read_to_string(root().join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

fn rust(texts: &[Text]) -> impl Iterator<Item = &Text> {
    texts.iter().filter(|file| file.path.ends_with(".rs"))
}

fn sources_of<'t>(texts: &'t [Text], name: &str) -> Vec<&'t Text> {
    let folder = format!("crates/{name}/src/");
    rust(texts).filter(|file| file.path.starts_with(&folder)).collect()
}

/// Lines that are not wholly a comment, with their numbers.
fn code_lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let numbered = (1..).zip(text.lines());
    numbered.filter(|(_, line)| !line.trim_start().starts_with("//"))
}

fn words(line: &str) -> impl Iterator<Item = &str> {
    line.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').filter(|word| !word.is_empty())
}

/// The identifiers that follow `mark` in a text.
fn after<'t>(text: &'t str, mark: &str) -> Vec<&'t str> {
    text.split(mark)
        .skip(1)
        .filter_map(|rest| words(rest.get(..rest.len().min(80))?).next())
        .collect()
}

/// Cells of the rows of a Markdown table whose first cell begins with a backtick.
fn table_rows(section: &str) -> Vec<Vec<&str>> {
    let rows = section.lines().filter(|line| line.starts_with("| `"));
    rows.map(|row| row.trim_matches('|').split('|').map(str::trim).collect()).collect()
}

fn in_backticks(text: &str) -> Vec<&str> {
    text.split('`').skip(1).step_by(2).collect()
}

fn section<'t>(text: &'t str, heading: &str) -> &'t str {
    let from = text.find(heading).map_or("", |at| &text[at + heading.len()..]);
    from.find("\n## ").map_or(from, |end| &from[..end])
}

fn assert_none(faults: &Faults) {
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

// Who may use whom.

/// Package names in the dependency tables of a manifest; those of tests only if asked for.
fn dependencies(manifest: &str, of_tests: bool) -> BTreeSet<&str> {
    let (mut names, mut wanted) = (BTreeSet::new(), false);
    for line in manifest.lines() {
        if let Some(table) = line.trim().strip_prefix('[') {
            let table = table.trim_end_matches(']');
            let kind = table.rsplit_once("dependencies").map(|(before, _)| before);
            wanted = kind.is_some_and(|before| of_tests == before.ends_with("dev-"));
            if let (true, Some((_, name))) = (wanted, table.split_once("dependencies.")) {
                names.insert(name);
                wanted = false;
            }
        } else if let (true, Some((name, _))) = (wanted, line.split_once('=')) {
            names.insert(name.trim().trim_end_matches(".workspace"));
        }
    }
    names
}

/// Dependencies among our own crates, and the one crate that takes none at all.
fn check_crates(manifests: &BTreeMap<String, String>) -> Faults {
    let allowed: BTreeMap<&str, &[&str]> = BTreeMap::from([
        ("kernel", &[][..]),
        ("store", &["kernel"]),
        ("bulk", &["kernel"]),
        ("documents", &["kernel"]),
        ("follow", &["kernel"]),
        ("app", &["kernel", "store", "bulk", "documents", "follow"]),
    ]);
    let mut faults = Faults::new();
    for (name, manifest) in manifests {
        let Some(allowed) = allowed.get(name.as_str()) else {
            faults.push(format!("crates/{name} is not in the plan of the house"));
            continue;
        };
        for dependency in dependencies(manifest, false) {
            let ours = manifests.contains_key(dependency);
            if (ours || name == "kernel") && !allowed.contains(&dependency) {
                faults.push(format!("`{name}` must not depend on `{dependency}`"));
            }
        }
    }
    faults
}

/// Every dependency from outside is named in DECISIONS.md, with what it saves and costs.
fn check_decided(manifests: &BTreeMap<String, String>, decisions: &str) -> Faults {
    let decided: BTreeSet<&str> = in_backticks(decisions).into_iter().collect();
    let mut faults = Faults::new();
    for (name, manifest) in manifests {
        let both = [false, true].map(|of_tests| dependencies(manifest, of_tests));
        for dependency in both.iter().flatten() {
            if !manifests.contains_key(*dependency) && !decided.contains(dependency) {
                faults.push(format!("`{name}` uses `{dependency}`: DECISIONS.md does not say why"));
            }
        }
    }
    faults
}

fn manifests(texts: &[Text]) -> BTreeMap<String, String> {
    let ours = texts.iter().filter_map(|file| {
        let name = file.path.strip_prefix("crates/")?.strip_suffix("/Cargo.toml")?;
        Some((name.to_owned(), file.text.clone()))
    });
    ours.collect()
}

/// The rooms of the kernel as ARCHITECTURE.md lists them: name, and the rooms it uses.
fn documented_rooms(architecture: &str) -> Vec<(String, BTreeSet<String>)> {
    let rows = table_rows(section(architecture, "## Rooms of the kernel"));
    let room = |row: &Vec<&str>| {
        let uses = row.get(1).map_or_else(Vec::new, |cell| in_backticks(cell));
        let name = in_backticks(row.first()?).first().copied()?;
        Some((name.to_owned(), uses.into_iter().map(str::to_owned).collect()))
    };
    rows.iter().filter_map(room).collect()
}

/// The room that a file of the kernel belongs to; what judges a register is a room above prices.
fn room_of(path: &str) -> String {
    let inside = path.trim_start_matches("crates/kernel/src/").trim_end_matches(".rs");
    let judges = ["register/check", "register/clash"].iter().any(|part| inside.starts_with(part));
    let room = if judges { "register::check" } else { inside.split('/').next().unwrap_or("") };
    room.to_owned()
}

/// The rooms that each room uses outside its tests.
fn used_rooms(files: &[&Text]) -> BTreeMap<String, BTreeSet<String>> {
    let mut used: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for file in files.iter().filter(|file| !file.path.ends_with("/lib.rs")) {
        let room = room_of(&file.path);
        let text = file.text.split("#[cfg(test)]").next().unwrap_or("");
        let code: String = code_lines(text).flat_map(|(_, line)| [line, "\n"]).collect();
        let mut names: Vec<String> =
            after(&code, "crate::").into_iter().map(str::to_owned).collect();
        for part in ["check", "clash"] {
            if code.contains(&format!("register::{part}"))
                || code.contains(&format!("self::{part}::"))
            {
                names.push("register::check".to_owned());
            }
        }
        let uses = used.entry(room.clone()).or_default();
        uses.extend(names.into_iter().filter(|name| *name != room));
    }
    used
}

/// The documented edges are the real ones, and each room uses only rooms listed above it.
fn check_rooms(files: &[&Text], architecture: &str) -> Faults {
    let (documented, used) = (documented_rooms(architecture), used_rooms(files));
    let mut faults = Faults::new();
    let mut above: BTreeSet<&str> = BTreeSet::new();
    for (room, uses) in &documented {
        let real = used.get(room).cloned().unwrap_or_default();
        for name in real.difference(uses) {
            faults.push(format!("`{room}` uses `{name}`, which ARCHITECTURE.md does not allow"));
        }
        for name in uses.difference(&real) {
            faults.push(format!("`{room}` does not use `{name}`, though ARCHITECTURE.md says so"));
        }
        for name in uses.iter().filter(|name| !above.contains(name.as_str())) {
            faults.push(format!("`{room}` uses `{name}`, which does not stand above it"));
        }
        above.insert(room);
    }
    for room in used.keys().filter(|room| !above.contains(room.as_str())) {
        faults.push(format!("ARCHITECTURE.md has no room `{room}`"));
    }
    faults
}

#[test]
fn crates_depend_as_planned() {
    let texts = repository();
    assert_none(&check_crates(&manifests(&texts)));
    assert_none(&check_decided(&manifests(&texts), &document("DECISIONS.md")));
}

#[test]
fn rooms_use_the_rooms_above_them() {
    let texts = repository();
    assert_none(&check_rooms(&sources_of(&texts, "kernel"), &document("ARCHITECTURE.md")));
}

#[test]
fn a_wrong_dependency_is_found() {
    let manifest = |text: &str| text.to_owned();
    let manifests = BTreeMap::from([
        (
            "kernel".to_owned(),
            manifest("[dependencies]\nserde = \"1\"\n[dev-dependencies]\njiff = \"0\"\n"),
        ),
        ("store".to_owned(), manifest("[dependencies]\nbulk.workspace = true\n")),
        (
            "bulk".to_owned(),
            manifest("[package]\nname = \"bulk\"\n[dependencies.store]\npath = \"x\"\n"),
        ),
        ("extra".to_owned(), manifest("")),
    ]);
    assert_eq!(
        check_crates(&manifests),
        [
            "`bulk` must not depend on `store`",
            "crates/extra is not in the plan of the house",
            "`kernel` must not depend on `serde`",
            "`store` must not depend on `bulk`",
        ]
    );
    assert_eq!(
        check_decided(&manifests, "`serde` saves much"),
        ["`kernel` uses `jiff`: DECISIONS.md does not say why"]
    );
}

#[test]
fn a_wrong_edge_is_found() {
    let file = |path: &str, text: &str| Text { path: path.to_owned(), text: text.to_owned() };
    let money =
        file("crates/kernel/src/money.rs", "//! Not crate::price.\nuse crate::settle::X;\n");
    let settle = file("crates/kernel/src/settle/a.rs", "#[cfg(test)]\nuse crate::money::Money;\n");
    let clash = file("crates/kernel/src/register/clash.rs", "use crate::money::Money;\n");
    let table = "## Rooms of the kernel\n| `money` | | |\n| `settle` | `money`, `time` | |\n";
    assert_eq!(
        check_rooms(&[&money, &settle, &clash], table),
        [
            "`money` uses `settle`, which ARCHITECTURE.md does not allow",
            "`settle` does not use `money`, though ARCHITECTURE.md says so",
            "`settle` does not use `time`, though ARCHITECTURE.md says so",
            "`settle` uses `time`, which does not stand above it",
            "ARCHITECTURE.md has no room `register::check`",
        ]
    );
}

// What never occurs.

/// Words that no code line of these files may have.
fn check_never<'t>(files: impl IntoIterator<Item = &'t Text>, never: &[&str]) -> Faults {
    let mut faults = Faults::new();
    for file in files {
        for (number, line) in code_lines(&file.text) {
            for word in words(line).filter(|word| never.contains(word)) {
                faults.push(format!("{}:{number}: `{word}`", file.path));
            }
        }
    }
    faults
}

/// Whether a path of `std` that reaches outside occurs.
fn check_std(files: &[&Text]) -> Faults {
    const OUTSIDE: [&str; 8] = ["fs", "net", "env", "process", "thread", "io", "os", "path"];
    let mut faults = Faults::new();
    for file in files {
        for (number, line) in code_lines(&file.text) {
            for name in after(line, "std::").into_iter().filter(|name| OUTSIDE.contains(name)) {
                faults.push(format!("{}:{number}: `std::{name}`", file.path));
            }
        }
    }
    faults
}

fn check_module_docs<'t>(files: impl Iterator<Item = &'t Text>) -> Faults {
    let bare = files.filter(|file| !file.text.starts_with("//! "));
    bare.map(|file| format!("{} says not what it owns", file.path)).collect()
}

/// rustfmt keeps code to 100 columns, but neither comments nor texts for people; a text may be longer.
const LONGEST_LINE: usize = 140;

fn check_line_lengths<'t>(files: impl Iterator<Item = &'t Text>) -> Faults {
    let mut faults = Faults::new();
    for file in files {
        for (number, line) in (1..).zip(file.text.lines()) {
            let has_text = line.contains('"') && !line.trim_start().starts_with("//");
            if line.chars().count() > LONGEST_LINE && !has_text {
                faults.push(format!("{}:{number}: more than {LONGEST_LINE} columns", file.path));
            }
        }
    }
    faults
}

/// Absolute paths of somebody's machine. The marks are put together here so that this file has none.
fn check_machine_paths(texts: &[Text]) -> Faults {
    let marks = ["home", "root", "work", "tmp", "Users", "mnt"].map(|folder| format!("/{folder}/"));
    let mut faults = Faults::new();
    for file in texts {
        for (number, line) in (1..).zip(file.text.lines()) {
            let begins_path = |at: usize| {
                let before = line[..at].chars().next_back();
                before.is_none_or(|c| c.is_whitespace() || "\"'`(=:,[".contains(c))
            };
            for mark in &marks {
                if line.match_indices(mark.as_str()).any(|(at, _)| begins_path(at)) {
                    faults.push(format!("{}:{number}: a path of one machine ({mark}…)", file.path));
                }
            }
        }
    }
    faults
}

#[test]
fn the_kernel_reaches_nothing_outside() {
    let texts = repository();
    let kernel = sources_of(&texts, "kernel");
    let never = ["async", "await", "f32", "f64", "println", "print", "eprintln", "dbg"];
    assert_none(&check_never(kernel.iter().copied(), &never));
    assert_none(&check_never(kernel.iter().copied(), &["SystemTime", "Instant", "include_str"]));
    assert_none(&check_std(&kernel));
}

#[test]
fn heavy_libraries_have_one_home_each() {
    let texts = repository();
    for (library, home) in [("sqlx", "crates/store/"), ("parquet", "crates/bulk/")] {
        // The CLI may say that a file is Parquet; only the home calls the library.
        let path = format!("{library}::");
        let others = rust(&texts).filter(|file| !file.path.starts_with(home));
        let calls =
            others.filter(|file| code_lines(&file.text).any(|(_, line)| line.contains(&path)));
        let this = |file: &&Text| !file.path.ends_with("tests/architecture.rs");
        let faults: Faults = calls.filter(this).map(|file| file.path.clone()).collect();
        assert_none(&faults);
        for (name, manifest) in manifests(&texts) {
            let has = [false, true].map(|tests| dependencies(&manifest, tests).contains(library));
            assert!(
                !has.contains(&true) || home.contains(&name),
                "`{name}` depends on `{library}`"
            );
        }
    }
}

#[test]
fn sources_keep_the_house_style() {
    let texts = repository();
    let word = ["un", "safe"].concat();
    assert_none(&check_never(rust(&texts), &[&word]));
    assert_none(&check_module_docs(rust(&texts)));
    assert_none(&check_line_lengths(rust(&texts)));
    assert_none(&check_machine_paths(&texts));
}

#[test]
fn what_never_occurs_is_found() {
    let file = |text: &str| Text { path: "x.rs".to_owned(), text: text.to_owned() };
    let bad = file(
        "//! async in a doc\nlet share = 0.5_f64 as f64;\nuse std::fs::File;\nstd::io::stdin();\n",
    );
    assert_eq!(check_never([&bad], &["async", "f64"]), ["x.rs:2: `f64`"]);
    assert_eq!(check_std(&[&bad]), ["x.rs:3: `std::fs`", "x.rs:4: `std::io`"]);
    assert_eq!(check_module_docs([file("use x;\n")].iter()), ["x.rs says not what it owns"]);
    let long = "å".repeat(LONGEST_LINE);
    let lines = [file(&format!("// \"{long}\"")), file(&format!("say(\"{long}\")"))];
    assert_eq!(check_line_lengths(lines.iter()).len(), 1);
    let folder = ["/ho", "me/me/data"].concat();
    let paths = [file(&format!("see `{folder}`")), file(&format!("https://example.org{folder}"))];
    assert_eq!(check_machine_paths(&paths).len(), 1);
}

// The documents say what there is.

/// A ratebook file is a decision with its source, or says that it has none.
fn check_ratebook(file: &Text) -> Faults {
    let head = file.text.split("\n[[").next().unwrap_or("");
    let decision = head.split("[decision]").nth(1);
    let has = |key: &str| {
        decision.is_some_and(|decision| decision.lines().any(|line| line.starts_with(key)))
    };
    let mut faults = Faults::new();
    if decision.is_none() {
        faults.push(format!("{} is of no decision", file.path));
    } else if !(has("source = {") || has("unverified = [") || has("illustrative = true")) {
        faults.push(format!("{} names no source and does not say so", file.path));
    }
    faults
}

/// Names of the glossary stand in the code; those marked *later* do not, yet.
fn check_glossary(glossary: &str, files: &[&Text]) -> Faults {
    let code: BTreeSet<&str> = files
        .iter()
        .flat_map(|file| code_lines(&file.text))
        .flat_map(|(_, line)| words(line))
        .collect();
    let mut faults = Faults::new();
    for row in table_rows(glossary) {
        let is_later = row.last() == Some(&"later");
        let names = row.first().map_or_else(Vec::new, |cell| in_backticks(cell));
        for name in names.into_iter().flat_map(words) {
            if code.contains(name) == is_later {
                let what = if is_later { "is in the code already" } else { "is not in the code" };
                faults.push(format!("GLOSSARY.md: `{name}` {what}"));
            }
        }
    }
    faults
}

/// The first words of every command of ours in the fenced blocks of a document.
fn commands(document: &str) -> BTreeSet<&str> {
    let blocks = document.split("```").skip(1).step_by(2);
    let lines = blocks.flat_map(str::lines).map(|line| line.trim_start_matches("$ "));
    let ours = lines.filter_map(|line| {
        let arguments = line
            .strip_prefix("vardkedja ")
            .or_else(|| line.strip_prefix("cargo run --release -- "))?;
        arguments.split_whitespace().next()
    });
    ours.collect()
}

/// Commands that the help text does not list.
fn check_commands(document: &str, help: &str) -> Faults {
    let listed: BTreeSet<&str> = help
        .lines()
        .filter_map(|line| line.strip_prefix("  ")?.split_whitespace().next())
        .collect();
    let missing = commands(document).into_iter().filter(|command| !listed.contains(command));
    missing.map(|command| format!("there is no command `{command}`")).collect()
}

#[test]
fn every_ratebook_file_cites_its_decision() {
    let texts = repository();
    let files = texts.iter().filter(|file| file.path.starts_with("ratebook/"));
    let files: Vec<&Text> = files.filter(|file| file.path.ends_with(".toml")).collect();
    assert!(files.len() > 10, "the ratebooks were not found");
    assert_none(&files.into_iter().flat_map(check_ratebook).collect());
}

#[test]
fn the_glossary_names_what_the_code_names() {
    let texts = repository();
    let code: Vec<&Text> = ["kernel", "store", "bulk", "documents", "follow", "app"]
        .iter()
        .flat_map(|name| sources_of(&texts, name))
        .collect();
    let glossary = document("GLOSSARY.md");
    assert!(table_rows(&glossary).len() > 20, "the table was not found");
    assert_none(&check_glossary(&glossary, &code));
}

#[test]
fn the_readme_shows_commands_that_exist() {
    let readme = document("README.md");
    assert!(commands(&readme).contains("demo"), "the main job is shown");
    for script in ["check", ".ci/run"] {
        assert!(root().join(script).is_file(), "{script}");
    }
    let program = env!("CARGO_BIN_EXE_vardkedja");
    let help = std::process::Command::new(program).args(["--lang", "en", "--help"]).output();
    let help = String::from_utf8(help.expect("the program runs").stdout).expect("UTF-8");
    assert_none(&check_commands(&readme, &help));
}

#[test]
fn a_document_that_says_too_much_is_found() {
    let file = |text: &str| Text { path: "x".to_owned(), text: text.to_owned() };
    let faults = |text: &str| check_ratebook(&file(text)).len();
    assert_eq!(faults("[decision]\nid = \"a\"\nsource = { title = \"t\" }\n"), 0);
    assert_eq!(faults("[decision]\nid = \"a\"\n\n[[rate]]\nillustrative = true\n"), 1);
    assert_eq!(faults("[[rate]]\nid = \"a\"\n"), 1);
    let glossary = "| `Money`, `Gold` | pengar | |\n| `Day` | dag | later |\n";
    let code = file("struct Money(i64);\nstruct Day(i32);\n// Gold\n");
    assert_eq!(
        check_glossary(glossary, &[&code]),
        ["GLOSSARY.md: `Gold` is not in the code", "GLOSSARY.md: `Day` is in the code already"]
    );
    let readme =
        "```\ncargo run --release -- demo\n$ vardkedja invent --all\n```\nvardkedja text\n";
    assert_eq!(
        check_commands(readme, "Commands:\n  demo  Shows\n"),
        ["there is no command `invent`"]
    );
}

//! What is kept comes back, in order, and is never changed.

use crate::files::{self, Shelf};
use crate::*;
use kernel::money::Money;
use kernel::time::{Day, Month};
use sqlx::Executor;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};

/// Runs a test on both engines.
macro_rules! on_both {
    ($name:ident) => {
        mod $name {
            use crate::tests::On;

            #[tokio::test]
            async fn on_sqlite() {
                super::$name(On::Sqlite).await;
            }

            #[tokio::test]
            async fn on_postgres() {
                super::$name(On::Postgres).await;
            }
        }
    };
}

mod compartments;
mod copies;
mod guarded;
mod inputs;
mod persons;
mod postgres;
mod server;

/// The engine that a test runs on.
#[derive(Clone, Copy)]
enum On {
    Sqlite,
    Postgres,
}

/// A folder of its own for each test, gone at the end, and where its rows are kept.
struct Folder(PathBuf, Database);

impl Folder {
    fn new(on: On) -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let next = NEXT.fetch_add(1, Ordering::Relaxed);
        let folder = std::env::temp_dir().join(format!("vårdkedja {} {next}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let database = match on {
            On::Sqlite => Database::InFolder,
            On::Postgres => {
                let url = server::server().fresh(&format!("store-{next}"));
                Database::Postgres(Address::parse(&url).unwrap())
            }
        };
        Self(folder, database)
    }

    async fn create(&self) -> Store {
        Store::create(&self.0, &self.1).await.unwrap()
    }

    async fn open(&self) -> Store {
        Store::open(&self.0, &self.1).await.unwrap()
    }

    async fn refused(&self) -> StoreError {
        Store::open(&self.0, &self.1).await.unwrap_err()
    }

    /// With the tables of the first forms, and what an earlier version kept in them.
    async fn of_earlier_form(on: On, forms: usize, kept: &'static str) -> Self {
        let folder = Self::new(on);
        let pool = match &folder.1 {
            Database::InFolder => {
                engine::open_file(&folder.0.join("vardkedja.sqlite"), "rwc").await.unwrap()
            }
            Database::Postgres(address) => engine::open_server(address).await.unwrap(),
        };
        for form in &database::FORMS[..forms] {
            pool.execute(sqlx::raw_sql(*form)).await.unwrap();
        }
        pool.execute(sqlx::raw_sql(kept)).await.unwrap();
        if let Database::Postgres(address) = &folder.1 {
            // No earlier version used a server, so the folder and the database are made to belong together here.
            database::bring_up(&pool, engine::Engine::Postgres, None).await.unwrap();
            let home = home::remember(&folder.0, address).unwrap();
            let mut transaction = pool.begin().await.unwrap();
            home::claim(&mut transaction, &home.id).await.unwrap();
            transaction.commit().await.unwrap();
        }
        pool.close().await;
        folder
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _gone = std::fs::remove_dir_all(&self.0);
    }
}

fn day(text: &str) -> Day {
    Day::parse(text).unwrap()
}

fn decision(id: &str, recorded_on: &str) -> NewRevision {
    NewRevision {
        recorded_on: day(recorded_on),
        decision_id: id.into(),
        known_from: day("2023-01-31"),
        file: format!("{id}.toml"),
        body: format!("[decision]\nid = \"{id}\" # å\n"),
    }
}

fn batch(source: &str) -> NewBatch {
    NewBatch {
        source_sha256: files::sha256(source.as_bytes()),
        file: files::sha256(b"parquet"),
        name: "februari.csv".into(),
        origin: Origin::Synthetic,
        accepted: 10,
        imported_on: day("2023-03-01"),
    }
}

fn settlement(id: &str) -> NewSettlement {
    NewSettlement {
        id: id.into(),
        month: Month::parse("2023-02").unwrap(),
        settled_on: day("2023-03-03"),
        revision: 1,
        batches: 1,
        cutoff: day("2023-03-01"),
        through: day("2023-02-28"),
        engine: "0.1.0".into(),
        lines_hash: files::sha256(b"lines"),
        origin: Origin::Reported,
        total: Money::from_kronor(14_200),
        lines: 1,
    }
}

fn posting(account: &str, kronor: i64) -> Posting {
    Posting {
        account: account.into(),
        unit: "bbsg".into(),
        element: "continuity-add-on".into(),
        payer: "hsn".into(),
        payee: "capio".into(),
        care_month: Month::parse("2023-02"),
        cause: "current".into(),
        decision: "hsn-2023-01-raise".into(),
        financing: String::new(),
        amount: Money::from_kronor(kronor),
    }
}

fn entries() -> Vec<NewEntry> {
    let postings = vec![posting("cost", 14_200), posting("debt", -14_200)];
    let entry = NewEntry { unit: "bbsg".into(), text: "februari 2023".into(), postings };
    vec![entry.clone(), entry]
}

fn deed(kind: &str, subject: &str, entries: Vec<NewEntry>) -> NewDeed {
    let row = DeedRow {
        settlement: subject.into(),
        unit: "bbsg".into(),
        payee: "capio".into(),
        amount: Money::from_kronor(28_400),
        ..DeedRow::default()
    };
    NewDeed {
        kind: kind.into(),
        subject: subject.into(),
        by: "anna".into(),
        on: day("2023-03-03"),
        due: None,
        note: "å".into(),
        rows: vec![row],
        entries,
    }
}

async fn book(
    store: &Store,
    settlement: &NewSettlement,
    entries: &[NewEntry],
    expected_last: i64,
) -> Result<i64, StoreError> {
    let deed = deed("book", &settlement.id, entries.to_vec());
    store.append_deed(&deed, Brings::Settlement(settlement), expected_last).await
}

on_both!(a_folder_is_begun_once_and_opened_again);
async fn a_folder_is_begun_once_and_opened_again(on: On) {
    let Folder(folder, database) = &Folder::new(on);
    let new = &folder.join("new");
    let refused = Store::open(new, database).await.unwrap_err();
    assert!(matches!(refused, StoreError::NotThere { .. }));
    Store::create(new, database).await.unwrap().close().await;
    Store::open(new, database).await.unwrap();
    let refused = Store::create(new, database).await.unwrap_err();
    assert!(matches!(refused, StoreError::AlreadyThere { .. }));
}

on_both!(a_database_of_another_form_is_refused);
async fn a_database_of_another_form_is_refused(on: On) {
    let folder = Folder::new(on);
    let store = folder.create().await;
    store.pool().execute("INSERT INTO form (version) VALUES (99)").await.unwrap();
    store.close().await;
    let refused = folder.refused().await;
    assert!(refused.to_string().contains("has form 99, this version reads form 7"), "{refused}");
}

on_both!(a_folder_of_the_first_form_gets_what_it_lacks);
async fn a_folder_of_the_first_form_gets_what_it_lacks(on: On) {
    let kept = "INSERT INTO batch VALUES (1, 'a', 'b', 'old.csv', 'reported', 1, 0, 1, '2023-03-01'); \
        INSERT INTO rejected_row VALUES (1, 1, 7, 'bad-value', 'kind', 'x')";
    let folder = Folder::of_earlier_form(on, 1, kept).await;
    let store = folder.open().await;
    let row = RejectedRow {
        line: 7,
        code: "bad-value".into(),
        field: "kind".into(),
        value: "x".into(),
        about: None,
    };
    assert_eq!(store.rejected_rows().await.unwrap(), [(1, row)]);
    assert_eq!(store.append_batch(&batch("new"), &[], &[]).await.unwrap(), 2);
    store.close().await;
    folder.open().await;
}

on_both!(what_was_booked_in_an_earlier_form_becomes_a_deed);
async fn what_was_booked_in_an_earlier_form_becomes_a_deed(on: On) {
    let old = "INSERT INTO settlement VALUES (1, 'a-2023-02-1', '2023-02', '2023-03-03', 1, 1, \
        '2023-03-01', '2023-02-28', '0.1.0', 'hash', 'reported', 1420000, 1); \
        INSERT INTO entry VALUES (1, 1, 'bbsg', 'februari 2023'); \
        INSERT INTO posting VALUES (1, 1, 1, 'care-cost', 'bbsg', 'e', 'hsn', 'capio', '2023-02', \
        'current', 1420000), (1, 1, 2, 'owed-to-provider', 'bbsg', 'e', 'hsn', 'capio', '2023-02', \
        'current', -1420000);";
    let folder = Folder::of_earlier_form(on, 2, old).await;
    let store = folder.open().await;
    let deeds = store.deeds().await.unwrap();
    let told: Vec<_> = deeds.iter().map(|d| (d.kind.as_str(), d.subject.as_str())).collect();
    assert_eq!(told, [("book", "a-2023-02-1")]);
    assert_eq!(deeds[0].rows[0].amount, Money::from_kronor(14_200));
    let entries = store.entries_of(1).await.unwrap();
    assert_eq!((entries.len(), entries[0].postings.len()), (1, 2));
    assert_eq!(store.settlements().await.unwrap()[0].booked.id, "a-2023-02-1");
    let chain = store.chain().await.unwrap();
    assert_eq!((chain.links, chain.broken), (1, vec![]));
    let done = store.pool().execute("UPDATE posting SET amount_ore = 0").await;
    assert!(done.unwrap_err().to_string().contains("is never changed"));
}

on_both!(deeds_come_back_in_turn_with_what_they_are_about);
async fn deeds_come_back_in_turn_with_what_they_are_about(on: On) {
    let folder = Folder::new(on);
    let store = folder.create().await;
    let draft = deed("draft", "u-1", Vec::new());
    store.append_deed(&draft, Brings::Draft(&settlement("u-1")), 0).await.unwrap();
    book(&store, &settlement("a"), &entries(), 1).await.unwrap();
    let refused = store.append_deed(&draft, Brings::Nothing, 1).await.unwrap_err();
    assert!(matches!(refused, StoreError::Stale { expected: 1, found: 2 }), "{refused}");
    assert_eq!(store.drafts().await.unwrap(), [Settlement { seq: 1, booked: settlement("u-1") }]);
    let deeds = store.deeds().await.unwrap();
    assert_eq!((deeds.len(), deeds[0].rows.clone()), (2, draft.rows));
    assert_eq!((deeds[1].kind.as_str(), deeds[1].by.as_str()), ("book", "anna"));
    assert_eq!(store.postings().await.unwrap(), store.postings_of(2).await.unwrap());
}

/// A store with one of everything that is linked.
async fn linked(folder: &Folder) -> Store {
    let store = folder.create().await;
    store.append_decisions(&[decision("a", "2023-02-02")]).await.unwrap();
    store.append_batch(&batch("a"), &[], &[]).await.unwrap();
    book(&store, &settlement("a"), &entries(), 0).await.unwrap();
    store.append_access(&Access { by: "bo".into(), ..Access::default() }).await.unwrap();
    store
}

on_both!(the_access_log_is_found_by_time_and_by_action);
async fn the_access_log_is_found_by_time_and_by_action(on: On) {
    let folder = Folder::new(on);
    let store = folder.create().await;
    let rows = [
        ("2026-10-31T23:59:59Z", "import", "anna"),
        ("2026-11-01T00:00:00Z", "findings", "bo"),
        ("2026-11-30T23:59:59Z", "import", "anna"),
    ];
    for (at, action, by) in rows {
        let (at, action, by) = (at.into(), action.into(), by.into());
        let access = Access { at, action, by, rows: 1, ..Access::default() };
        store.append_access(&access).await.unwrap();
    }
    let numbers =
        async |from, until, by| store.access_numbers(Meant { from, until, by }).await.unwrap();
    assert_eq!(numbers("2026-11-01", "2026-12-01", "").await, [2, 3]);
    assert_eq!(numbers("2026-10-31", "2026-11-01", "").await, [1]);
    assert_eq!(numbers("2026-11-30", "2026-12-01", "").await, [3]);
    assert_eq!(numbers("2026-11-01", "2026-12-01", "bo").await, [2]);
    let told =
        |found: Vec<(i64, Access)>| found.into_iter().map(|(seq, _)| seq).collect::<Vec<_>>();
    let all = Meant { from: "2026", until: "2027", by: "" };
    assert_eq!(told(store.last_accesses(all, 2).await.unwrap()), [3, 2]);
    assert_eq!(told(store.accesses().await.unwrap()), [1, 2, 3]);
    assert_eq!(told(store.accesses_of("import").await.unwrap()), [1, 3]);
    assert_eq!(store.access(2).await.unwrap().map(|(_, one)| one.by), Some("bo".to_owned()));
    assert!(store.access(4).await.unwrap().is_none());
}

on_both!(decisions_become_revisions_in_order);
async fn decisions_become_revisions_in_order(on: On) {
    let folder = Folder::new(on);
    let store = folder.create().await;
    let first = [decision("a", "2023-02-01"), decision("b", "2023-02-01")];
    assert_eq!(store.append_decisions(&first).await.unwrap(), 2);
    assert_eq!(store.append_decisions(&[decision("c", "2023-02-02")]).await.unwrap(), 3);
    store.close().await;
    let store = folder.open().await;
    let revisions = store.revisions().await.unwrap();
    let told: Vec<_> = revisions.iter().map(|r| (r.revision, r.decision_id.as_str())).collect();
    assert_eq!(told, [(1, "a"), (2, "b"), (3, "c")]);
    assert_eq!(revisions[0].body, first[0].body);
    assert_eq!(revisions[2].recorded_on, day("2023-02-02"));
    assert_eq!(revisions[2].known_from, day("2023-01-31"));
}

on_both!(what_was_known_is_never_rewritten);
async fn what_was_known_is_never_rewritten(on: On) {
    let folder = Folder::new(on);
    let store = folder.create().await;
    store.append_decisions(&[decision("a", "2023-02-02")]).await.unwrap();
    let refused = store
        .append_decisions(&[decision("b", "2023-02-02"), decision("c", "2023-02-01")])
        .await
        .unwrap_err();
    assert!(matches!(refused, StoreError::RecordedBefore { .. }), "{refused}");
    let refused = store.append_decisions(&[decision("a", "2023-02-02")]).await.unwrap_err();
    assert!(matches!(refused, StoreError::DecisionTwice { revision: 1, .. }), "{refused}");
    let twice = [decision("d", "2023-02-02"), decision("d", "2023-02-02")];
    let refused = store.append_decisions(&twice).await.unwrap_err();
    assert!(matches!(refused, StoreError::DecisionTwice { revision: 2, .. }), "{refused}");
    assert_eq!(store.revisions().await.unwrap().len(), 1);
}

on_both!(a_batch_is_listed_once_with_its_rejected_rows);
async fn a_batch_is_listed_once_with_its_rejected_rows(on: On) {
    let folder = Folder::new(on);
    let store = folder.create().await;
    let rejected: Vec<RejectedRow> = (0..120)
        .map(|i| RejectedRow {
            line: i + 2,
            code: "bad-value".into(),
            field: "kind".into(),
            value: format!("x{i}"),
            about: Some(RejectedContact {
                contact_id: format!("K{i}"),
                unit: "danderyd".into(),
                report: "new".into(),
                reported_on: (i % 2 == 0).then(|| day("2023-02-28")),
                care_date: None,
            }),
        })
        .collect();
    let warned = [WarnedRow {
        line: 9,
        code: "implausible-age".into(),
        contact_id: "K9".into(),
        value: "0".into(),
    }];
    assert_eq!(store.append_batch(&batch("a"), &rejected, &warned).await.unwrap(), 1);
    assert_eq!(store.append_batch(&batch("b"), &[], &[]).await.unwrap(), 2);
    let refused = store.append_batch(&batch("a"), &[], &[]).await.unwrap_err();
    assert!(matches!(refused, StoreError::BatchTwice { batch: 1, .. }), "{refused}");
    let batches = store.batches().await.unwrap();
    assert_eq!((batches[0].rows, batches[0].accepted, batches[0].rejected), (130, 10, 120));
    assert_eq!((batches[1].seq, batches[1].origin), (2, Origin::Synthetic));
    let of_first = |rows: &[RejectedRow]| -> Vec<(i64, RejectedRow)> {
        rows.iter().map(|row| (1, row.clone())).collect()
    };
    assert_eq!(store.rejected_rows().await.unwrap(), of_first(&rejected));
    assert_eq!(store.warned_rows().await.unwrap(), warned.map(|row| (1, row)));
}

on_both!(a_settlement_is_booked_whole);
async fn a_settlement_is_booked_whole(on: On) {
    let folder = Folder::new(on);
    let store = folder.create().await;
    assert_eq!(book(&store, &settlement("2023-02"), &entries(), 0).await.unwrap(), 1);
    let booked = store.settlements().await.unwrap();
    assert_eq!(booked, [Settlement { seq: 1, booked: settlement("2023-02") }]);
    assert_eq!(store.entries_of(1).await.unwrap(), entries());
    let postings = store.postings_of(1).await.unwrap();
    assert_eq!(
        postings.iter().map(|p| (p.entry, p.no)).collect::<Vec<_>>(),
        [(1, 1), (1, 2), (2, 1), (2, 2)]
    );
    assert_eq!(store.postings_of(2).await.unwrap(), []);
}

on_both!(what_does_not_balance_or_is_out_of_turn_is_not_booked);
async fn what_does_not_balance_or_is_out_of_turn_is_not_booked(on: On) {
    let folder = Folder::new(on);
    let store = folder.create().await;
    let mut unbalanced = entries();
    unbalanced[1].postings[0].amount = Money::from_ore(1);
    let refused = book(&store, &settlement("a"), &unbalanced, 0).await.unwrap_err();
    assert!(
        matches!(refused, StoreError::Unbalanced { entry: 2, sum: -1_419_999, .. }),
        "{refused}"
    );
    let refused = book(&store, &settlement("a"), &entries(), 1).await.unwrap_err();
    assert!(matches!(refused, StoreError::Stale { expected: 1, found: 0 }), "{refused}");
    book(&store, &settlement("a"), &entries(), 0).await.unwrap();
    let refused = book(&store, &settlement("a"), &entries(), 1).await.unwrap_err();
    assert!(matches!(refused, StoreError::SettlementTwice { .. }), "{refused}");
    assert_eq!(store.settlements().await.unwrap().len(), 1);
}

on_both!(of_two_that_book_at_once_one_is_refused);
async fn of_two_that_book_at_once_one_is_refused(on: On) {
    let folder = Folder::new(on);
    let one = folder.create().await;
    let two = folder.open().await;
    let (a, b) = (settlement("a"), settlement("b"));
    let entries = entries();
    let both = [book(&one, &a, &entries, 0), book(&two, &b, &entries, 0)];
    let [first, second] = both;
    let (first, second) = tokio::join!(first, second);
    let results = [first, second];
    assert_eq!(results.iter().filter(|result| result.is_ok()).count(), 1);
    let refused = results.iter().find_map(|result| result.as_ref().err()).unwrap();
    assert!(matches!(refused, StoreError::Stale { expected: 0, found: 1 }), "{refused}");
    assert_eq!(one.settlements().await.unwrap().len(), 1);
}

#[test]
fn files_are_named_by_their_hash_and_checked() {
    let folder = Folder::new(On::Sqlite);
    let hash = files::put(&folder.0, Shelf::Lines, b"rader", None).unwrap();
    assert_eq!(files::put(&folder.0, Shelf::Lines, b"rader", Some(&hash)).unwrap(), hash);
    assert_eq!(files::get(&folder.0, Shelf::Lines, &hash).unwrap(), b"rader");
    assert!(files::get(&folder.0, Shelf::Batches, &hash).is_err());
    let refused = files::put(&folder.0, Shelf::Lines, b"andra", Some(&hash)).unwrap_err();
    assert!(matches!(refused, StoreError::HashDiffers { .. }));
    let path = files::path(&folder.0, Shelf::Lines, &hash);
    std::fs::write(&path, b"radar").unwrap();
    let refused = files::get(&folder.0, Shelf::Lines, &hash).unwrap_err();
    assert!(matches!(refused, StoreError::HashDiffers { .. }));
    files::put(&folder.0, Shelf::Lines, b"rader", None).unwrap();
    assert_eq!(files::get(&folder.0, Shelf::Lines, &hash).unwrap(), b"rader");
    let left = std::fs::read_dir(path.parent().unwrap()).unwrap().count();
    assert_eq!(left, 1);
}

on_both!(accounts_sessions_and_proposals_are_kept_and_linked);
async fn accounts_sessions_and_proposals_are_kept_and_linked(on: On) {
    let folder = Folder::new(on);
    let store = folder.create().await;
    let at = "2026-11-29T08:00:00Z".to_owned();
    let account = |name: &str, role: &str| Account {
        name: name.into(),
        role: role.into(),
        by: "ada".into(),
        at: at.clone(),
        ..Account::default()
    };
    assert_eq!(
        store.append_account(&account("ada", "administrator"), true).await.unwrap(),
        Some(1)
    );
    assert_eq!(store.append_account(&account("eve", "administrator"), true).await.unwrap(), None);
    assert_eq!(store.append_account(&account("bo", "controller"), false).await.unwrap(), Some(2));
    let until = "2026-11-29T18:00:00Z".to_owned();
    let session = |name: &str| Session {
        name: name.into(),
        role: "controller".into(),
        provider: String::new(),
        at: at.clone(),
        until: until.clone(),
    };
    for (token, name) in [("one", "bo"), ("two", "bo"), ("three", "ada")] {
        store.begin_session(token, &session(name)).await.unwrap();
    }
    store.end_session("one", &at).await.unwrap();
    // All of a name's are ended, those that had ended already too; another's stay.
    store.end_sessions_of("bo", &at).await.unwrap();
    store.end_sessions_of("bo", &at).await.unwrap();
    assert_eq!(store.session("two").await.unwrap(), None);
    assert_eq!(store.session("three").await.unwrap(), Some(session("ada")));
    let chain = store.chain().await.unwrap();
    assert_eq!((chain.links, chain.broken), (2, Vec::new()));
}

//! A grant as a workbook: its division and its account, with sums and balances as formulas.
//!
//! Owns: which cells refer to which. Does not own: how sheets are written (`documents`), or the amounts.

use super::account::post_label;
use super::show::label;
use crate::output::Out;
use documents::sheet::{Cell, Sheet, column_name};
use kernel::grant::{Account, Tree};
use kernel::money::Money;

/// The division: whole, headings, items, and what is left as formulas.
pub(super) fn division(out: Out, tree: &Tree<'_>, notes: Vec<String>) -> Sheet {
    let pick = |sv, en| out.lang.pick(sv, en).to_owned();
    let heads = vec![
        pick("Post", "Post"),
        pick("Benämning", "Label"),
        pick("Mottagare", "Recipient"),
        pick("Rubrik", "Heading"),
        pick("Post under rubrik", "Item"),
        pick("Ofördelat under rubrik", "Unallocated of heading"),
    ];
    let mut sheet =
        Sheet { name: name(out, "Fördelning", &tree.grant.id), notes, heads, ..Sheet::default() };
    for heading in &tree.headings {
        let at = sheet.rows.len();
        let first = sheet.row_number(at + 1);
        let last = sheet.row_number(at + heading.items.len());
        let rest = if heading.items.is_empty() {
            Cell::Blank
        } else {
            let own = sheet.row_number(at);
            Cell::Formula {
                text: format!("D{own}-SUM(E{first}:E{last})"),
                result: heading.residual.printed,
            }
        };
        sheet.rows.push(vec![
            Cell::text(heading.id),
            Cell::text(label(heading.stated, heading.id)),
            Cell::Blank,
            Cell::Amount(heading.amount.printed),
            Cell::Blank,
            rest,
        ]);
        for item in &heading.items {
            sheet.rows.push(vec![
                Cell::text(item.id),
                Cell::text(label(item.stated, item.id)),
                item.recipient.map_or(Cell::Blank, Cell::text),
                Cell::Blank,
                Cell::Amount(item.amount.printed),
            ]);
        }
    }
    let rows = sheet.row_number(0)..=sheet.row_number(sheet.rows.len()).saturating_sub(1);
    let divided: Money = tree.headings.iter().map(|heading| heading.amount.printed).sum();
    let sum_row = sheet.row_number(sheet.rows.len());
    let line = |shown: String, cell| vec![Cell::Blank, Cell::Text(shown), Cell::Blank, cell];
    let sum = Cell::sum(3, rows, divided);
    sheet.rows.push(line(pick("Summa rubriker", "Sum of headings"), sum));
    sheet.rows.push(line(pick("Statsbidraget", "The grant"), Cell::Amount(tree.whole.printed)));
    let text = format!("D{}-D{sum_row}", sum_row + 1);
    let rest = Cell::Formula { text, result: tree.residual.printed };
    sheet.rows.push(line(pick("Ofördelat", "Unallocated"), rest));
    sheet.sums = 3;
    sheet
}

/// The account post by post; used, outstanding and left are formulas of what stands before them.
pub(super) fn posts(out: Out, account: &Account<'_>, notes: Vec<String>) -> Sheet {
    let pick = |sv, en| out.lang.pick(sv, en).to_owned();
    let heads = vec![
        pick("Post", "Post"),
        pick("Benämning", "Label"),
        pick("Beslutat", "Decided"),
        pick("Omfördelat hit", "Moved in"),
        pick("Omfördelat härifrån", "Moved out"),
        pick("Utbetalt", "Paid"),
        pick("Genom avräkning", "Settled"),
        pick("Eget förbruk", "Own use"),
        pick("Redovisat", "Reported"),
        pick("Tillbaka", "Returned"),
        pick("Överfört", "Carried"),
        pick("Till staten", "Repaid"),
        pick("Förbrukat", "Used"),
        pick("Hos mottagare", "Outstanding"),
        pick("Kvar", "Left"),
    ];
    let grant = &account.tree.grant.id;
    let mut sheet = Sheet { name: name(out, "Läget", grant), notes, heads, ..Sheet::default() };
    for post in &account.posts {
        let r = sheet.row_number(sheet.rows.len());
        let sums = &post.sums;
        let mut row = vec![Cell::text(post.id), Cell::text(post_label(account, post))];
        let amounts = [
            sums.decided,
            sums.moved_in,
            sums.moved_out,
            sums.paid,
            sums.settled,
            sums.own_use,
            sums.reported,
            sums.returned,
            sums.carried,
            sums.repaid,
        ];
        row.extend(amounts.map(Cell::Amount));
        let formula = |text: String, result| Cell::Formula { text, result };
        row.push(formula(format!("G{r}+H{r}+I{r}"), sums.used()));
        row.push(formula(format!("F{r}-I{r}-J{r}"), sums.outstanding()));
        row.push(formula(format!("C{r}+D{r}-E{r}-F{r}-G{r}-H{r}+J{r}-K{r}-L{r}"), sums.left()));
        sheet.rows.push(row);
    }
    let rows = sheet.row_number(0)..=sheet.row_number(sheet.rows.len() - 1);
    let sum_row = sheet.row_number(sheet.rows.len());
    let total = &account.total;
    let left: Money = account.posts.iter().map(|post| post.sums.left()).sum();
    let sums = [
        total.decided,
        total.moved_in,
        total.moved_out,
        total.paid,
        total.settled,
        total.own_use,
        total.reported,
        total.returned,
        total.carried,
        total.repaid,
        total.used(),
        total.outstanding(),
        left,
    ];
    let mut row = vec![
        Cell::Blank,
        Cell::Text(pick("Summa, beslutat = mottaget", "Sum, decided = received")),
    ];
    row.extend((2..).zip(sums).map(|(column, sum)| Cell::sum(column, rows.clone(), sum)));
    sheet.rows.push(row);
    let identity = ["K", "L", "M", "N", "O"].map(|column| format!("{column}{sum_row}")).join("-");
    sheet.rows.push(vec![
        Cell::Blank,
        Cell::Text(pick(
            "Mottaget − överfört − återbetalt − förbrukat − hos mottagare − kvar (ska vara 0)",
            "Received − carried − repaid − used − outstanding − left (must be 0)",
        )),
        Cell::Formula {
            text: format!("{}{sum_row}-{identity}", column_name(2)),
            result: Money::ZERO,
        },
    ]);
    sheet.sums = 2;
    sheet
}

/// At most 31 characters, as Excel takes them.
fn name(out: Out, what: &'static str, grant: &str) -> String {
    let what = match what {
        "Läget" => out.lang.pick("Läget", "Account"),
        _ => out.lang.pick("Fördelning", "Division"),
    };
    format!("{what} {grant}").chars().take(31).collect()
}

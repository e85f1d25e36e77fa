//! Payment files: what stands in them and what is refused.

use crate::samples::{ORG_A, clinic, payments, region};
use documents::payment::{PaymentFile, write};
use documents::refusal::Refusal;
use kernel::money::Money;

fn text(file: &PaymentFile) -> String {
    String::from_utf8(write(file).unwrap()).unwrap()
}

/// 42 814,05 + 0,01 + 1 234 567 890,12 = 1 234 610 704,18, once in the header and once in the order.
#[test]
fn the_control_sum_is_that_of_the_payments() {
    let text = text(&payments());
    assert_eq!(text.matches("<CtrlSum>1234610704.18</CtrlSum>").count(), 2, "{text}");
    assert_eq!(text.matches("<NbOfTxs>3</NbOfTxs>").count(), 2);
    assert!(text.contains("<!-- SYNTETISKA DATA"));
}

#[test]
fn what_bankgirot_does_not_hold_is_written_as_what_is_nearest() {
    let text = text(&payments());
    let marks = "SYNTETISKA DATA. ILLUSTRATIVA BELOPP. EJ VERIFIERADE BELOPP";
    for wanted in [
        "<Nm>Förlossning 'Ett' AB</Nm>".to_owned(),
        "<Nm>Ågårds barnmorskemottagning - förening + vänner</Nm>".to_owned(),
        "<Nm>Ultraljud Ost ? 2</Nm>".to_owned(),
        format!("<Ustrd>{marks}. 5 par. ?avtal?, a-b...</Ustrd>"),
        format!("<Ustrd>{marks}</Ustrd>"),
    ] {
        assert!(text.replace("&apos;", "'").contains(&wanted), "{wanted} in {text}");
    }
}

#[test]
fn what_cannot_be_paid_is_refused() {
    let refused = |change: &dyn Fn(&mut PaymentFile)| {
        let mut wrong = payments();
        change(&mut wrong);
        write(&wrong).unwrap_err()
    };
    let debtor = "Region Stockholm".to_owned();
    assert_eq!(refused(&|file| file.payments.clear()), Refusal::Empty);
    assert_eq!(
        refused(&|file| file.debtor.org_number = None),
        Refusal::OrgNumberMissing { party: debtor.clone() }
    );
    assert_eq!(
        refused(&|file| file.bankgiro = "5050-1056".into()),
        Refusal::Bankgiro { party: debtor.clone(), value: "5050-1056".into() }
    );
    assert_eq!(
        refused(&|file| file.payments[1].id = file.payments[0].id.clone()),
        Refusal::Repeated { field: "EndToEndId", value: "2023-01-1".into() }
    );
    assert_eq!(
        refused(&|file| file.payments[0].amount = Money::ZERO),
        Refusal::NotPositive { payment: "2023-01-1".into(), amount: Money::ZERO }
    );
    assert_eq!(
        refused(&|file| file.payments[0].payee = region()),
        Refusal::SameLegalPerson { party: debtor }
    );
    let long = "1".repeat(36);
    assert_eq!(
        refused(&|file| file.id = long.clone()),
        Refusal::TooLong { field: "MsgId", value: long.clone(), max: 35 }
    );
    for id in ["", "å", "a//b", "/a", " a", "a#"] {
        let wanted = Refusal::Value { field: "MsgId", value: id.into() };
        assert_eq!(refused(&|file| file.id = id.into()), wanted);
    }
    for created in
        ["2023-02-03", "2023-02-03T08:00:00", "2023-02-30T08:00:00Z", "2023-02-03T24:00:00Z"]
    {
        let wanted = Refusal::Value { field: "CreDtTm", value: created.into() };
        assert_eq!(refused(&|file| file.created = created.into()), wanted);
    }
    let long = "x".repeat(141);
    let wanted = Refusal::TooLong { field: "Nm", value: long.clone(), max: 140 };
    assert_eq!(refused(&|file| file.payments[0].payee = clinic(&long, ORG_A)), wanted);
    let wanted = Refusal::Value { field: "BICFI", value: "swedsess".into() };
    assert_eq!(refused(&|file| file.bic = Some("swedsess".into())), wanted);
    assert_eq!(
        refused(&|file| file.payments[0].amount = Money::from_ore(i64::MAX)),
        Refusal::TooLarge
    );
}

#[test]
fn the_bank_is_named_by_its_bic_where_it_is_known() {
    let file = PaymentFile { bic: Some("SWEDSESS".into()), ..payments() };
    assert!(text(&file).contains("<BICFI>SWEDSESS</BICFI>"));
}

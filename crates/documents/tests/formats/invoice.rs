//! Invoices: what stands in them and what is refused.

use crate::samples::{any_invoice, invoice, region};
use documents::invoice::{Invoice, Issuer, write};
use documents::refusal::Refusal;
use kernel::money::Money;
use proptest::prelude::*;

fn text(invoice: &Invoice) -> String {
    String::from_utf8(write(invoice).unwrap()).unwrap()
}

/// 14 200,00 + 28 614,05 − 6 800,01 + 0 = 36 014,04; with −90 000,00 it is −53 985,96.
#[test]
fn the_sum_and_its_sign_pick_the_document() {
    for (issuer, is_credit, code, sum) in [
        (Issuer::Seller, false, "380", "36014.04"),
        (Issuer::Buyer, false, "389", "36014.04"),
        (Issuer::Seller, true, "381", "53985.96"),
        (Issuer::Buyer, true, "261", "53985.96"),
    ] {
        let text = text(&invoice(issuer, is_credit));
        assert!(text.contains(&format!("TypeCode>{code}<")), "{text}");
        let payable = format!("<cbc:PayableAmount currencyID=\"SEK\">{sum}<");
        assert!(text.contains(&payable), "{payable} in {text}");
        assert_eq!(text.contains("<cbc:DueDate>"), !is_credit);
        assert_eq!(text.contains("Självfakturering"), issuer == Issuer::Buyer);
        assert!(text.contains("<cbc:Note>SYNTETISKA DATA"), "{text}");
    }
}

/// What is taken back is minus one unit, since no price is below zero; a credit note turns both signs.
#[test]
fn what_is_taken_back_is_minus_one_unit() {
    let debit = text(&invoice(Issuer::Seller, false));
    assert_eq!(debit.matches(">-1</cbc:InvoicedQuantity>").count(), 1);
    assert!(debit.contains("LineExtensionAmount currencyID=\"SEK\">-6800.01<"), "{debit}");
    assert!(debit.contains("PriceAmount currencyID=\"SEK\">6800.01<"), "{debit}");
    let credit = text(&invoice(Issuer::Seller, true));
    assert_eq!(credit.matches(">-1</cbc:CreditedQuantity>").count(), 2);
    assert!(credit.contains("LineExtensionAmount currencyID=\"SEK\">-14200.00<"), "{credit}");
}

#[test]
fn what_cannot_be_invoiced_is_refused() {
    let refused = |change: &dyn Fn(&mut Invoice)| {
        let mut wrong = invoice(Issuer::Seller, false);
        change(&mut wrong);
        write(&wrong).unwrap_err()
    };
    let seller = "Förlossning \"Ett\" AB".to_owned();
    let buyer = "Region Stockholm".to_owned();
    assert_eq!(refused(&|it| it.lines.clear()), Refusal::Empty);
    assert_eq!(
        refused(&|it| it.seller.legal.org_number = None),
        Refusal::OrgNumberMissing { party: seller.clone() }
    );
    assert_eq!(
        refused(&|it| it.buyer.legal.org_number = None),
        Refusal::OrgNumberMissing { party: buyer.clone() }
    );
    assert_eq!(
        refused(&|it| it.buyer.legal.org_number = Some("232100-0017".into())),
        Refusal::OrgNumber { party: buyer.clone(), value: "232100-0017".into() }
    );
    assert_eq!(
        refused(&|it| it.seller.legal = region()),
        Refusal::SameLegalPerson { party: buyer }
    );
    assert_eq!(refused(&|it| it.seller.f_tax = false), Refusal::TaxStatus { party: seller });
    assert_eq!(
        refused(&|it| it.seller.vat_number = Some("SE5560000001".into())),
        Refusal::Value { field: "VAT", value: "SE5560000001".into() }
    );
    let wanted = Refusal::Value { field: "BuyerReference", value: " ".into() };
    assert_eq!(refused(&|it| it.buyer_reference = " ".into()), wanted);
    let wanted = Refusal::Value { field: "Name", value: String::new() };
    assert_eq!(refused(&|it| it.lines[0].label.clear()), wanted);
    let least = |it: &mut Invoice| it.lines.truncate(1);
    assert_eq!(
        refused(&|it| {
            least(it);
            it.lines[0].amount = Money::from_ore(i64::MIN);
        }),
        Refusal::TooLarge
    );
}

/// Every refusal says in both languages what it is about.
#[test]
fn refusals_have_words_in_both_languages() {
    let party = "Förlossning Ett AB".to_owned();
    for refusal in [
        Refusal::OrgNumberMissing { party: party.clone() },
        Refusal::OrgNumber { party: party.clone(), value: "7".into() },
        Refusal::TaxStatus { party: party.clone() },
        Refusal::SameLegalPerson { party: party.clone() },
    ] {
        let words = refusal.text();
        assert!(words.sv.contains(&party) && words.en.contains(&party), "{words:?}");
        assert_ne!(words.sv, words.en);
    }
}

proptest! {
    /// Whatever names and references say, the lines of the document sum to its total.
    #[test]
    fn any_invoice_sums_to_its_lines(invoice in any_invoice()) {
        let text = text(&invoice);
        let amounts = |mark: &str| -> Vec<i64> {
            let after = text.split(mark).skip(1).filter_map(|rest| rest.split('<').next());
            after.map(|amount| amount.replace('.', "").parse().unwrap()).collect()
        };
        let lines = amounts("<cbc:LineExtensionAmount currencyID=\"SEK\">");
        let total = amounts("<cbc:PayableAmount currencyID=\"SEK\">");
        prop_assert_eq!(lines.len(), invoice.lines.len() + 1);
        // The first is the sum of the others.
        prop_assert_eq!(lines[0], lines[1..].iter().sum::<i64>());
        prop_assert_eq!(&total, &[lines[0]]);
        let stated: i64 = invoice.lines.iter().map(|line| line.amount.ore()).sum();
        prop_assert_eq!(total[0], stated.abs());
    }
}

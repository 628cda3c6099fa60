//! Every disagreement that is known is found, with both numbers; a case without faults has none.

use boljam::assess::{Finding, Kind, Phrase, Reading, Variant, assess, audit};
use boljam::case::{Case, Input, PanelValue, PrintedValue, Source, SubIndicatorKind};
use boljam::report::assessment::Format;
use boljam::report::audit::render;
use boljam::text::{Language, Text};

fn karaganda() -> Case {
    Case::load(&Source::embedded(), &[]).unwrap()
}

fn one<'a>(findings: &'a [Finding], kind: Kind, town: &str, item: &str) -> &'a Finding {
    let mut found = findings.iter().filter(|f| f.kind == kind && f.town == town && f.item == item);
    let first = found.next().unwrap_or_else(|| panic!("no {kind} of {town} {item}"));
    assert!(found.next().is_none(), "two {kind} of {town} {item}");
    first
}

/// A finding in the words of files.
struct Said {
    stated: String,
    stated_at: String,
    other: String,
    note: String,
}

fn said(findings: &[Finding], kind: Kind, town: &str, item: &str) -> Said {
    let finding = one(findings, kind, town, item);
    let english = Text::of(Language::En);
    let csv = render(&karaganda(), std::slice::from_ref(finding), Format::Csv, &english);
    let mut reader = csv::Reader::from_reader(csv.as_bytes());
    let record = reader.records().next().unwrap().unwrap();
    let cell = |k: usize| record[k].to_owned();
    Said { stated: cell(3), stated_at: cell(4), other: cell(5), note: cell(10) }
}

/// Kind, town, item, stated, where, other.
type Known = (Kind, &'static str, &'static str, &'static str, &'static str, &'static str);

#[test]
fn every_known_disagreement_is_found_with_both_numbers() {
    let findings = audit(&karaganda());
    let known: [Known; 54] = [
        // Composites and their formula.
        (Kind::Composite, "balkhash", "TDm", "53", "Table 19", "46.73"),
        (Kind::Formula, "karazhal", "TDm", "59.5", "Table 19", "40.42"),
        (Kind::Formula, "temirtau", "TDm", "31", "Table 19", "68.63"),
        (Kind::Rounding, "balkhash", "TDe", "15", "Table 20", "15.82"),
        (Kind::Rounding, "temirtau", "TDa", "50", "Table 20", "49.08"),
        (Kind::Rounding, "balkhash", "TDea", "28", "Table 20", "28.93"),
        (Kind::Rounding, "temirtau", "TDea", "31", "Table 20", "30.29"),
        (Kind::Rounding, "karazhal", "TDzhia", "4", "Table 22", "4.56"),
        // Classes.
        (Kind::Class, "karazhal", "class.TDda", "above average", "Table 26", "below average"),
        (Kind::StatedTwice, "karazhal", "class.TDda", "below average", "Table 21", "above average"),
        (Kind::Class, "temirtau", "class.TDea", "above average", "Table 20 and Table 26", "high"),
        (Kind::Class, "temirtau", "class.TDda", "average", "Table 21 and Table 26", "below average"),
        // Fractions.
        (Kind::TenfoldSlip, "balkhash", "TDzhia3", "0.2", "Table 22", "2.42"),
        (Kind::TenfoldSlip, "karazhal", "TDzhia3", "0.5", "Table 22", "5.3"),
        (Kind::Rounding, "temirtau", "TDzhia4", "11", "Table 22", "11.54"),
        (Kind::RepeatedCount, "karazhal", "TDzhia3", "652/12300", "Table 22", "652/11159"),
        // Growth columns.
        (Kind::Growth, "balkhash", "growth.subsistence_minimum", "38", "Table 11", "62.09"),
        (Kind::Growth, "zhezkazgan", "growth.subsistence_minimum", "32", "Table 11", "45.55"),
        (Kind::Growth, "karazhal", "growth.subsistence_minimum", "39", "Table 11", "65.31"),
        (Kind::Growth, "saran", "growth.subsistence_minimum", "35", "Table 11", "55.63"),
        (Kind::Growth, "abai", "growth.subsistence_minimum", "32", "Table 11", "48.42"),
        (Kind::Growth, "temirtau", "growth.subsistence_minimum", "40", "Table 11", "66.5"),
        (Kind::Growth, "shakhtinsk", "growth.subsistence_minimum", "35", "Table 11", "55.71"),
        (Kind::Growth, "satpayev", "growth.subsistence_minimum", "33", "Table 11", "50.99"),
        (Kind::Growth, "balkhash", "growth.fixed_capital_investment", "58", "Table 15", "138.3"),
        (Kind::Growth, "temirtau", "growth.fixed_capital_investment", "66", "Table 15", "198.2"),
        (Kind::Growth, "shakhtinsk", "growth.population", "0.8", "Table 6", "-0.8"),
        (Kind::TenfoldSlip, "balkhash", "growth.average_wage", "94", "Table 11", "86.71"),
        (Kind::TenfoldSlip, "shakhtinsk", "growth.average_wage", "96", "Table 11", "218.9"),
        // What the text says of them.
        (
            Kind::Sentence,
            "zhezkazgan",
            "change.profitability",
            "it fell",
            "text after Table 13",
            "12.6 in 2017 to 15.7 in 2021 (Table 13)",
        ),
        (
            Kind::Sentence,
            "temirtau",
            "change.loss_making_enterprises",
            "it halved",
            "text after Table 13",
            "16 in 2017 to 10 in 2021 (Table 13)",
        ),
        // Series.
        (
            Kind::Break,
            "saran",
            "average_wage",
            "98.83%",
            "103247 in 2018 to 205287 in 2019 (Table 11)",
            "16.92%",
        ),
        (
            Kind::Break,
            "shakhtinsk",
            "average_wage",
            "127.4%",
            "105694 in 2018 to 240342 in 2019 (Table 11)",
            "16.92%",
        ),
        // What two tables imply.
        (Kind::ImpliedTotal, "karazhal", "TDe3", "8.6", "Table 20", "3.75"),
        (Kind::ImpliedTotal, "temirtau", "TDe3", "8.6", "Table 20", "11.78"),
        (Kind::ImpliedTotal, "karazhal", "TDa4", "96", "Table 20", "98.41"),
        (Kind::ImpliedTotal, "temirtau", "TDa4", "95.4", "Table 20", "79.46"),
        (Kind::Orientation, "balkhash", "TDa1", "111", "Table 20", "87.31"),
        (Kind::Identity, "balkhash", "TDe2", "41", "Table 20", "66.67"),
        (Kind::Identity, "temirtau", "TDe2", "36", "Table 20", "78.72"),
        (Kind::Identity, "abai", "unemployed", "1073", "Figure 20", "522.2"),
        // Stated twice.
        (Kind::StatedTwice, "balkhash", "TDm1", "80", "Table 19", "87"),
        (Kind::StatedTwice, "temirtau", "TDm1", "82", "Table 19", "83.9"),
        (Kind::StatedTwice, "balkhash", "TDe1", "15", "Table 20", "15.6"),
        (Kind::StatedTwice, "temirtau", "TDe1", "25", "Table 20", "25.6"),
        (Kind::StatedTwice, "balkhash", "TDaa2", "100", "Table 23", "0"),
        (Kind::Sign, "temirtau", "TDda1", "3.5", "Table 21", "negative"),
        // Wording.
        (Kind::Scale, "region", "scale.TDea.low", "0-15", "text after Table 20", "5-15"),
        (Kind::Scale, "region", "scale.TDea.high", "20-30", "text after Table 20", "above 30"),
        (
            Kind::Symbol,
            "region",
            "TDea",
            "economy: scale and social efficiency",
            "Table 20",
            "special potential",
        ),
        (
            Kind::Definition,
            "region",
            "TDa4",
            "the definition of TDa1 (unemployment, region over town)",
            "Table 18",
            "TDa4 (average wage)",
        ),
        (
            Kind::Definition,
            "region",
            "TDa1",
            "the definition of TDa4 (average wage)",
            "Table 18",
            "TDa1 (unemployment, region over town)",
        ),
        (
            Kind::Recommendation,
            "karazhal",
            "recommended",
            "balanced + diversification",
            "text after Table 26 and Figure 40",
            "innovative 2, diversification 1",
        ),
        (Kind::Rounding, "karazhal", "TDda", "7.2", "Table 21", "7.28"),
    ];
    for (kind, town, item, stated, stated_at, other) in known {
        let said = said(&findings, kind, town, item);
        assert_eq!(
            (said.stated.as_str(), said.stated_at.as_str(), said.other.as_str()),
            (stated, stated_at, other),
            "{kind} {town} {item}"
        );
    }
    // All eight towns' wage columns, seven investment columns more than the ones above.
    let count = |kind, item: &str| findings.iter().filter(|f| f.kind == kind && f.item == item).count();
    assert_eq!(count(Kind::TenfoldSlip, "growth.average_wage"), 8);
    assert_eq!(count(Kind::Growth, "growth.subsistence_minimum"), 8);
    assert_eq!(count(Kind::Growth, "growth.fixed_capital_investment"), 8);
    assert_eq!(findings.iter().filter(|f| f.kind == Kind::Scale).count(), 2);
    assert_eq!(findings.iter().filter(|f| f.kind == Kind::Break).count(), 2);
}

fn plain(what: &str) -> Phrase {
    Phrase::Plain(what.to_owned())
}

#[test]
fn printed_votes_are_compared_with_every_variant() {
    let findings = audit(&karaganda());
    let votes: Vec<_> = findings
        .iter()
        .filter(|f| f.kind == Kind::Votes)
        .map(|f| (f.town.as_str(), f.stated.clone(), f.other_at.clone(), f.other.clone()))
        .collect();
    let expected = [
        ("balkhash", plain("0/3/4/4"), Phrase::Variant(Variant::RawFractions), plain("0/2/5/5")),
        ("karazhal", plain("1/4/2/1"), Phrase::Variant(Variant::PrintedInputs), plain("1/4/1/2")),
        ("karazhal", plain("1/4/2/1"), Phrase::Variant(Variant::RawFractions), plain("1/3/2/3")),
        ("karazhal", plain("1/4/2/1"), Phrase::Variant(Variant::PrintedClasses), plain("0/4/2/3")),
        ("temirtau", plain("0/2/5/6"), Phrase::Variant(Variant::PrintedInputs), plain("0/2/4/5")),
        ("temirtau", plain("0/2/5/6"), Phrase::Variant(Variant::RawFractions), plain("0/2/4/5")),
        ("temirtau", plain("0/2/5/6"), Phrase::Variant(Variant::PrintedClasses), plain("0/2/4/6")),
    ];
    assert_eq!(votes, expected);
}

#[test]
fn effects_name_the_classes_votes_and_leaders_that_change() {
    let findings = audit(&karaganda());
    let effect = |kind, town, item| &one(&findings, kind, town, item).effect;
    let karazhal = effect(Kind::TenfoldSlip, "karazhal", "TDzhia3");
    let change = &karazhal.classes[0];
    assert_eq!(
        (change.composite.as_str(), change.from.as_str(), change.to.as_str()),
        ("TDzhia", "average", "above average")
    );
    assert_eq!(karazhal.votes, Some((vec![1, 4, 1, 2], vec![1, 3, 2, 3])));
    let ids = |ids: &[&str]| ids.iter().map(|id| (*id).to_owned()).collect::<Vec<_>>();
    assert_eq!(karazhal.lead, Some((ids(&["balanced"]), ids(&["balanced", "diversification"]))));
    let balkhash = effect(Kind::TenfoldSlip, "balkhash", "TDzhia3");
    assert_eq!(balkhash.votes, Some((vec![0, 3, 4, 4], vec![0, 2, 5, 5])));
    assert_eq!(balkhash.lead, None);
    let remote = effect(Kind::StatedTwice, "balkhash", "TDaa2");
    assert_eq!(remote.lead, Some((ids(&["innovative", "diversification"]), ids(&["balanced"]))));
    let profitable = effect(Kind::Identity, "balkhash", "TDe2");
    assert_eq!(profitable.lead, Some((ids(&["innovative", "diversification"]), ids(&["innovative"]))));
    assert!(effect(Kind::StatedTwice, "balkhash", "TDe1").is_none());
}

#[test]
fn notes_say_how_a_number_came_about() {
    let findings = audit(&karaganda());
    let note = |kind, town, item| said(&findings, kind, town, item).note;
    assert_eq!(note(Kind::Composite, "balkhash", "TDm"), "agrees with the reading 'complement': 53.27");
    assert_eq!(
        note(Kind::Growth, "balkhash", "growth.subsistence_minimum"),
        "divides by the final year: 38.31"
    );
    assert_eq!(note(Kind::Growth, "shakhtinsk", "growth.population"), "the sign is wrong");
    assert_eq!(
        note(Kind::TenfoldSlip, "balkhash", "growth.average_wage"),
        "takes 2672857 for the last value, which lost its decimal comma, and divides by it"
    );
    assert_eq!(
        note(Kind::ImpliedTotal, "temirtau", "TDe3"),
        "regional values implied: karazhal 421779, balkhash 967684, temirtau 1325984"
    );
    assert_eq!(
        note(Kind::ImpliedTotal, "temirtau", "TDa4"),
        "regional values implied: temirtau 234353, balkhash 281353, karazhal 288416"
    );
    assert!(
        note(Kind::Identity, "abai", "unemployed").starts_with("TDda2 would have to be 100.7, more than")
    );
}

/// The assessed towns with printed statements that follow from the inputs by the method's own rules, and a
/// panel that fits them.
fn without_faults() -> Case {
    let mut case = karaganda();
    case.towns.retain(boljam::case::Town::is_complete);
    (case.printed, case.panel) = (Vec::new(), Vec::new());
    for town in &mut case.towns {
        for (input, sub_indicator) in town.inputs.iter_mut().zip(&case.method.sub_indicators) {
            let Input::Printed { value, fraction, .. } = input else { continue };
            if fraction.is_some() {
                *fraction = Some((*value * 10.0, 1000.0));
            }
            if !matches!(sub_indicator.kind, SubIndicatorKind::Switch) {
                case.printed.push(row(&town.id, &sub_indicator.symbol, &value.to_string()));
            }
            let indicator = match sub_indicator.symbol.as_str() {
                "TDe3" => Some(("fixed_capital_investment", *value * 9000.0)),
                "TDa4" => Some(("average_wage", *value * 2800.0)),
                _ => None,
            };
            if let Some((indicator, last)) = indicator {
                for year in 2017..=2021 {
                    let value = last * 1.1_f64.powi(year - 2021);
                    case.panel.push(panel(&town.id, year, indicator, value));
                }
                case.printed.push(row(&town.id, &format!("growth.{indicator}"), "46.41"));
            }
            if sub_indicator.symbol == "TDda1" {
                case.printed.push(row(&town.id, "sign.TDda1", "positive"));
            }
            if sub_indicator.symbol == "TDa1" {
                town.levels.insert("unemployment".to_owned(), 440.0 / *value);
            }
        }
    }
    let assessment = assess(&case, Variant::PrintedInputs, &Reading::default());
    for town in &assessment.towns {
        let mut print = |item: &str, value: &str| case.printed.push(row(&town.id, item, value));
        for (c, composite) in case.method.composites.iter().enumerate() {
            print(&composite.symbol, &format!("{:.3}", town.score.composites[c]));
            if let (Some(scale), Some(class)) = (&composite.scale, town.score.classes[c]) {
                print(&format!("class.{}", composite.symbol), &case.method.levels[scale[class].level].id);
            }
        }
        for (scenario, votes) in case.scenarios.iter().zip(&town.score.votes) {
            print(&format!("votes.{}", scenario.id), &votes.to_string());
        }
        let leaders: Vec<&str> =
            town.score.lead.leaders.iter().map(|s| case.scenarios[*s].id.as_str()).collect();
        print("recommended", &leaders.join(" "));
    }
    let waged = case.printed.iter().find(|row| row.item == "growth.average_wage").unwrap().town.clone();
    case.printed.push(row(&waged, "change.average_wage", "rose"));
    case.printed.push(row("region", "formula.TDm", "sqrt(TDm1 * TDm2)"));
    case.printed.push(row("region", "symbol.TDea", "economy"));
    case.printed.push(row("region", "definition.TDa4", "TDa4"));
    case.printed.push(row("region", "scale.TDm.average", "35-70"));
    case
}

fn row(town: &str, item: &str, value: &str) -> PrintedValue {
    PrintedValue {
        town: town.to_owned(),
        item: item.to_owned(),
        value: value.to_owned(),
        source: "made up".to_owned(),
    }
}

fn panel(town: &str, year: i32, indicator: &str, value: f64) -> PanelValue {
    PanelValue {
        town: town.to_owned(),
        year,
        indicator: indicator.to_owned(),
        value,
        unit: "tenge".to_owned(),
        source: "made up".to_owned(),
        note: String::new(),
    }
}

#[test]
fn a_case_without_faults_has_no_findings() {
    let findings = audit(&without_faults());
    assert!(findings.is_empty(), "{findings:#?}");
}

#[test]
fn one_fault_gives_its_finding() {
    let spoil = |item: &str, value: &str| {
        let mut case = without_faults();
        let row = case.printed.iter_mut().find(|row| row.item == item).unwrap();
        row.value = value.to_owned();
        let kinds: Vec<Kind> = audit(&case).iter().map(|finding| finding.kind).collect();
        kinds
    };
    assert_eq!(spoil("TDm", "46"), [Kind::Rounding]);
    assert_eq!(spoil("TDe", "20.0"), [Kind::Composite]);
    assert_eq!(spoil("TDe1", "17"), [Kind::StatedTwice]);
    // The class that the source votes on changes its votes as well.
    assert_eq!(spoil("class.TDm", "high"), [Kind::Votes, Kind::Class]);
    assert_eq!(spoil("growth.average_wage", "31.70"), [Kind::Growth]);
    assert_eq!(spoil("growth.average_wage", "-46.41"), [Kind::Growth]);
    for said in ["fell", "halved", "doubled"] {
        assert_eq!(spoil("change.average_wage", said), [Kind::Sentence], "{said}");
    }
    assert_eq!(spoil("sign.TDda1", "negative"), [Kind::Sign]);
    assert_eq!(spoil("scale.TDm.average", "30-70"), [Kind::Scale]);
    assert_eq!(spoil("definition.TDa4", "TDa1"), [Kind::Definition]);
    assert_eq!(spoil("formula.TDm", "TDm1"), [Kind::Formula; 3]);
    assert_eq!(spoil("recommended", "inertial"), [Kind::Recommendation]);
    // A printed vote differs in all three variants.
    assert_eq!(spoil("votes.balanced", "2"), [Kind::Votes; 3]);
}

#[test]
fn a_wrong_share_of_a_regional_total_is_found() {
    let mut case = without_faults();
    let wage = case.panel.iter_mut().rfind(|row| row.town == "temirtau" && row.indicator == "average_wage");
    wage.unwrap().value *= 1.2;
    case.printed.retain(|row| !row.item.starts_with("growth."));
    let findings = audit(&case);
    assert_eq!(findings.len(), 1, "{findings:#?}");
    assert_eq!((findings[0].kind, findings[0].item.as_str()), (Kind::ImpliedTotal, "TDa4"));
    assert_eq!(findings[0].other, plain("114.5"));
}

#[test]
fn odd_statements_do_no_harm() {
    let mut case = karaganda();
    for item in
        ["TDm", "votes.inertial", "growth.average_wage", "growth.", "class.TDm", "scale.TDm", "formula.TDm"]
    {
        for town in ["balkhash", "region", "nowhere"] {
            for value in ["", "NaN", "1e999", "-", "sqrt(", "complement", "nothing"] {
                case.printed.insert(0, row(town, item, value));
            }
        }
    }
    case.panel.clear();
    audit(&case);
    assess(&case, Variant::PrintedClasses, &Reading::default());
    case.towns.clear();
    audit(&case);
}

#[test]
fn the_audit_reads_as_text_csv_and_json() {
    let case = karaganda();
    let findings = audit(&case);
    let text = render(&case, &findings, Format::Table, &Text::of(Language::En));
    assert!(text.starts_with(&format!("{} findings; ", findings.len())));
    assert!(text.contains(
        "  Karazhal, TDzhia3: 0.5 (Table 22) against 5.3 (652/12300 (Table 22))\n      printed ten times too small\n"
    ));
    assert!(text.contains("      changes lead: Balanced -> Balanced + Diversification\n"));
    let csv = render(&case, &findings, Format::Csv, &Text::of(Language::En));
    let mut reader = csv::Reader::from_reader(csv.as_bytes());
    assert_eq!(reader.records().map(Result::unwrap).count(), findings.len());
    let json: serde_json::Value =
        serde_json::from_str(&render(&case, &findings, Format::Json, &Text::of(Language::En))).unwrap();
    assert_eq!(json.as_array().unwrap().len(), findings.len());
    assert_eq!(json[0]["kind"], "votes");
}

/// The picture of the audit: which indices the source's own numbers put into several classes.
#[test]
fn the_indices_that_cross_a_bound_are_those_of_the_method_page() {
    let case = Case::load(&Source::embedded(), &[]).unwrap();
    let all = boljam::assess::on_scales(&case);
    assert_eq!(all.len(), 3 * 6);
    let symbols: Vec<&str> = case.method.scaled().map(|(_, c, _)| c.symbol.as_str()).collect();
    let crossing: Vec<(&str, &str)> = all
        .iter()
        .filter(|index| index.crosses())
        .map(|index| (case.towns[index.town].id.as_str(), symbols[index.composite]))
        .collect();
    let expected = [
        ("balkhash", "TDzhia"), // 4.9 or 5.13 by the fraction; the bound is 5
        ("karazhal", "TDda"),   // 'below average' in Table 21, 'above average' in Table 26
        ("karazhal", "TDzhia"), // 4.56 or 5.08
        ("temirtau", "TDea"),   // 30.3 or 31, printed as 'above average', which ends at 30
        ("temirtau", "TDda"),   // printed 7.5, the bound itself, but 7.6 by the formula
    ];
    assert_eq!(crossing, expected);
    let karazhal =
        all.iter().find(|i| case.towns[i.town].id == "karazhal" && symbols[i.composite] == "TDzhia");
    let karazhal = karazhal.unwrap();
    // By hand: the square root of the sum of its four shares, with 652/12300 instead of 0.5.
    assert!((karazhal.by_fractions - 5.08).abs() < 0.005 && (karazhal.by_formula - 4.56).abs() < 0.005);
}

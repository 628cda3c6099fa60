//! What is odd in a case but no fault: each kind with one input that shows it, and the whole notice.

use std::collections::BTreeSet;
use std::process::Command;

use boljam::case::{Case, Notice, Setting, Source};

/// The shipped case with some text of one file changed.
fn changed(file: &str, change: &dyn Fn(&str) -> String) -> Case {
    let mut source = Source::embedded();
    let text = source.files.get_mut(file).unwrap();
    let new = change(text);
    assert_ne!(*text, new, "nothing changed in {file}");
    *text = new;
    Case::load(&source, &[]).unwrap_or_else(|faults| panic!("{faults}"))
}

/// Notices as `file: place: what` with what they name.
fn told(case: &Case) -> Vec<String> {
    let tell = |notice: &Notice| match notice {
        Notice::Odd { file, place, what, values } => {
            let values = values.iter().map(|(_, value)| value.as_str()).collect::<Vec<_>>().join(" ");
            format!("{file}: {place}: {} {values}", what.strip_prefix("notice.").unwrap())
        }
        other => format!("{other:?}"),
    };
    case.notices.iter().map(tell).collect()
}

fn set(settings: &[&str]) -> Vec<String> {
    let settings: Vec<Setting> = settings.iter().map(|s| Setting::parse(s).unwrap()).collect();
    told(&Case::load(&Source::embedded(), &settings).unwrap_or_else(|faults| panic!("{faults}")))
}

/// The panel with the values of some cells replaced: `new(town, year, indicator, value)`.
fn panel(new: &dyn Fn(&str, &str, &str, f64) -> Option<f64>) -> Case {
    changed("panel.csv", &|text| {
        let line = |line: &str| {
            let mut cells: Vec<String> = line.split(',').map(str::to_owned).collect();
            let value = cells[3].parse().ok().and_then(|v| new(&cells[0], &cells[1], &cells[2], v));
            if let Some(value) = value {
                cells[3] = value.to_string();
            }
            cells.join(",") + "\n"
        };
        text.lines().map(line).collect()
    })
}

#[test]
fn missing_codes_of_a_panel_are_missing_and_told() {
    for code in [-999.0, -99.0, 9_999_999.0] {
        let case = panel(&|_, year, what, _| (year == "2019" && what == "average_wage").then_some(code));
        let told = told(&case);
        assert_eq!(told.len(), 8, "{told:?}");
        assert!(told.iter().all(|t| t.contains(": missing_code ") && t.contains(" 2019")), "{told:?}");
        assert!(!case.panel.iter().any(|v| v.value == code));
    }
    // A value of nines that belongs to the indicator stays.
    let case = panel(&|town, year, what, _| {
        (town == "temirtau" && year == "2019" && what == "unemployed").then_some(4999.0)
    });
    assert!(case.panel.iter().any(|v| v.value == 4999.0));
}

#[test]
fn impossible_values_of_a_panel_are_left_out_and_told() {
    for value in [0.0, -12.0] {
        let case = panel(&|town, year, what, _| {
            (town == "abai" && year == "2018" && what == "unemployed").then_some(value)
        });
        let told = told(&case);
        assert_eq!(told.len(), 1, "{told:?}");
        assert!(
            told[0].ends_with(&format!("impossible {value} unemployed abai 2018 unemployment")),
            "{told:?}"
        );
    }
}

#[test]
fn values_in_another_unit_are_left_out_and_told() {
    for (times, key) in [(0.001, "too_small"), (1000.0, "too_large")] {
        let case = panel(&|_, year, what, v| (year == "2019" && what == "average_wage").then_some(v * times));
        let told = told(&case);
        assert_eq!(told.len(), 8, "{told:?}");
        assert!(told.iter().all(|t| t.contains(&format!(": {key} ")) && t.contains(" 1000 ")), "{told:?}");
        assert!(!case.panel.iter().any(|v| v.year == 2019 && v.indicator == "average_wage"));
    }
    // A share for a percentage.
    let case = panel(&|town, year, what, v| {
        (town == "saran" && year == "2019" && what == "fixed_asset_wear").then_some(v / 100.0)
    });
    assert_eq!(told(&case).len(), 1);
    assert!(told(&case)[0].contains(": too_small ") && told(&case)[0].contains(" 100 "), "{:?}", told(&case));
}

#[test]
fn a_break_is_told_and_stays() {
    let case = panel(&|town, year, what, v| {
        (town == "temirtau" && what == "average_wage" && year >= "2020").then_some(v * 5.0)
    });
    let told = told(&case);
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(told[0].contains(": break ") && told[0].contains(" average_wage temirtau 2020 "), "{told:?}");
    assert_eq!(case.panel.len(), Case::load(&Source::embedded(), &[]).unwrap().panel.len());
}

#[test]
fn an_empty_value_is_missing_without_a_word() {
    let case =
        changed("panel.csv", &|text| text.replacen("subsistence_minimum,38267,", "subsistence_minimum,,", 1));
    assert!(case.notices.is_empty());
    assert_eq!(case.panel.len() + 1, Case::load(&Source::embedded(), &[]).unwrap().panel.len());
}

#[test]
fn a_share_for_a_percentage_is_told() {
    let told = set(&["base_levels.temirtau.unemployment.value=0.046"]);
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(told[0].starts_with("base_levels.csv: temirtau, unemployment: level_small 0.046 "), "{told:?}");
}

#[test]
fn what_is_out_of_reach_is_told() {
    assert_eq!(
        set(&["diversification.other_output.by=2055"]),
        ["diversification.toml: plan.other_output.by: by_after 2055 2035"]
    );
    assert_eq!(
        set(&["diversification.other_output.start=2035", "diversification.other_output.by=2040"]),
        ["diversification.toml: plan.other_output.start: start_after 2035 2035"]
    );
    let later = set(&["case.horizon=2040"]);
    let scenarios = ["inertial", "balanced", "innovative", "diversification"];
    let mut expected: Vec<String> =
        scenarios.iter().map(|s| format!("{s}.toml: plan: plans_end 2035 2040")).collect();
    expected.push("region.csv: by: plans_end 2035 2040".to_owned());
    assert_eq!(later, expected);
    let sooner: BTreeSet<String> =
        set(&["case.horizon=2024"]).iter().map(|t| t.split(' ').next_back().unwrap().to_owned()).collect();
    assert_eq!(sooner, BTreeSet::from(["2024".to_owned()]));
    // One line a file, however many places it has.
    let files = |file: &str| set(&["case.horizon=2024"]).iter().filter(|t| t.starts_with(file)).count();
    assert_eq!(["region.csv", "inertial.toml"].map(files), [1, 1]);
    assert_eq!(
        set(&["diversification.other_output.multiple=500"]),
        ["diversification.toml: plan.other_output.multiple: large_plan 500 abai"]
    );
}

#[test]
fn a_stress_after_the_horizon_is_told_and_refused_when_it_is_asked_for() {
    let late = changed("stress/copper_2008.toml", &|text| {
        let start = text.lines().find(|l| l.starts_with("start = ")).unwrap();
        text.replace(start, "start = 2050")
    });
    assert!(told(&late).iter().any(|t| t.ends_with("stress_after 2050 2035")), "{:?}", told(&late));
    let output = Command::new(env!("CARGO_BIN_EXE_boljam"))
        .args(["run", "--stress", "copper_2008", "--horizon", "2022", "--runs", "20", "--out", "/dev/null/x"])
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(said.contains("--stress copper_2008: begins in 20"), "{said}");
    assert!(said.contains(" and changes no price from 2022 to the horizon 2022"), "{said}");
}

#[test]
fn leftovers_are_told() {
    let mut source = Source::embedded();
    source.files.insert("stress/old.toml".to_owned(), "name = 1".to_owned());
    source.files.insert("bold.toml".to_owned(), String::new());
    let case = Case::load(&source, &[]).unwrap();
    assert_eq!(told(&case), ["bold.toml: : unread_file ", "stress/old.toml: : unread_file "]);
    let unit = changed("drivers.csv", &|text| {
        text.replacen(
            "выпуск прочей промышленности,index (region output 2021 = 100)",
            "выпуск прочей промышленности,index (2019 = 100)",
            1,
        )
    });
    assert_eq!(told(&unit), ["drivers.csv: other_output, unit: unit_year index (2019 = 100) 2019 2021"]);
    let never = set(&[
        "events.accident.inertial=0",
        "events.accident.balanced=0",
        "events.accident.innovative=0",
        "events.accident.diversification=0",
    ]);
    assert_eq!(never, ["events.csv: accident: never "]);
    let bare = changed("panel.csv", &|text| {
        let line = |l: &&str| l.split(',').nth(1) != Some("2021");
        text.lines().filter(line).map(|l| l.to_owned() + "\n").collect()
    });
    assert_eq!(told(&bare), ["panel.csv: : panel_without_base 2021 2020"]);
}

/// What is left over in `[names]` from an edit stops nobody.
#[test]
fn names_that_nothing_bears_are_told_and_no_fault() {
    let name = "[names]\nbushel = { en = \"bushel\" }";
    let case = changed("case.toml", &|text| text.replace("[names]", name));
    assert_eq!(told(&case), ["case.toml: names.bushel: unused_name "]);
    assert_eq!(case.names["bushel"].kk, "bushel");
}

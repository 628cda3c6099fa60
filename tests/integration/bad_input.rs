//! Bad input: take the good case, break one thing, and read the whole message.

mod broken;

use std::fs;
use std::path::Path;

use boljam::case::{Case, Notice, PriceProcess, Setting, Source};
use boljam::model::{RunScenario, RunTown};
use broken::BROKEN;

/// The whole report of a case that must be refused.
fn report(source: &Source, settings: &[Setting]) -> String {
    match Case::load(source, settings) {
        Ok(_) => panic!("a broken case was accepted"),
        Err(faults) => faults.to_string(),
    }
}

#[test]
fn every_kind_of_bad_input_has_its_message() {
    let mut other = Vec::new();
    for (file, from, to, expected) in BROKEN {
        let mut source = Source::embedded();
        let text = source.files.get_mut(*file).unwrap();
        assert!(text.contains(from), "{file} has no {from:?}");
        *text = text.replacen(from, to, 1);
        let report = report(&source, &[]);
        let lines: Vec<&str> = report.lines().skip(1).map(str::trim).collect();
        if lines != *expected {
            other.push(format!("{to:?} in {file}: {lines:#?}"));
        }
    }
    assert!(other.is_empty(), "{}", other.join("\n"));
}

#[test]
fn faults_of_several_files_come_in_one_report() {
    let mut source = Source::embedded();
    for (file, from, to, _) in
        BROKEN.iter().filter(|b| ["region.csv", "events.csv", "prices.toml"].contains(&b.0))
    {
        let text = source.files.get_mut(*file).unwrap();
        *text = text.replacen(from, to, 1);
    }
    let report = report(&source, &[]);
    for file in ["region.csv", "events.csv", "prices.toml"] {
        assert!(report.contains(&format!("\n  {file}: ")), "{report}");
    }
}

#[test]
fn settings_reach_every_kind_of_value() {
    let settings = [
        "case.horizon=2040",
        "case.temirtau.mix.steel=0.7",
        "case.temirtau.mix.coal=0.1",
        "method.TDea.average.to=26",
        "diversification.other_output.multiple=3.0",
        "diversification.other_output.start=2025",
        "prices.process=random_walk",
        "drivers.unemployment.sigma=0.1",
        "cross_impacts.wage.net_migration.long_run_effect=9",
        "assessment.temirtau.TDm1.value=83.9",
        "stress/coal_2022.basis=a guess",
    ];
    let settings: Vec<Setting> = settings.iter().map(|s| Setting::parse(s).unwrap()).collect();
    let case = Case::load(&Source::embedded(), &settings).unwrap_or_else(|faults| panic!("{faults}"));
    let driver = |id: &str| case.drivers.iter().position(|d| d.id == id).unwrap();
    let temirtau = &case.towns[case.town("temirtau").unwrap()];
    let coal = case.commodities.iter().position(|c| c.id == "coal").unwrap();
    let plan = &case.scenarios[3].plan[0][driver("other_output")];
    assert_eq!(case.horizon, 2040);
    assert!((temirtau.mix[coal] - 0.1).abs() < 1e-12);
    assert_eq!(case.method.composites[3].scale.as_ref().unwrap()[3].upper, 26.0);
    assert_eq!((plan.value, plan.start), (3.0, 2025));
    assert_eq!(case.prices.process, PriceProcess::RandomWalk);
    assert_eq!(case.drivers[driver("unemployment")].sigma, 0.1);
    let effect =
        case.cross_impacts.iter().find(|c| (c.from, c.to) == (driver("wage"), driver("net_migration")));
    assert_eq!(effect.unwrap().effect, 9.0);
    assert_eq!(temirtau.inputs[0].best(), 83.9);
    assert_eq!(case.stresses[2].basis, "a guess");
}

/// What only follows from a file that is not there does not bury it; faults of other files stay.
#[test]
fn missing_files_are_named() {
    let mut files: Vec<String> = Source::embedded().files.into_keys().collect();
    // What a case may do without.
    let optional = [
        "calibration.toml",
        "chronicle.csv",
        "factors.toml",
        "limits.csv",
        "observed.csv",
        "posterior.csv",
        "price_long_history.csv",
    ];
    files.retain(|file| !optional.contains(&file.as_str()));
    for file in &files {
        let mut source = Source::embedded();
        source.files.remove(file);
        let text = source.files.get_mut("consumer_prices.csv");
        let wrong = text.map(|text| *text = text.replacen("111.82", "-111.82", 1)).is_some();
        let wrong = wrong && file != "case.toml";
        let mut expected = vec![format!("{file}: is missing from the embedded case")];
        expected.extend(wrong.then(|| {
            "consumer_prices.csv: line 4, index: '-111.82' is not allowed (a number from 0.000000001 to \
             1000000000000000)"
                .to_owned()
        }));
        expected.sort();
        let report = report(&source, &[]);
        let lines: Vec<&str> = report.lines().skip(1).map(str::trim).collect();
        assert_eq!(lines, expected, "without {file}");
    }
}

#[test]
fn files_with_rows_without_number_are_refused() {
    let mut source = Source::embedded();
    let text = source.files.get_mut("region.csv").unwrap();
    text.extend((0..190).map(|k| format!("more_{k},1.02,2035,0.03,0.01,0.95,0.00,assumption\n")));
    let many = "1 fault in the case\n  region.csv: 201 rows are not allowed (fewer than 201)";
    assert_eq!(report(&source, &[]), many);
}

#[test]
fn formulas_that_miss_the_printed_value_are_noted() {
    let setting = Setting::parse("assessment.temirtau.TDda2.value=53").unwrap();
    assert!(Case::load(&Source::embedded(), &[setting]).unwrap().notices.is_empty());
    let setting = Setting::parse("method.TDda2.formula=participation / 2").unwrap();
    let case = Case::load(&Source::embedded(), &[setting]).unwrap();
    assert_eq!(case.notices.len(), 8);
    assert_eq!(
        case.notices[6],
        Notice::FormulaDiffers {
            town: "temirtau".to_owned(),
            symbol: "TDda2".to_owned(),
            given: 53.0,
            computed: 26.5
        }
    );
}

#[test]
fn settings_that_name_nothing_say_what_there_is() {
    let refused = |text: &str| report(&Source::embedded(), &[Setting::parse(text).unwrap()]);
    assert!(
        refused("drivers.unemploymint.sigma=0.1")
            .contains("drivers.csv: --set drivers.unemploymint.sigma: no row 'unemploymint'")
    );
    assert!(refused("drivers.unemployment.sigmo=0.1").contains("no column 'sigmo' (known: driver, label,"));
    assert!(refused("drivers.sigma=0.1").contains("must have the form drivers.driver.column"));
    assert!(
        refused("case.horizn=2040")
            .contains("case.toml: horizn: unknown key (known here: assumptions, base_year, commodity")
    );
    assert!(refused("case.temirtaw.mix.coal=1").contains(
        "case.toml: --set case.temirtaw.mix.coal: nothing of that name (known there: assumptions, base_year"
    ));
    assert!(refused("method.TDea.averag.to=26").contains(
        "method.toml: --set method.TDea.averag.to: nothing of that name (known there: better, formula, name, scale, \
         source, symbol, very low, low, below average, average, above average, high)"
    ));
    assert!(refused("diversification.towns.balkhash.wage.sd=1").contains("(known there: "));
    assert!(
        refused("drivers.wages.sigma=0.1")
            .contains("no row 'wages' (known: enterprise_output, other_output,")
    );
    assert!(refused("panel.x.2021.wear.here.value=1").contains(" and 380 more)"));
    assert!(refused("case.horizon.year=2040").contains("nothing of that name (known there: horizon itself)"));
    assert!(refused("nothing.at=1").contains("--set: --set nothing.at: no file 'nothing'"));
    assert!(
        refused("case.horizon=soon").contains("case.toml: horizon: \"soon\" is not allowed (a whole number")
    );
    assert!(
        refused("method.TDea.average.to=99")
            .contains("method.toml: composite.TDea.scale.above average.to: 30 is not allowed")
    );
}

#[test]
fn files_that_are_no_text_or_too_large_are_refused_unread() {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in Source::embedded().files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    fs::write(folder.path().join("drivers.csv"), b"driver,\xff\xfe").unwrap();
    fs::write(folder.path().join("panel.csv"), vec![b'1'; 5 * 1024 * 1024]).unwrap();
    let report = Source::folder(folder.path()).unwrap_err().to_string();
    assert_eq!(
        report,
        "2 faults in the case\n  drivers.csv: line 1 is not UTF-8: save the file as UTF-8 (of a spreadsheet, as 'CSV UTF-8')\n  panel.csv: 5242880 bytes are not allowed (at most 4194304)"
    );
    let nowhere = Source::folder(Path::new("/no/such/folder")).unwrap_err().to_string();
    assert!(nowhere.contains("/no/such/folder: cannot be read"), "{nowhere}");
}

/// Lines dropped, doubled and cut, cells swapped for odd ones: whatever comes out, it is no panic.
#[test]
fn no_mutation_of_the_case_panics() {
    const ODD: [&str; 12] =
        ["", "nan", "-1", "1e308", "0", "inf", "\u{0}", "\"", "{", "[[", "Ұлытау", "99999999999999999999"];
    let mut state = 12345_u64;
    let mut next = |n: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize % n
    };
    let (mut good, mut bad) = (0, 0);
    for _ in 0..400 {
        let mut source = Source::embedded();
        let names: Vec<String> = source.files.keys().cloned().collect();
        let text = source.files.get_mut(&names[next(names.len())]).unwrap();
        let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
        let k = next(lines.len());
        match next(5) {
            0 => drop(lines.remove(k)),
            1 => lines.insert(k, lines[k].clone()),
            2 => lines.truncate(k),
            _ => {
                let separator = if lines[k].contains(',') { ',' } else { ' ' };
                let mut cells: Vec<String> = lines[k].split(separator).map(str::to_owned).collect();
                let cell = next(cells.len());
                ODD[next(ODD.len())].clone_into(&mut cells[cell]);
                lines[k] = cells.join(&separator.to_string());
            }
        }
        *text = lines.join("\n");
        match Case::load(&source, &[]) {
            Ok(case) => {
                good += 1;
                // What is accepted must also run.
                let options = boljam::model::Options { towns: vec![0], ..boljam::model::Options::of(&case) };
                let model = boljam::model::Model::compile(&case, &options).unwrap();
                boljam::engine::replay(&model, RunTown(0), RunScenario(0), 0);
            }
            Err(_) => bad += 1,
        }
    }
    assert!(good > 20 && bad > 100, "{good} good, {bad} bad");
}

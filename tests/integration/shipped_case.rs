//! The Karaganda case as data: numbers that rest on other numbers of it, and a basis for every value.

use boljam::case::{Case, Source};

fn karaganda() -> Case {
    Case::load(&Source::embedded(), &[]).unwrap_or_else(|faults| panic!("{faults}"))
}

/// Real annual average of a commodity.
fn price(case: &Case, commodity: &str, year: i32) -> f64 {
    let commodity = case.commodities.iter().find(|c| c.id == commodity).unwrap();
    commodity.observed.iter().find(|o| o.year == year).unwrap().average
}

#[test]
fn stresses_are_as_large_as_the_falls_they_are_named_after() {
    let case = karaganda();
    let falls: [(&str, &str, i32, i32); 9] = [
        ("steel_iron_2013", "iron_ore", 2013, 2015),
        ("steel_iron_2013", "steel", 2013, 2016),
        ("coal_2022", "coal", 2022, 2025),
        ("all_2015", "copper", 2014, 2015),
        ("all_2015", "iron_ore", 2014, 2015),
        ("all_2015", "coal", 2014, 2015),
        ("all_2015", "steel", 2014, 2015),
        ("all_2015", "zinc", 2014, 2015),
        ("all_2015", "lead", 2014, 2015),
    ];
    for (stress, commodity, from, to) in falls {
        let change = price(&case, commodity, to) / price(&case, commodity, from) - 1.0;
        let stress = case.stresses.iter().find(|s| s.id == stress).unwrap();
        let shock = stress.shocks.iter().find(|s| case.commodities[s.commodity].id == commodity).unwrap();
        assert!((shock.change - change).abs() <= 0.005, "{}, {commodity}: {change}", stress.id);
    }
    // Monthly prices are not part of the case: the crash of 2008 must at least exceed the year's average fall.
    let year = price(&case, "copper", 2009) / price(&case, "copper", 2008) - 1.0;
    let copper = case.stresses.iter().find(|s| s.id == "copper_2008").unwrap();
    assert!(copper.shocks[0].change < year, "{year}");
    let dearest = case.commodities.iter().find(|c| c.id == "coal").unwrap().observed.iter();
    assert_eq!(dearest.max_by(|a, b| a.average.total_cmp(&b.average)).unwrap().year, 2022);
}

#[test]
fn every_formula_gives_the_printed_value_in_the_base_year() {
    assert!(karaganda().notices.is_empty());
}

#[test]
fn consumer_prices_are_the_yearly_inflation_chained() {
    let case = karaganda();
    let inflation = [(2018, 6.16), (2019, 5.33), (2020, 6.72), (2021, 8.04)];
    let mut index = 100.0;
    assert_eq!(case.consumer_prices[0], (2017, 100.0));
    for ((year, percent), given) in inflation.into_iter().zip(&case.consumer_prices[1..]) {
        index *= 1.0 + percent / 100.0;
        assert_eq!(given.0, year);
        assert!((given.1 - index).abs() < 0.01, "{year}: {index}");
    }
}

#[test]
fn every_row_says_where_it_comes_from() {
    for (name, text) in Source::embedded().files {
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        let headers = reader.headers().unwrap().clone();
        let Some(column) = headers.iter().position(|h| h == "basis" || h == "source") else {
            continue;
        };
        for record in reader.records() {
            let record = record.unwrap();
            assert!(!record[column].is_empty(), "{name}: {record:?}");
        }
    }
}

#[test]
fn what_nobody_measured_is_listed() {
    let case = karaganda();
    for (file, item) in [
        ("case.toml", "plan_correlation"),
        ("case.toml", "temirtau, price mix"),
        ("method.toml", "distress"),
        ("prices.toml", "walk"),
        ("cross_impacts.csv", "enterprise_output, other_output"),
        ("diversification.toml", "other_output"),
        ("events.csv", "tourism"),
    ] {
        assert!(case.assumptions.iter().any(|a| a.file == file && a.item == item), "{file}: {item}");
    }
}

/// What is known to have happened agrees with what the panel counts, and stands beside the towns it concerned.
#[test]
fn the_chronicle_agrees_with_the_panel() {
    let case = karaganda();
    let of = |town: &str| {
        let place = case.town(town).unwrap();
        let years = case.chronicle.iter().filter(|e| e.towns[place]).map(|e| (e.year, e.id.as_str()));
        years.collect::<Vec<_>>()
    };
    assert_eq!(of("balkhash"), [(2008, "crisis_2008"), (2019, "furnaces_2019")]);
    assert_eq!(of("temirtau"), [(2008, "crisis_2008"), (2018, "accident_2018"), (2023, "sale_2023")]);
    assert_eq!(of("karazhal"), [(2022, "ulytau_2022")]);
    for (town, growth) in [("balkhash", -34.0), ("temirtau", -7.5)] {
        let is = |v: &&boljam::case::PanelValue| {
            v.town == town && v.year == 2019 && v.indicator == "industrial_output_growth"
        };
        let value = case.panel.iter().find(is).unwrap().value;
        assert_eq!(value, growth);
        let said = case.chronicle.iter().filter(|e| e.towns[case.town(town).unwrap()]);
        assert!(said.clone().any(|e| (2018..=2019).contains(&e.year)), "{town}");
    }
}

/// West to east and north to south as on a map: Satpayev lies beside Zhezkazgan, Temirtau north of Saran.
#[test]
fn every_town_has_its_place_on_the_table_map() {
    let case = karaganda();
    let tile = |town: &str| case.towns[case.town(town).unwrap()].tile.unwrap();
    for (west, east) in [("zhezkazgan", "karazhal"), ("karazhal", "shakhtinsk"), ("saran", "balkhash")] {
        assert!(tile(west).0 < tile(east).0, "{west} {east}");
    }
    for (north, south) in
        [("temirtau", "saran"), ("saran", "abai"), ("abai", "balkhash"), ("satpayev", "zhezkazgan")]
    {
        assert!(tile(north).1 < tile(south).1, "{north} {south}");
    }
}

//! The tables of made-up results.

use super::quantities::merged;
use super::*;
use crate::analyse::{Bin, QUANTILES, Results};
use crate::report::test_double;

/// The first lines of a table of the made-up results.
fn head(table: fn(&Results) -> String, lines: usize) -> String {
    table(&test_double::results()).split_inclusive('\n').take(lines).collect()
}

#[test]
fn the_summary_marks_bounds_and_ends_with_what_belongs_to_no_distribution() {
    assert_eq!(
        head(summary, 18),
        "\
town,scenario,year,quantity,statistic,value,mcse,low,high,unit,mark
aksu,steady,2021,TDea,mean,20,0.1,19.804003601545993,20.195996398454007,index,
aksu,steady,2021,TDea,sd,2,0.05,1.9020018007729973,2.0979981992270025,index,
aksu,steady,2021,TDea,min,14,0,,,index,
aksu,steady,2021,TDea,max,26,0,,,index,
aksu,steady,2021,TDea,q010,15,0.1,14.75,15.5,index,bound
aksu,steady,2021,TDea,q025,16,0.1,,16.5,index,
aksu,steady,2021,TDea,q050,17,0.1,16.75,17.5,index,
aksu,steady,2021,TDea,q100,18,0.1,17.75,18.5,index,
aksu,steady,2021,TDea,q250,19,0.1,18.75,19.5,index,
aksu,steady,2021,TDea,q500,20,0.1,19.75,20.5,index,
aksu,steady,2021,TDea,q750,21,0.1,20.75,21.5,index,
aksu,steady,2021,TDea,q900,22,0.1,21.75,22.5,index,
aksu,steady,2021,TDea,q950,23,0.1,22.75,23.5,index,
aksu,steady,2021,TDea,q975,24,0.1,23.75,24.5,index,
aksu,steady,2021,TDea,q990,25,0.1,24.75,25.5,index,
aksu,steady,2021,TDea,plan,20.5,0,,,index,
aksu,steady,2021,unemployment,mean,5,0.1,4.804003601545995,5.195996398454005,%,
"
    );
    let all = summary(&test_double::results());
    assert!(all.contains("aksu,steady,2035,unemployment,observed_prices,0.125,0,,,link scale,\n"));
    assert!(all.contains("aksu,steady,2035,unemployment,all_prices,0.25,0,,,link scale,\n"));
    assert!(all.ends_with("belsu,bold,2035,unemployed,input_share,0.25,0,,,share,\n"));
    assert!(!all.contains("aksu,bold,2035,unemployed,input_share"), "aksu misses no inputs");
}

#[test]
fn quantile_names_are_their_probability_in_per_mille() {
    for (name, p) in QUANTILE_NAMES.iter().zip(QUANTILES) {
        assert_eq!(name[1..].parse::<f64>().unwrap() / 1000.0, p);
    }
}

#[test]
fn numbers_read_back_exactly() {
    let mut results = test_double::results();
    let value = 0.1 + 0.2;
    results.towns[0].scenarios[0].years[0].quantities[0].mean = test_double::estimate(value, 1.0 / 3.0);
    let line = summary(&results).lines().nth(1).unwrap().to_owned();
    let numbers: Vec<f64> = line.split(',').skip(5).take(2).map(|x| x.parse().unwrap()).collect();
    assert_eq!(numbers, [value, 1.0 / 3.0]);
}

#[test]
fn histograms_leave_empty_bins_out_and_lose_no_run() {
    let bin = |k: usize| Bin { low: k as f64, high: k as f64 + 1.0, count: k as u64 % 100 };
    let bins: Vec<Bin> = (0..509).map(bin).collect();
    let joined = merged(&bins);
    assert_eq!(joined.iter().map(|b| b.count).sum::<u64>(), bins.iter().map(|b| b.count).sum::<u64>());
    assert_eq!((joined[0].low, joined[joined.len() - 1].high), (0.0, 509.0));
    let counted: Vec<Bin> = (0..100).map(|k| Bin { low: k as f64, high: k as f64, count: 1 }).collect();
    assert_eq!(merged(&counted), counted);
    assert_eq!(
        head(distributions, 3),
        "\
town,scenario,year,quantity,bin_low,bin_high,count
aksu,steady,2021,TDea,14,26,1000
aksu,steady,2021,unemployment,-1,11,1000
"
    );
}

#[test]
fn classes_stand_from_the_lowest_to_the_highest() {
    assert_eq!(
        head(classes, 4),
        "\
town,scenario,year,composite,class,probability,mcse,low,high
aksu,steady,2021,TDea,low,0.1,0.01,0.08040036015459946,0.11959963984540055
aksu,steady,2021,TDea,average,0.7,0.02,0.6608007203091989,0.739199279690801
aksu,steady,2021,TDea,high,0.2,0.01,0.18040036015459948,0.21959963984540054
"
    );
    assert_eq!(classes(&test_double::results()).lines().count(), 1 + 2 * 2 * 2 * 3);
}

#[test]
fn each_path_says_what_speaks_for_each_candidate() {
    assert_eq!(
        head(choice, 10),
        "\
town,scenario,year,candidate,statistic,value,mcse,low,high
aksu,steady,2021,steady,votes,2,0.1,1.8040036015459946,2.1959963984540054
aksu,steady,2021,steady,lead_share,0.3,0.004,0.29216014406183977,0.3078398559381602
aksu,steady,2021,steady,lead_alone,0.2,0.004,0.1921601440618398,0.20783985593816023
aksu,steady,2021,steady,lead_among,0.4,0.004,0.3921601440618398,0.40783985593816025
aksu,steady,2021,bold,votes,3,0.1,2.8040036015459946,3.1959963984540054
aksu,steady,2021,bold,lead_share,0.7,0.004,0.6921601440618398,0.7078398559381601
aksu,steady,2021,bold,lead_alone,0.6,0.004,0.5921601440618398,0.6078398559381601
aksu,steady,2021,bold,lead_among,0.8,0.004,0.7921601440618399,0.8078398559381602
aksu,steady,2021,,margin,1.5,0.02,1.4608007203091988,1.5391992796908012
"
    );
}

#[test]
fn only_scenarios_beside_the_reference_have_differences() {
    let all = paired(&test_double::results());
    assert_eq!(all.lines().count(), 1 + 2 * 2 * 16);
    assert!(all.lines().skip(1).all(|line| line.split(',').nth(1) == Some("bold")));
    assert_eq!(
        all.lines().nth(1),
        Some("aksu,bold,2021,unemployment,mean,-1,0.1,-1.1959963984540054,-0.8040036015459946,%,")
    );
    assert_eq!(
        all.lines().nth(16),
        Some(
            "aksu,bold,2021,unemployment,better,0.83,0.004,0.8221601440618398,0.8378398559381601,probability,"
        )
    );
}

#[test]
fn first_years_add_up_over_time() {
    let all = first_passage(&test_double::results());
    assert!(all.contains("aksu,steady,2035,distress,first_in_year,0.2,0.001,"));
    assert!(all.contains("aksu,steady,2035,distress,so_far,0.2,0.012"));
}

#[test]
fn the_ranking_has_a_row_a_scenario_and_shared_ranks() {
    let all = resilience(&test_double::results());
    // Both towns of the made-up results come to distress in a fifth of the runs.
    assert!(all.contains("aksu,1,2,steady,0.8,0.012"), "{all}");
    assert!(all.contains(",yes\n") && all.contains("belsu,1,2,bold,0.8,"), "{all}");
    assert_eq!(all.lines().count(), 1 + 2 * 2);
}

#[test]
fn prices_stand_observed_then_simulated_then_by_branch_and_a_stress_last() {
    let all = prices(&test_double::results());
    assert_eq!(all.lines().count(), 1 + 2 + 3 * 2 * 11 + 1);
    for line in [
        "copper,2021,observed,average,100,0,,,\"$/t, real\",",
        "copper,2035,all,q500,60,0.5,59.02001800772997,60.97998199227003,\"$/t, real\",",
        "copper,2035,reverting,q025,61,0.5,60.02001800772997,61.97998199227003,\"$/t, real\",",
        "copper,2035,stress,factor,0.5,0,,,share,",
    ] {
        assert!(all.lines().any(|l| l == line), "{line}");
    }
}

#[test]
fn price_correlations_stand_beside_each_other_and_what_there_is_not_is_empty() {
    assert_eq!(
        price_comovement(&test_double::results()),
        "a,b,listed,realised,history,history_low,history_high,history_changes\n\
         copper,zinc,0.75,0.7,0.5,-0.2,0.9,12\ncopper,lead,0.5,,,,,1\n"
    );
}

#[test]
fn towns_together_are_counted_from_none_to_all() {
    let all = together(&test_double::results());
    assert_eq!(all.lines().count(), 1 + 2 * 2 * 3);
    assert!(all.contains("steady,2035,distress,2,exactly,0.25,0.01,"));
    assert!(all.contains("steady,2035,distress,1,at_least,0.55,0.01,"));
}

#[test]
fn the_split_says_its_scale() {
    let all = split(&test_double::results());
    assert_eq!(all.lines().count(), 1 + 2 * 2 * 2 * 9);
    assert!(all.contains(
        "aksu,steady,2035,enterprise,-4.5,0.1,-4.695996398454005,-4.304003601545995,percentage points,\n"
    ));
    assert!(all.contains(
        "aksu,steady,2035,logit_price,-0.3,0.01,-0.3195996398454005,-0.28040036015459946,logit,\n"
    ));
}

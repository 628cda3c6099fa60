//! Draws of parameters: what posterior.csv may hold, and what is said of the rest.

use boljam::case::{Case, Parameter, Setting, Source};

/// The shipped case with a posterior.
fn with(posterior: &str) -> Source {
    let mut source = Source::embedded();
    source.files.insert("posterior.csv".to_owned(), posterior.to_owned());
    source
}

/// The whole report of a case that must be refused.
fn report(posterior: &str) -> Vec<String> {
    let faults = Case::load(&with(posterior), &[]).unwrap_err().to_string();
    faults.lines().skip(1).map(|line| line.trim().to_owned()).collect()
}

#[test]
fn a_posterior_is_read_whatever_the_order_of_rows_and_columns() {
    let posterior = "wage.persistence,draw,unemployment.sigma\n0.5,7,0.1\n0.6,2,0.2\n0.7,4,0.3\n";
    let case = Case::load(&with(posterior), &[]).unwrap();
    let driver = |id: &str| case.drivers.iter().position(|d| d.id == id).unwrap();
    let (wage, unemployment) = (driver("wage"), driver("unemployment"));
    let read = case.posterior.as_ref().unwrap();
    assert_eq!(read.values(wage, Parameter::Persistence).unwrap(), [0.6, 0.7, 0.5]);
    assert_eq!(read.values(unemployment, Parameter::Sigma).unwrap(), [0.2, 0.3, 0.1]);
    assert_eq!(read.values(unemployment, Parameter::Persistence), None);
    let other = "draw,unemployment.sigma,wage.persistence\n4,0.3,0.7\n7,0.1,0.5\n2,0.2,0.6\n";
    assert_eq!(Case::load(&with(other), &[]).unwrap().posterior, case.posterior);
}

#[test]
fn what_the_user_sets_is_not_drawn() {
    let posterior = "draw,unemployment.sigma,wage.persistence\n0,0.3,0.7\n1,0.1,0.5\n";
    let setting = Setting::parse("drivers.unemployment.sigma=0.05").unwrap();
    let case = Case::load(&with(posterior), &[setting]).unwrap();
    let read = case.posterior.unwrap();
    let wage = case.drivers.iter().position(|d| d.id == "wage").unwrap();
    assert_eq!(read.columns, [(wage, Parameter::Persistence)]);
    assert_eq!(read.draws, [[0.7], [0.5]]);
}

#[test]
fn every_fault_of_a_posterior_is_told() {
    let many: &[(&str, &[&str])] = &[
        (
            "draw,unemployment.sgima,tourism.sigma,wage.sigma\n0,1,2,0.1\n",
            &[
                "posterior.csv: line 1: unknown column 'tourism.sigma' (known here: draw, DRIVER.PARAMETER with a driver of drivers.csv and one of sigma, persistence, price_exposure, regional_share)",
                "posterior.csv: line 1: unknown column 'unemployment.sgima' (known here: draw, DRIVER.PARAMETER with a driver of drivers.csv and one of sigma, persistence, price_exposure, regional_share)",
            ],
        ),
        (
            "draw,wage.sigma,wage.persistence\n0,-1,1.5\n0,nan,0.5\nx,0.1,\n",
            &[
                "posterior.csv: line 2, wage.persistence: '1.5' is not allowed (a number from 0 to 1)",
                "posterior.csv: line 2, wage.sigma: '-1' is not allowed (a number from 0 to 100)",
                "posterior.csv: line 3, wage.sigma: 'nan' is not allowed (a number from 0 to 100)",
                "posterior.csv: line 3: '0' stands in line 2 already",
                "posterior.csv: line 4, draw: 'x' is not allowed (a number of its own from 0 to 1000000)",
                "posterior.csv: line 4, wage.persistence: '' is not allowed (a number from 0 to 1)",
            ],
        ),
        (
            "draw,wage.persistence\n5,0.4\n17,1\n",
            &[
                "posterior.csv: line 3: deviations never die out with the persistence of draw 17 (spectral radius 1.000 at mono-profile degree 0, must be below 1)",
            ],
        ),
        (
            "draw,wage.persistence\n5,0.4\n17,1\n18,0.2\n19,1\n",
            &[
                "posterior.csv: line 3: deviations never die out with the persistence of draw 17 (spectral radius 1.000 at mono-profile degree 0, must be below 1); so with 1 more of 4 draws",
            ],
        ),
        (
            "draw\n1\n",
            &[
                "posterior.csv: line 1: needs a column DRIVER.PARAMETER with a driver of drivers.csv and one of sigma, persistence, price_exposure, regional_share",
            ],
        ),
        ("draw,wage.sigma\n", &["posterior.csv: has no draws; a case without draws has no such file"]),
        ("wage.sigma\n0.1\n", &["posterior.csv: line 1: column 'draw' is missing"]),
        (
            "draw,wage.sigma,wage.sigma\n1,0.1,0.1\n",
            &["posterior.csv: line 1: column 'wage.sigma' stands twice"],
        ),
    ];
    for (posterior, expected) in many {
        assert_eq!(report(posterior), *expected, "{posterior}");
    }
}

/// Effects in a circle that never die out are the fault of the effects, not of the draws.
#[test]
fn effects_that_never_die_out_are_told_once() {
    let mut source = with("draw,wage.persistence,unemployment.persistence\n0,0.5,0.5\n1,0.1,0.1\n");
    let impacts = source.files.get_mut("cross_impacts.csv").unwrap();
    impacts.push_str("wage,unemployment,0.99,none,test\nunemployment,wage,0.99,none,test\n");
    assert!(Case::load(&source, &[]).is_ok());
    let impacts = source.files.get_mut("cross_impacts.csv").unwrap();
    *impacts = impacts.replace("wage,unemployment,0.99", "wage,unemployment,1.03");
    let faults = Case::load(&source, &[]).unwrap_err().to_string();
    assert!(faults.contains("cross_impacts.csv: deviations never die out"), "{faults}");
    // What the case's own values do already is not told again of each draw.
    assert!(!faults.contains("posterior.csv"), "{faults}");
}

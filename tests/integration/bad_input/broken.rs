//! What can be wrong with a case, one thing at a time, and what is said of it.

/// File, what stands there, what is put there instead, and the whole report.
pub(crate) type Broken = (&'static str, &'static str, &'static str, &'static [&'static str]);

#[rustfmt::skip]
pub(crate) const BROKEN: &[Broken] = &[
    ("case.toml", "horizon = 2035", "horizon = 2035\nhorizont = 2040", &[
        "case.toml: line 13, horizont: unknown key (known here: assumptions, base_year, commodity, delivery_correlation, horizon, id, known_until, names, plan_correlation, plan_shape, reference, region, scenarios, seed, stresses, town)",
    ]),
    ("diversification.toml", "sd = 0.15 }", "sd = 0.15, sdd = 1 }", &[
        "diversification.toml: line 28, plan.enterprise_output.sdd: unknown key (known here: add, by, cost, multiple, odds, sd, start)",
    ]),
    ("cross_impacts.csv", "from,to,", "from,too,", &[
        "cross_impacts.csv: line 1: unknown column 'too'; is it 'to', which is missing? (known here: from, to, long_run_effect, scale, basis)",
    ]),
    ("case.toml", "mix = { steel = 0.8, iron_ore = 0.2 }", "mix = { steel = 0.8, iron = 0.2 }", &[
        "case.toml: line 144, town.temirtau.mix.iron: unknown commodity (known: coal, copper, iron_ore, lead, steel, zinc)",
    ]),
    ("diversification.toml", "\nother_output = {", "\nother_outputs = {", &[
        "diversification.toml: line 29, plan.other_outputs: unknown driver; is it 'other_output', which is missing? (known: budget, culture, education_medical, enterprise_employment, enterprise_output, investment, natural_increase, net_migration, other_output, participation, profitable, project_jobs_created, project_jobs_planned, projects_completed, projects_planned, unemployment, wage, wear)",
    ]),
    ("events.csv", "plan other_output 0.15", "plan tourism 0.15", &[
        "events.csv: line 5, effect: 'plan tourism 0.15' is not allowed ('plan DRIVER SHIFT', 'shock DRIVER SHIFT' or 'switch SWITCH 0|100', joined by ';')",
    ]),
    ("events.csv", "temirtau shakhtinsk", "temirtaw shakhtinsk", &[
        "events.csv: line 2, towns: 'temirtaw' is not allowed (all, or towns: abai, balkhash, karazhal, saran, satpayev, shakhtinsk, temirtau, zhezkazgan)",
    ]),
    ("method.toml", "votes = [\"innovative\"] }", "votes = [\"inovative\"] }", &[
        "method.toml: line 285, composite.TDea.scale.high.votes: 'inovative' is not allowed (known: inertial, balanced, innovative, diversification)",
    ]),
    ("method.toml", "index = \"TDea\"                  # a composite with a scale\nrate = \"unemployment\"           # read as a rate\npeople = \"people_at_enterprise\"", "index = \"TDe\"\nrate = \"unemployed\"\npeople = \"people\"\nwhole = \"TDea\"", &[
        "method.toml: line 10, headline.index: 'TDe' is not allowed (known: TDm, TDea, TDda, TDzhia, TDaa, TDsp)",
        "method.toml: line 11, headline.rate: 'unemployed' is not allowed (known: budget, culture, education_medical, enterprise_employment, enterprise_output, investment, natural_increase, net_migration, other_output, participation, profitable, project_jobs_created, project_jobs_planned, projects_completed, projects_planned, unemployment, wage, wear, TDm1, TDe1, TDa1)",
        "method.toml: line 12, headline.people: 'people' is not allowed (known: people_at_enterprise, unemployed, population)",
        "method.toml: line 13, headline.whole: unknown key (known here: index, people, rate)",
    ]),
    ("drivers.csv", "unemployed,no,yes,", "unemployed,no,maybe,", &[
        "drivers.csv: line 5, paired: 'maybe' is not allowed (no, yes)",
    ]),
    ("case.toml", "reference = \"inertial\"", "reference = \"usual\"", &[
        "case.toml: line 19, reference: 'usual' is not allowed (one of the scenarios: inertial, balanced, innovative, diversification)",
    ]),
    ("assessment.csv", "balkhash,TDm2,27.3,,,Table 19,\n", "", &[
        "assessment.csv: TDm2 of balkhash is neither here nor in missing.csv",
    ]),
    ("assessment.csv", "balkhash,TDm2,27.3,,,Table 19,\n", "balkhash,TDm2,27.3,,,Table 19,\nbalkhash,TDm2,27.3,,,Table 19,\n", &[
        "assessment.csv: line 6: 'balkhash, TDm2' stands in line 5 already",
    ]),
    ("assessment.csv", "balkhash,TDm2,27.3", "balkhash,TDm2,127.3", &[
        "assessment.csv: balkhash, TDm2: 127.3 is not allowed (a number from 0 to 100)",
        "drivers.csv: line 4, base for balkhash: 127.3 is not allowed (a base value from 0 to 100)",
    ]),
    ("assessment.csv", "balkhash,TDm2,27.3", "balkhash,TDm2,nan", &[
        "assessment.csv: line 5, value: 'nan' is not allowed (a number from -1000000000 to 1000000000)",
    ]),
    ("assessment.csv", "balkhash,TDaa1,0", "balkhash,TDaa1,50", &[
        "assessment.csv: balkhash, TDaa1: 50 is not allowed (0 or 100)",
    ]),
    ("missing.csv", "zhezkazgan,TDm1,70,82,95", "zhezkazgan,TDm1,70,99,95", &[
        "missing.csv: line 2, mode: '99' is not allowed (a number between low 70 and high 95)",
    ]),
    ("base_levels.csv", "balkhash,unemployment,4.9", "balkhash,unemployment,104.9", &[
        "base_levels.csv: line 2, value: '104.9' is not allowed (a percentage from 0 to 100)",
        "drivers.csv: line 5, base for balkhash: 104.9 is not allowed (a base value from 0 to 100)",
    ]),
    ("base_levels.csv", "balkhash,population,79191", "balkhash,population,0", &[
        "base_levels.csv: line 18, value: '0' is not allowed (more than 0)",
    ]),
    ("base_levels.csv", "balkhash,population,79191,persons,Table 6 (town administration)\n", "", &[
        "base_levels.csv: population of balkhash is missing",
    ]),
    ("drivers.csv", "log,0.12,0.85", "log,-0.12,0.85", &[
        "drivers.csv: line 2, sigma: '-0.12' is not allowed (a number from 0 to 100)",
    ]),
    ("drivers.csv", "log,0.12,0.85", "log,0.12,1.85", &[
        "drivers.csv: line 2, persistence: '1.85' is not allowed (a number from 0 to 1)",
    ]),
    ("drivers.csv", "log,0.12,0.85", "lag,0.12,0.85", &[
        "drivers.csv: line 2, link: 'lag' is not allowed (log, logit, identity)",
    ]),
    ("drivers.csv", "TDe1 * TDm1 / 100", "TDe1 * TDx1 / 100", &[
        "drivers.csv: line 2, base: 'TDx1' in the formula is unknown (known here: TDm1, TDm2, TDe1, TDe2, TDe3, TDe4, TDa1, TDa2, TDa3, TDa4, TDda1, TDda2, TDzhia1, TDzhia2, TDzhia3, TDzhia4, TDaa1, TDaa2, TDaa3, TDsp1, TDsp2, population, population_growth, unemployment, wear)",
    ]),
    ("drivers.csv", "TDe1 * TDm1 / 100", "TDe1 * (TDm1 / 100", &[
        "drivers.csv: line 2, base: 'TDe1 * (TDm1 / 100' is no formula: at character 19: expected ')', found the end",
    ]),
    ("correlations.csv", "enterprise_output,profitable,0.40", "enterprise_output,profitable,1.40", &[
        "correlations.csv: line 2, correlation: '1.40' is not allowed (a number from -1 to 1)",
    ]),
    ("correlations.csv", "projects_planned,project_jobs_planned,0.70,assumption", "projects_planned,project_jobs_planned,0.99,assumption\ninvestment,project_jobs_planned,-0.60,assumption", &[
        "correlations.csv: the correlations are not positive definite: those of projects_planned (investment 0.3, project_jobs_planned 0.99) do not fit together with the others",
    ]),
    ("price_correlations.csv", "copper,steel,0.701", "copper,steel,-0.99", &[
        "price_correlations.csv: the correlations are not positive definite: those of steel (coal 0.789, copper -0.99, iron_ore 0.587, lead 0.449, zinc 0.362) do not fit together with the others",
    ]),
    ("cross_impacts.csv", "investment,other_output,0.10,none,assumption", "investment,other_output,0.10,none,assumption\nother_output,investment,30,mono,x", &[
        "cross_impacts.csv: deviations never die out (spectral radius 1.232 at mono-profile degree 1, must be below 1): other_output -> investment 30, investment -> other_output 0.1, persistence of investment 0.4, persistence of other_output 0.8",
    ]),
    ("cross_impacts.csv", "investment,other_output", "other_output,other_output", &[
        "cross_impacts.csv: line 11, to: 'other_output' is not allowed (another driver; a driver's own memory is its persistence)",
    ]),
    ("region.csv", "output,1.25,2035", "output,-1.25,2035", &[
        "region.csv: line 2, multiple: '-1.25' is not allowed (a number from 0.000001 to 1000000)",
    ]),
    ("region.csv", "output,1.25,2035", "output,1.25,2021", &[
        "region.csv: line 2, by: '2021' is not allowed (a year after the base year 2021)",
    ]),
    ("events.csv", ",0.04,0.035,", ",1.04,0.035,", &[
        "events.csv: line 2, inertial: '1.04' is not allowed (a number from 0 to 1)",
    ]),
    ("chronicle.csv", "2019,balkhash,two furnaces under repair", "19,balkash,", &[
        "chronicle.csv: line 4, label: '' is not allowed (a text that is not empty)",
        "chronicle.csv: line 4, towns: 'balkash' is not allowed (all, or towns: abai, balkhash, karazhal, saran, satpayev, shakhtinsk, temirtau, zhezkazgan)",
        "chronicle.csv: line 4, year: '19' is not allowed (a year from 1000 to 3000)",
    ]),
    ("observed.csv", "temirtau,2021,population,171019", "temirtau,2019,population,171019", &[
        "observed.csv: line 5, comparable: 'growth' is not allowed (growth needs a row of the same town and quantity for 2021, also 'growth')",
        "observed.csv: line 6, comparable: 'growth' is not allowed (growth needs a row of the same town and quantity for 2021, also 'growth')",
    ]),
    ("observed.csv", "zhezkazgan,2021,TDe1,16.7,percent of region", "zhezkazgan,2021,TDe1,0,", &[
        "observed.csv: line 9, unit: '' is not allowed (a unit)",
    ]),
    ("observed.csv", "region,2022,output,1.015,index", "region,2022,outputs,-1,index", &[
        "observed.csv: line 16, quantity: 'outputs' is not allowed (known: budget, culture, education_medical, investment, output, project_jobs_created, project_jobs_planned, projects_completed, projects_planned, unemployment, wage)",
        "observed.csv: line 16, value: '-1' is not allowed (a number from 0.000000001 to 1000000000000000)",
    ]),
    ("chronicle.csv", "text under Figure 22: output -34 percent because of repairs of two Vanyukov furnaces", "", &[
        "chronicle.csv: line 4, source: '' is not allowed (who says so)",
    ]),
    ("case.toml", "tile = [5, 4]", "tile = [0, 4.5]", &[
        "case.toml: line 91, town.balkhash.tile: [0.0, 4.5] is not allowed ([column from the west, row from the north], whole numbers from 1 to 12)",
    ]),
    ("case.toml", "tile = [5, 4]", "tile = [4, 3]", &[
        "case.toml: line 91, town.balkhash.tile: is where abai stands",
    ]),
    ("method.toml", "to = 35,", "to = 75,", &[
        "method.toml: line 255, composite.TDm.scale.average.to: 70 is not allowed (more than the bound of the class before, 75)",
    ]),
    ("method.toml", "formula = \"sqrt(TDe * TDa)\"", "formula = \"sqrt(TDe * TDq)\"", &[
        "method.toml: line 278, composite.TDea.formula: 'TDq' in the formula is unknown (known here: TDm1, TDm2, TDe1, TDe2, TDe3, TDe4, TDa1, TDa2, TDa3, TDa4, TDda1, TDda2, TDzhia1, TDzhia2, TDzhia3, TDzhia4, TDaa1, TDaa2, TDaa3, TDsp1, TDsp2, TDm, TDe, TDa)",
    ]),
    ("method.toml", "class = \"low\", to = 35", "class = \"lowish\", to = 35", &[
        "method.toml: line 254, composite.TDm.scale.lowish.class: 'lowish' is not allowed (known: very low, low, below average, average, above average, high)",
    ]),
    ("method.toml", "lasting = 2", "lasting = 0", &[
        "method.toml: line 368, first_passage.distress.lasting: 0 is not allowed (a whole number from 1 to 100)",
    ]),
    ("method.toml", "unless_event = \"enterprise_stop\"", "last_resort = true", &[
        "method.toml: line 367, first_passage.distress.last_resort: another outcome is the last resort already",
    ]),
    ("method.toml", "unless_event = \"enterprise_stop\"", "unless_event = \"strike\"", &[
        "method.toml: line 361, first_passage.leaves_monotown.unless_event: 'strike' is not allowed (known: accident, agglomeration, corridor, depletion, enterprise_stop, tourism)",
    ]),
    ("case.toml", "horizon = 2035", "horizon = 2020", &[
        "case.toml: line 12, horizon: 2020 is not allowed (a year after the base year 2021, at most 200 years on)",
    ]),
    ("case.toml", "seed = 20211231", "seed = -1", &[
        "case.toml: line 14, seed: -1 is not allowed (a whole number from 0 to 9223372036854775807)",
    ]),
    ("case.toml", "plan_correlation = 0.5", "plan_correlation = 1.5", &[
        "case.toml: line 15, plan_correlation: 1.5 is not allowed (a number from 0 to 1)",
    ]),
    ("case.toml", "plan_correlation = 0.5", "plan_correlation = \"half\"", &[
        "case.toml: line 15, plan_correlation: \"half\" is not allowed (a number from 0 to 1)",
    ]),
    ("case.toml", "mix = { copper = 1.0 }", "mix = { copper = 0.9 }", &[
        "case.toml: line 94, town.balkhash.mix: a sum of 0.9 is not allowed (weights that add up to 1)",
    ]),
    ("case.toml", "base_year = 2021 ", "base_year = ", &[
        "case.toml: TOML parse error at line 11, column 22",
        "|",
        "11 | base_year =          # last year of the source's data: t = 0",
        "|                      ^",
        "string values must be quoted, expected literal string",
    ]),
    ("diversification.toml", "odds = 0.60", "multiple = 0.60", &[
        "diversification.toml: line 30, plan.enterprise_employment.multiple: is not how enterprise_employment is planned: it takes 'odds'",
    ]),
    ("diversification.toml", "by = 2035, multiple = 2.80", "by = 2021, multiple = 2.80", &[
        "diversification.toml: line 29, plan.other_output.by: 2021 is not allowed (a year after its start 2021)",
    ]),
    ("diversification.toml", "by = 2035, multiple = 2.80, sd = 0.20", "by = 2035, multiple = 2.80, sd = 20", &[
        "diversification.toml: line 29, plan.other_output.sd: 20 is not allowed (a number from 0 to 5)",
    ]),
    ("diversification.toml", "by = 2035, multiple = 2.80, sd = 0.20", "by = 2035, multiple = 2.80, sd = -0.20", &[
        "diversification.toml: line 29, plan.other_output.sd: -0.2 is not allowed (a number from 0 to 5)",
    ]),
    ("diversification.toml", "by = 2035, multiple = 2.80", "by = 2035, multiple = inf", &[
        "diversification.toml: line 29, plan.other_output.multiple: inf is not allowed (a number from 0.000001 to 1000000)",
    ]),
    ("price_history.csv", "copper,2015,7491.03,6318.2\n", "", &[
        "price_history.csv: copper: no price between 2014 and 2016",
    ]),
    ("price_history.csv", "copper,2025,9944.06,11716.11\n", "", &[
        "price_history.csv: copper ends in 2024, coal in 2025: all must end in the same year",
    ]),
    ("case.toml", "[names]", "[names]\nwage = \"pay\"", &[
        "case.toml: line 35, names.wage: \"pay\" is not allowed (a table of en, kk, ru)",
    ]),
    ("price_process.csv", "copper,0.2373,0.05666,0.2841", "copper,0.2373,0.05666,-0.2841", &[
        "price_process.csv: line 3, sd_reverting: '-0.2841' is not allowed (a number from 0 to 10)",
    ]),
    ("prices.toml", "process = \"mixture\"", "process = \"guess\"", &[
        "prices.toml: line 12, process: 'guess' is not allowed (mixture, random_walk, mean_reversion, fixed)",
    ]),
    ("prices.toml", "degrees_of_freedom = 5", "degrees_of_freedom = 4", &[
        "prices.toml: line 15, degrees_of_freedom: 4 is not allowed (only 5 is offered)",
    ]),
    ("prices.toml", "process = \"mixture\"", "process = \"fixed\"", &[
        "prices.toml: fixed_prices: is missing: the file with the fixed prices",
    ]),
    ("stress/copper_2008.toml", "commodity = \"copper\"", "commodity = \"tin\"", &[
        "stress/copper_2008.toml: line 8, shock.1.commodity: 'tin' is not allowed (known: coal, copper, iron_ore, lead, steel, zinc)",
    ]),
    ("stress/copper_2008.toml", "change = -0.43", "change = -1.50", &[
        "stress/copper_2008.toml: line 9, shock.1.change: -1.5 is not allowed (a number from -0.99 to 100)",
    ]),
    ("panel.csv", "balkhash,2021,subsistence_minimum", "balkash,2021,subsistence_minimum", &[
        "panel.csv: line 2, town: 'balkash' is not allowed (known: region, abai, balkhash, karazhal, saran, satpayev, shakhtinsk, temirtau, zhezkazgan)",
    ]),
    ("region.csv", "output,1.25,2035,0.10", "output,1.25,2035,0.10,7", &[
        "region.csv: line 2: 9 cells instead of 8",
    ]),
    ("method.toml", "[[level]]\nid = \"high\"", "[[level]]\nid = \"low\"\nname = { en = \"\", kk = \"\", ru = \"\" }\n[[level]]\nid = \"high\"", &[
        "method.toml: line 49, level.low: 'low' stands twice (entry 6)",
        "method.toml: line 50, level.low.name.en: '' is not allowed (a text that is not empty)",
        "method.toml: line 50, level.low.name.kk: '' is not allowed (a text that is not empty)",
        "method.toml: line 50, level.low.name.ru: '' is not allowed (a text that is not empty)",
    ]),
    ("method.toml", "id = \"unemployed\"", "id = \"wage\"", &[
        "limits.csv: line 3, condition: 'unemployed' in the formula is unknown (known here: budget, culture, education_medical, enterprise_employment, enterprise_output, investment, natural_increase, net_migration, other_output, participation, profitable, project_jobs_created, project_jobs_planned, projects_completed, projects_planned, unemployment, wage, wear, base.budget, base.culture, base.education_medical, base.enterprise_employment, base.enterprise_output, base.investment, base.natural_increase, base.net_migration, base.other_output, base.participation, base.profitable, base.project_jobs_created, base.project_jobs_planned, base.projects_completed, base.projects_planned, base.unemployment, base.wage, base.wear, people_at_enterprise, wage, population)",
        "method.toml: wage: is the name of a driver and of a count of persons: each needs its own",
    ]),
    ("method.toml", "sqrt(TDm1 * TDm2) / 100", "TDm1 / 80", &[
        "method.toml: line 3, mono_degree for satpayev: 1.025 is not allowed (a degree from 0 to 1)",
        "method.toml: line 3, mono_degree for temirtau: 1.025 is not allowed (a degree from 0 to 1)",
        "method.toml: line 3, mono_degree for zhezkazgan: 1.025 is not allowed (a degree from 0 to 1)",
    ]),
    ("method.toml", "id = \"distress\"", "id = \"leaves_monotown\"", &[
        "method.toml: line 29, assumptions.distress: 'distress' is not allowed (a key of this file, or the id of one of its tables)",
        "method.toml: line 364, first_passage.leaves_monotown: 'leaves_monotown' stands twice (entry 2)",
    ]),
    ("method.toml", "  { class = \"low\", to = 35, votes = [\"diversification\"] },\n  { class = \"average\", to = 70, votes = [\"balanced\"] },\n", "", &[
        "method.toml: line 253, composite.TDm.scale: a scale needs at least two classes",
    ]),
    ("method.toml", "formula = \"enterprise_employment\"", "formula = \"enterprise_employment / (wear - base.wear)\"", &[
        "method.toml: line 72, sub_indicator.TDm2.formula: gives no finite number in the base year for abai, balkhash, karazhal, saran, satpayev, shakhtinsk, temirtau, zhezkazgan (enterprise_employment / (wear - base.wear), enterprise_employment = 22, wear = 42.7, base.wear = 42.7)",
    ]),
    ("case.toml", "\"innovative\", \"diversification\"]", "\"innovative\", \"diversification\", \"a\", \"b\", \"c\", \"d\", \"e\"]", &[
        "a.toml: is missing from the embedded case",
        "b.toml: is missing from the embedded case",
        "c.toml: is missing from the embedded case",
        "case.toml: line 18, scenarios: a list of 9 is not allowed (1 to 8 scenarios)",
        "d.toml: is missing from the embedded case",
        "e.toml: is missing from the embedded case",
        "events.csv: line 1: column 'a' is missing",
        "events.csv: line 1: column 'b' is missing",
        "events.csv: line 1: column 'c' is missing",
        "events.csv: line 1: column 'd' is missing",
        "events.csv: line 1: column 'e' is missing",
    ]),
    ("case.toml", "\"innovative\", \"diversification\"]", "\"innovative\", \"diversification\", \"once\"]", &[
        "case.toml: line 18, scenarios: 'once' is not allowed (another id: a file or a column of events.csv has this name)",
        "events.csv: line 2, once: 'no' is not allowed (a number from 0 to 1)",
        "events.csv: 5 rows, once: 'yes' is not allowed (a number from 0 to 1) (line 3 is the first)",
        "once.toml: is missing from the embedded case",
    ]),
    ("case.toml", "base_year = 2021", "base_year = 20211", &[
        "case.toml: line 11, base_year: 20211 is not allowed (a whole number from 1000 to 3000)",
    ]),
    ("case.toml", "base_year = 2021", "base_year = 2026", &[
        "case.toml: line 13, known_until: 2025 is not allowed (the base year 2026 or later)",
        "consumer_prices.csv: no index of the base year 2026, which the history of investment needs",
        "consumer_prices.csv: no index of the base year 2026, which the history of wage needs",
        "price_history.csv: coal: no price in the base year 2026",
        "price_history.csv: copper: no price in the base year 2026",
        "price_history.csv: iron_ore: no price in the base year 2026",
        "price_history.csv: lead: no price in the base year 2026",
        "price_history.csv: steel: no price in the base year 2026",
        "price_history.csv: zinc: no price in the base year 2026",
    ]),
    ("drivers.csv", "fixed_asset_wear,no", "fixed_asset_ware,no", &[
        "drivers.csv: wear, history: 'fixed_asset_ware' in the formula is no indicator of panel.csv (average_wage, fixed_asset_wear, fixed_capital_investment, industrial_output, industrial_output_growth, innovating_enterprises, innovative_output, innovative_output_per_capita, large_medium_enterprises, loss_making_enterprises, monotowns_share_of_regional_industrial_output, population, profitability, rnd_enterprises, rnd_personnel, roads_in_good_condition, share_employed_in_industry, share_of_regional_industrial_output, subsistence_minimum, two_holdings_share_of_regional_industry, unemployed, unemployment_rate)",
    ]),
    ("drivers.csv", "lower,TDm2,,no", "lower,TDm2 * 2,,no", &[
        "drivers.csv: line 4, base for satpayev: 114 is not allowed (a base value from 0 to 100)",
        "drivers.csv: line 4, base for shakhtinsk: 114 is not allowed (a base value from 0 to 100)",
    ]),
    ("consumer_prices.csv", "2021,128.93,8.04,World Bank FP.CPI.TOTL.ZG", "", &[
        "consumer_prices.csv: no index of the base year 2021, which the history of investment needs",
        "consumer_prices.csv: no index of the base year 2021, which the history of wage needs",
    ]),
    ("assessment.csv", "balkhash,TDzhia1,9.5,9,94", "balkhash,TDzhia1,9.5,9,0.09", &[
        "assessment.csv: balkhash, TDzhia1, numerator over denominator: 10000 is not allowed (a number from 0 to 1000)",
    ]),
    ("base_levels.csv", "abai,wear,42.7", "abai,TDm1,42.7", &[
        "base_levels.csv: wear of abai is missing (wear needs it)",
        "base_levels.csv: line 17, level: 'TDm1' is not allowed (another name: this one is a sub-indicator's symbol)",
    ]),
    ("correlations.csv", "enterprise_output,budget,0.35,assumption", "enterprise_output,budget,0.35,assumption\nbudget,enterprise_output,0.35,assumption", &[
        "correlations.csv: line 4, b: 'enterprise_output' is not allowed (each pair once)",
    ]),
    ("missing.csv", "zhezkazgan,TDm1,70,82,95", "zhezkazgan,TDm1,70,82,195", &[
        "drivers.csv: line 3, base for zhezkazgan: -19.854999999999997 is not allowed (a base value from 0 up)",
        "missing.csv: zhezkazgan, TDm1, high: 195 is not allowed (a number from 0 to 100)",
    ]),
    ("correlations.csv", "a,b,correlation,basis", "a;b;correlation;basis", &[
        "correlations.csv: line 1: cells are separated by ';'; commas are needed, and decimal points",
    ]),
    ("stress/copper_2008.toml", "[[shock]]", "[shock]", &[
        "stress/copper_2008.toml: line 7, shock: must be a list of tables",
    ]),
    // Texts that no table, picture or page can hold.
    ("case.toml", "\"Karaganda region\"", "\"Karaganda\\u0000 region\"", &[
        "case.toml: line 29, region.name.en: \"Karaganda\\0 region\" is not allowed (a text on one line, without control characters)",
    ]),
    ("case.toml", "\"Karaganda region\"", "\"Karaganda\\u000B region\"", &[
        "case.toml: line 29, region.name.en: \"Karaganda\\u{b} region\" is not allowed (a text on one line, without control characters)",
    ]),
    ("case.toml", "\"Karaganda region\"", "\"Karaganda\\nregion\"", &[
        "case.toml: line 29, region.name.en: \"Karaganda\\nregion\" is not allowed (a text on one line, without control characters)",
    ]),
    ("case.toml", "\"Karaganda region\"", "\" \"", &[
        "case.toml: line 29, region.name.en: ' ' is not allowed (a text that is not empty)",
    ]),
    ("drivers.csv", "unemployment,unemployment rate,", "unemployment,unemployment\u{1} rate,", &[
        "drivers.csv: line 5, label: \"unemployment\\u{1} rate\" is not allowed (a text on one line, without control characters)",
    ]),
    ("drivers.csv", "unemployment,unemployment rate,", "unemployment,\"unemployment\nrate\",", &[
        "drivers.csv: line 5, label: \"unemployment\\nrate\" is not allowed (a text on one line, without control characters)",
    ]),
    ("drivers.csv", "unemployment,unemployment rate,", "unemployment,,", &[
        "drivers.csv: line 5, label: '' is not allowed (a text that is not empty)",
    ]),
    ("case.toml", "id = \"karaganda\"", "id = \"all\"", &[
        "case.toml: line 10, id: 'all' is not allowed (another id: tables use this word)",
    ]),
    ("events.csv", "\naccident,", "\n\"acci,dent\",", &[
        "events.csv: line 2, event: 'acci,dent' is not allowed (an id of the letters a-z and A-Z, digits and underscores, a letter first)",
    ]),
    ("method.toml", "id = \"very low\"", "id = \"\"", &[
        "method.toml: line 34, level..id: '' is not allowed (a text that is not empty)",
        "method.toml: line 280, composite.TDea.scale.very low.class: 'very low' is not allowed (known: , low, below average, average, above average, high)",
        "method.toml: line 295, composite.TDda.scale.very low.class: 'very low' is not allowed (known: , low, below average, average, above average, high)",
    ]),
    // What is said of values that nobody measured.
    ("prices.toml", "walk = \"equal weight to the two branches\"", "wolk = \"equal weight to the two branches\"", &[
        "prices.toml: line 18, assumptions.wolk: 'wolk' is not allowed (a key of this file, or the id of one of its tables)",
    ]),
    ("prices.toml", "walk = \"equal weight to the two branches\"", "walk = 7", &[
        "prices.toml: line 18, assumptions.walk: 7 is not allowed (a text that says why)",
    ]),
    ("method.toml", "distress = \"", "distressed = \"", &[
        "method.toml: line 29, assumptions.distressed: 'distressed' is not allowed (a key of this file, or the id of one of its tables)",
    ]),
    ("method.toml", "used = \"either\"", "used = \"neither\"", &[
        "method.toml: line 18, monotown.used: 'neither' is not allowed (known: either, both)",
    ]),
    ("method.toml", "condition = \"TDm1 > 20 or TDm2 > 20\"", "condition = \"TDm1 > 20 or TDm3 > 20\"", &[
        "method.toml: line 22, monotown.reading.either.condition: 'TDm3' in the formula is unknown (known here: TDm1, TDm2, TDe1, TDe2, TDe3, TDe4, TDa1, TDa2, TDa3, TDa4, TDda1, TDda2, TDzhia1, TDzhia2, TDzhia3, TDzhia4, TDaa1, TDaa2, TDaa3, TDsp1, TDsp2)",
    ]),
    ("case.toml", "horizon = 2035 ", "horizon = 2035 = 1", &[
        "case.toml: TOML parse error at line 12, column 16",
        "|",
        "12 | horizon = 2035 = 1           # last simulated year",
        "|                ^",
        "unexpected key or value, expected newline, `#`",
    ]),
    ("panel.csv", "balkhash,2021,subsistence_minimum,38267,", "balkhash,2021,subsistence_minimum,n/a,", &[
        "panel.csv: line 2, value: 'n/a' is not allowed (a number from -1000000000000000 to 1000000000000000)",
    ]),
];

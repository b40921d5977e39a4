/**
 * Assertions on token figures, judged by Gatling among its own.
 *
 * <p>Gatling reads what it judges from its {@code simulation.log}, after the load. So each figure
 * that an assertion names is worked out from the run's summary when the load has ended and Gatling
 * has closed that file, and added to it as the one record of a group of its own: whichever
 * statistic Gatling takes of one value is that value. A group without requests appears in no table,
 * menu or count of a report.
 */
package dev.gatlingllm.report.assertion;

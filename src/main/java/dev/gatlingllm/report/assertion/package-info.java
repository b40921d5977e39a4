/**
 * Assertions on token figures, which Gatling judges among its own. {@link
 * dev.gatlingllm.report.assertion.TokenAssertion} is the entry.
 *
 * <p>Gatling reads what it judges from its {@code simulation.log}, after the load. When the load
 * has ended and Gatling has closed that file, the value of each assertion is computed from the
 * run's summary and appended as the only record of a group of its own: any statistic of one value
 * is that value. A group without requests appears in no table, menu or count of a report.
 */
@NullMarked
package dev.gatlingllm.report.assertion;

import org.jspecify.annotations.NullMarked;

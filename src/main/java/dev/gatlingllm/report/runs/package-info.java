/**
 * What is said of several runs: the sum of what several load generators saw of one load, and the
 * page that lists the runs of a results folder and compares them.
 *
 * <p>Histograms and counts are added up; no figure of a run is averaged with another's. Whatever a
 * run's files hold is data here, never markup.
 */
package dev.gatlingllm.report.runs;

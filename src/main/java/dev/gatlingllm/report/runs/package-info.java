/**
 * Several runs together: {@link dev.gatlingllm.report.runs.RunsIndex} lists and compares the runs
 * of a results folder, {@link dev.gatlingllm.report.runs.MergeCommand} merges the runs of several
 * load generators.
 *
 * <p>Histograms and counts are added; figures of runs are never averaged. What a run's files
 * contain is data here, never markup.
 */
@NullMarked
package dev.gatlingllm.report.runs;

import org.jspecify.annotations.NullMarked;

/**
 * What a run leaves behind. {@link dev.gatlingllm.report.RunReport} is a run's description and its
 * figures; {@link dev.gatlingllm.report.TokensJson} and others write it into files, {@link
 * dev.gatlingllm.report.TokensPage} makes the data of the Tokens tab, {@link
 * dev.gatlingllm.report.ConsoleSummary} the text on the console. {@link
 * dev.gatlingllm.report.KeptRun} reads a run from its folder again.
 *
 * <p>Request names, failure messages and model names come from outside: they enter a page as
 * escaped JSON and its document as text, never as markup.
 */
@NullMarked
package dev.gatlingllm.report;

import org.jspecify.annotations.NullMarked;

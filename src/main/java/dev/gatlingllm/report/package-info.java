/**
 * What a run leaves behind: the Tokens tab on Gatling's own pages, the console's summary, {@code
 * tokens.json} and {@code requests.jsonl}. All of it is drawn from one {@linkplain
 * dev.gatlingllm.metrics.RunSummary summary}, which reaches Gatling's report generator, in the same
 * JVM after the run, through {@link dev.gatlingllm.report.TokensReport}.
 *
 * <p>Request names, failure messages and model names are data from outside: they enter a page as
 * escaped JSON and its document as text, never as markup.
 */
package dev.gatlingllm.report;

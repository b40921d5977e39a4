/**
 * The pages of benchmark results: {@link dev.gatlingllm.bench.page.MatrixPage} for all combinations
 * of parameters, {@link dev.gatlingllm.bench.page.SearchPage} for a search. Each class writes its
 * data as JSON; {@link dev.gatlingllm.report.HtmlPage} adds the scripts that draw it.
 */
package dev.gatlingllm.bench.page;

/**
 * Searches the largest load that a server sustains. {@link dev.gatlingllm.bench.search.LimitSearch}
 * is the entry: it varies one parameter, such as the number of users, and finds the largest value
 * at which all {@link dev.gatlingllm.bench.search.SearchObjectives} are met. Measuring is the
 * caller's part.
 */
@NullMarked
package dev.gatlingllm.bench.search;

import org.jspecify.annotations.NullMarked;

/**
 * Finds how much a server sustains: the largest value of a parameter, such as the number of users,
 * at which what it is measured to do keeps stated objectives. The search is plain logic behind
 * {@link dev.gatlingllm.bench.search.Measure}; what measures is the caller's.
 */
package dev.gatlingllm.bench.search;

/**
 * Recorded conversations and traces as workloads: files are gone through once when the run starts,
 * so that each entry is checked and its place known, and entries are read when they are needed.
 */
package dev.gatlingllm.workload.replay;

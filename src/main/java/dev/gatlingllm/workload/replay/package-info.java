/**
 * Recorded conversations and traces as workloads: {@link dev.gatlingllm.workload.replay.Replay}
 * opens a file, checks each entry and keeps its location; entries are read when a user needs them.
 */
package dev.gatlingllm.workload.replay;

/**
 * Recorded conversations and traces as workloads: {@link dev.gatlingllm.workload.replay.Replay}
 * opens a file, checks each entry and keeps its location; entries are read when a user needs them.
 */
@NullMarked
package dev.gatlingllm.workload.replay;

import org.jspecify.annotations.NullMarked;

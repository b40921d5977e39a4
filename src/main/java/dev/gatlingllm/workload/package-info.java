/**
 * Who says what, and when: {@link dev.gatlingllm.workload.SharedPrefixScripts} writes a {@link
 * dev.gatlingllm.workload.ConversationScript} for each conversation of a workload, and {@link
 * dev.gatlingllm.workload.replay.Replay} reads them from a file. Knows nothing of Gatling, HTTP or
 * the responses of a model.
 */
package dev.gatlingllm.workload;

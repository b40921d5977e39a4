/**
 * Who asks what, and when. A {@link dev.gatlingllm.workload.ConversationScript} has the questions
 * of one conversation; {@link dev.gatlingllm.workload.SharedPrefixScripts} writes them for groups
 * of users with a shared system prompt, and {@link dev.gatlingllm.workload.replay.Replay} reads
 * them from a file:
 *
 * <pre>{@code
 * SharedPrefixScripts scripts = new SharedPrefixScripts(shape, text, columns, shard);
 * ConversationScript script = scripts.find(7).orElseThrow();
 * Question first = script.question(1);
 * }</pre>
 *
 * <p>Everything depends on a seed and the conversation's number in the whole workload, which {@link
 * dev.gatlingllm.workload.Shard} derives from the number of a load generator's own user. The
 * package knows nothing of Gatling, HTTP or the responses of a model.
 */
@NullMarked
package dev.gatlingllm.workload;

import org.jspecify.annotations.NullMarked;

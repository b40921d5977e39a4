/**
 * Connects this library to Gatling's engine. It is the only package that uses Gatling's Scala
 * internals.
 *
 * <p>Start with {@link dev.gatlingllm.gatling.TimedAction}, which turns one of Gatling's own HTTP
 * requests into an action that is timed token by token: a listener around Gatling's stamps what
 * arrives, and a check before the user's checks fails a bad response. {@link
 * dev.gatlingllm.gatling.ConversationSource} gives conversations to virtual users, {@link
 * dev.gatlingllm.gatling.TokenRun} records the responses of a run, and {@link
 * dev.gatlingllm.gatling.TokensTab} adds the Tokens tab to Gatling's report.
 *
 * <p>Code that runs on an event loop here is short and never blocks.
 */
@NullMarked
package dev.gatlingllm.gatling;

import org.jspecify.annotations.NullMarked;

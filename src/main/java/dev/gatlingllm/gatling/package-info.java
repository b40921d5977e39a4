/**
 * The bridge to Gatling's engine, and the only room that touches its Scala internals: requests stay
 * Gatling's own, a listener around Gatling's stamps what arrives, and the reply's verdict takes its
 * place among the checks. Whatever runs here on an event loop is short and never blocks.
 */
package dev.gatlingllm.gatling;

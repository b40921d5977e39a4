/**
 * Samples, one idea each. Start with {@link dev.gatlingllm.samples.Sample01Hello}; {@link
 * dev.gatlingllm.samples.SharedPrefixChat} is the bundled simulation, whose load comes from the
 * settings, and {@link dev.gatlingllm.samples.ShopAssistant} makes an existing scenario multi-turn.
 */
package dev.gatlingllm.samples;

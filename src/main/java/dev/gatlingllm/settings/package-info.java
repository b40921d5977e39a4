/**
 * Settings that users change without writing code. {@link dev.gatlingllm.settings.LlmSettings}
 * holds the values of a run; {@link dev.gatlingllm.settings.Setting} declares each setting with its
 * type and range. To add one, declare it there, describe it in {@code llm-defaults.conf} and add
 * its row to {@code docs/settings.md}; a test compares the three.
 */
@NullMarked
package dev.gatlingllm.settings;

import org.jspecify.annotations.NullMarked;

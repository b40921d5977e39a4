/**
 * How numbers and durations are read and written, everywhere in the code base: {@link
 * dev.gatlingllm.text.Numbers} for output and {@link dev.gatlingllm.text.Durations} for values with
 * a unit of time. The ground floor: depends on the JDK alone, and every other package may use it.
 */
package dev.gatlingllm.text;

/**
 * How values are read and written, everywhere in the code base: {@link dev.gatlingllm.text.Numbers}
 * for output, {@link dev.gatlingllm.text.Durations} for values with a unit of time, {@link
 * dev.gatlingllm.text.Choice} for constants of an enum and {@link dev.gatlingllm.text.Names} for
 * misspelt names. The ground floor: depends on the JDK alone, and every other package may use it.
 */
@NullMarked
package dev.gatlingllm.text;

import org.jspecify.annotations.NullMarked;

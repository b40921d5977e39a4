/**
 * The command line. {@link dev.gatlingllm.cli.Main} is the one main class; each subcommand is a
 * class of the package whose work it does.
 */
@NullMarked
package dev.gatlingllm.cli;

import org.jspecify.annotations.NullMarked;

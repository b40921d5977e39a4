/**
 * Results as pages: the matrix of a benchmark's parameters, and the way of a search. Each is one
 * file without scripts to load, fonts or images from elsewhere, that reads from a disk, in the
 * dark, on paper and by ear. Names and values are data: they enter a page as text, never as markup.
 */
package dev.gatlingllm.bench.page;

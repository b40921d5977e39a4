/**
 * What a user can set without writing code, read once, checked before anything starts, and every
 * mistake told by the setting's name, its value and the remedy.
 */
package dev.gatlingllm.settings;

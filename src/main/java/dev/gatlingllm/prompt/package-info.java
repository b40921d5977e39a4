/**
 * Text of an exact number of tokens. {@link dev.gatlingllm.prompt.Tokenizers} loads a tokenizer,
 * and {@link dev.gatlingllm.prompt.ExactText} writes text for it:
 *
 * <pre>{@code
 * ExactText text = ExactText.of(Tokenizers.resolve("o200k_base"));
 * Passage prompt = text.write(1000, SeededRandom.of(42));
 * }</pre>
 *
 * <p>Text consists of words that are one token each, so that it has the right length without being
 * tokenized. That holds only if a word keeps its token whatever stands next to it, which depends on
 * the tokenizer:
 *
 * <ul>
 *   <li>Most tokenizers split text at spaces before they merge anything, so words do not influence
 *       each other. {@link dev.gatlingllm.prompt.Vocabulary} reads the candidates.
 *   <li>Unigram tokenizers, and some of SentencePiece, have pieces that span two words. Of the
 *       words on both sides of such a piece, the vocabulary keeps one side.
 *   <li>Neither is relied upon: {@link dev.gatlingllm.prompt.WordList} encodes the candidates in
 *       several orders and removes words that change. {@link dev.gatlingllm.prompt.CorpusWords}
 *       does the same for the words of a user's text, which may have several tokens.
 * </ul>
 *
 * <p>Tokenizing takes milliseconds, so it happens before the run, never on event loops. The package
 * knows nothing of conversations.
 */
@NullMarked
package dev.gatlingllm.prompt;

import org.jspecify.annotations.NullMarked;

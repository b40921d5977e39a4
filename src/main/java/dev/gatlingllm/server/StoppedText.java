package dev.gatlingllm.server;

/**
 * A text up to where a stop string begins (or ends, if it is to be seen). Its tokens include those
 * that said the stop string, as a server counts them; what they say of it is left out.
 *
 * @param tokens how many tokens it took
 * @param whole the first token of which something is left out
 * @param rest what is left of that token's text; nothing is of those after it
 * @param stop the stop string
 */
record StoppedText(TokenText of, int tokens, int whole, String rest, String stop)
    implements TokenText {

  @Override
  public String text(int index) {
    return index < whole ? of.text(index) : index == whole ? rest : "";
  }

  @Override
  public byte[] json(int index) {
    return index < whole ? of.json(index) : Json.quoted(text(index));
  }

  @Override
  public int id(int index) {
    return of.id(index);
  }
}

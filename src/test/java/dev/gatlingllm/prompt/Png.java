package dev.gatlingllm.prompt;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.Base64;

/** Reads synthetic images. */
public final class Png {

  private Png() {}

  /** Returns the whole file of an image. */
  public static byte[] of(SyntheticImages.Image image) {
    String base64 =
        "" + US_ASCII.decode(image.start().duplicate()) + US_ASCII.decode(image.rest().duplicate());
    return Base64.getDecoder().decode(base64);
  }
}
